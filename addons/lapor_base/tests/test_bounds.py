import pathlib
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import domain_bounds
from ..tools.text_limits import limit_of
from . import common

ADDONS = pathlib.Path(__file__).parents[2]


def nested(steps, inner=(("id", ">", 0),)):
    """A search that goes so many steps along relations and back."""
    domain = list(inner)
    for step in range(steps):
        name = "step_ids" if (steps - step) % 2 else "complaint_id"
        domain = [(name, "any", domain)]
    return domain


class TestDomainBounds(BaseCase):
    """What a search may ask."""

    def test_depth_counts_whatever_way_it_is_written(self):
        deepest = domain_bounds.DEEPEST
        for domain in (
            nested(deepest),
            [(".".join(["parent_id"] * (deepest + 1)), "=", 1)],
            [("a.b", "any", nested(deepest - 2))],
            ["!", "|", *nested(deepest), ("id", "=", 1)],
        ):
            self.assertFalse(domain_bounds.excess(domain), domain)
        for domain in (
            nested(deepest + 1),
            [(".".join(["parent_id"] * (deepest + 2)), "=", 1)],
            [("a.b", "not any", nested(deepest))],
            [("a", "any!", Domain(nested(deepest)))],
            Domain(nested(deepest + 1)),
            ["!", "|", *nested(deepest + 1), ("id", "=", 1)],
        ):
            self.assertTrue(domain_bounds.excess(domain), domain)

    def test_breadth_counts(self):
        most = domain_bounds.MOST_STEPS
        wide = ["|"] * (most - 1) + nested(1) * most
        self.assertFalse(domain_bounds.excess(wide))
        self.assertTrue(domain_bounds.excess(["|", *wide, *nested(1)]))
        self.assertFalse(domain_bounds.excess([("id", "in", list(range(100_000)))]))
        self.assertTrue(domain_bounds.excess([("id", "=", 1)] * (domain_bounds.MOST_TERMS + 1)))

    def test_reading_unfolds_only_so_far(self):
        reading = {"id": {}}
        for _step in range(domain_bounds.DEEPEST_READING - 1):
            reading = {"step_ids": {"fields": reading}, "name": {}}
        self.assertFalse(domain_bounds.excess_reading(reading))
        self.assertTrue(domain_bounds.excess_reading({"step_ids": {"fields": reading}}))


@tagged("post_install", "-at_install")
class TestBounds(common.LaporCase):
    """What one user may ask of the models, and write into them."""

    def test_search_without_end_is_refused_in_words_by_every_way(self):
        Complaint = self.env["lapor.complaint"].with_user(self.operator)
        deep = nested(12)
        for call in (
            lambda: Complaint.search(deep),
            lambda: Complaint.search_count(deep),
            lambda: Complaint.search_read(deep, ["name"]),
            lambda: Complaint.web_search_read(deep, {"name": {}}),
            lambda: Complaint.formatted_read_group(deep, ["phase"], ["__count"]),
            lambda: Complaint.web_read_group(deep, ["phase"], ["__count"]),
            lambda: Complaint.name_search("a", deep),
            lambda: Complaint.search_fetch(deep, ["name"]),
            lambda: (
                self.env["res.partner"]
                .with_user(self.operator)
                .search_count([(".".join(["parent_id"] * 36) + ".name", "=", "a")])
            ),
        ):
            with self.assertRefused("too many conditions"):
                call()
        self.assertGreaterEqual(Complaint.search_count(nested(2)), 0)
        # The program's own searches are its own affair.
        self.assertGreaterEqual(Complaint.sudo().search_count(nested(6)), 0)
        reading = {"id": {}}
        for _step in range(12):
            reading = {"step_ids": {"fields": {"complaint_id": {"fields": reading}}}}
        with self.assertRefused("lists within lists"):
            Complaint.web_read(reading)

    @mute_logger("odoo.sql_db")
    def test_every_text_of_the_suite_has_a_limit_and_keeps_it(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        count = 0
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not name.startswith("lapor.") or model._abstract:
                continue
            record = model.search([], limit=1) if not model._transient else model
            for field in model._fields.values():
                if field.type not in ("char", "text", "html") or not field.store:
                    continue
                limit = limit_of(name, field.name, field.type)
                if not limit:
                    continue
                count += 1
                with self.subTest(model=name, field=field.name):
                    model._check_lengths({field.name: "x" * limit})
                    with self.assertRaisesRegex(ValidationError, f"{limit}.*{limit + 1}"):
                        model._check_lengths({field.name: "x" * (limit + 1)})
                    # Whatever guards come before.
                    values = {field.name: "x" * (limit + 1)}
                    with self.assertRaises(UserError), self.cr.savepoint():
                        if record:
                            writer = record.with_user(self.operator)
                            # The program cuts what a mail says.
                            cuts = name in ("lapor.complaint", "lapor.complainant")
                            (writer if cuts else writer.sudo()).write(values)
                        else:
                            model.with_user(self.operator).create([values])
        self.assertGreater(count, 150)

    def test_limit_is_told_to_the_screen_and_to_whoever_exceeds_it(self):
        Complaint = self.env["lapor.complaint"].with_user(self.operator)
        self.assertEqual(Complaint.fields_get(["name"], ["size"])["name"]["size"], 250)
        Indonesian = Complaint.with_context(lang="id_ID")
        with self.assertRaisesRegex(ValidationError, "paling panjang 250.*251"):
            Indonesian.create([{"name": "x" * 251, "description": "Rusak"}])

    def test_notes_of_acts_have_a_limit(self):
        complaint = self._make_complaint()
        with self.assertRefused("at most 10000 characters; yours has 10001"):
            complaint.with_user(self.operator).action_advance(
                self._arrow(complaint).id, note="x" * 10_001
            )


@tagged("post_install", "-at_install")
class TestDoors(HttpCase, common.LaporCase):
    """What one request may cost."""

    def _routes(self):
        """(path, endpoint) of all routes that the suite's own controllers have."""
        Http = self.env["ir.http"]
        modules = sorted(self.env.registry._init_modules)
        return [
            (path, endpoint)
            for path, endpoint in Http._generate_routing_rules(modules, Http._get_converters())
            if endpoint.func.__module__.startswith("odoo.addons.lapor_")
        ]

    def test_every_route_of_the_suite_says_how_much_it_reads(self):
        routes = self._routes()
        self.assertTrue(routes)
        for path, endpoint in routes:
            routing = endpoint.routing
            with self.subTest(path):
                self.assertIn("max_content_length", routing)
                if routing.get("methods") == ["GET"]:
                    self.assertEqual(routing["max_content_length"], 0)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_query_that_takes_too_long_is_stopped_in_words(self):
        self.env["ir.config_parameter"].set_param("lapor_base.query_seconds", "1")
        self.operator.password = self.operator.login + "-sandi"
        self.authenticate(self.operator.login, self.operator.login + "-sandi")

        def endless(model, *_args, **_kwargs):
            model.env.cr.execute("SELECT pg_sleep(20)")

        with patch.object(self.env.registry["lapor.category"], "search_count", endless):
            answer = self.make_jsonrpc_request_raw("lapor.category", "search_count", [[]])
        self.assertRegex(answer["error"]["data"]["message"], "takes too long|terlalu lama")

    def make_jsonrpc_request_raw(self, model, method, args):
        """The whole answer, an error too."""
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {"model": model, "method": method, "args": args, "kwargs": {}},
            },
        ).json()

    def test_limit_of_queries_is_of_the_request_and_ends_with_the_client(self):
        found = []

        def look(model, *_args, **_kwargs):
            model.env.cr.execute(
                "SELECT current_setting('statement_timeout'), "
                "current_setting('client_connection_check_interval', true)"
            )
            found.append(model.env.cr.fetchone())
            return 0

        self.operator.password = self.operator.login + "-sandi"
        self.authenticate(self.operator.login, self.operator.login + "-sandi")
        with patch.object(self.env.registry["lapor.category"], "search_count", look):
            self.make_jsonrpc_request_raw("lapor.category", "search_count", [[]])
        self.assertEqual(found, [("30s", "10s")])

    def test_all_our_controllers_are_walked(self):
        with_routes = {
            path.parents[1].name
            for path in ADDONS.glob("*/controllers/*.py")
            if "http.route" in path.read_text()
        }
        walked = {endpoint.func.__module__.split(".")[2] for _path, endpoint in self._routes()}
        installed = {
            name
            for name in with_routes
            if self.env["ir.module.module"].search_count(
                [("name", "=", name), ("state", "=", "installed")]
            )
        }
        self.assertEqual(walked, installed)
