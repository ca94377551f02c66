"""Every route of the program, asked by everybody for what is shut to him.

The table of routes says which there are: those of the core, and each new one of ours.
"""

import inspect
import os
import random
import re
import threading
import time
from collections import Counter
from unittest.mock import patch

import pytest
import requests

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_walk_calls import report_figures
from .walk import SEED, WalkCase

SIZE = int(os.environ.get("LAPOR_WALK_ROUTES", "500"))
#: They end sessions, keep the line open, or hold no data of anybody.
NOT_ASKED = re.compile(
    r"/(websocket|longpolling|bus/|web/database|web/session/(destroy|logout)|web/assets|web/bundle"
    r"|web/tests|web/static|mail/rtc|report/barcode|discuss/gif|web/webclient/(translations|bootstrap)"
    r"|web_editor|html_editor|google|iap|autocomplete|sms|snailmail|web/login_successful)"
)
#: They hand out data of any record: always among those that are asked.
GIVING = re.compile(
    r"/(report/(<|download)|web/(content|image|dataset)|mail/|lapor/|json/|aduan|my)"
)
BINARIES = (
    *(("lapor.inspection.photo", "image"), ("ir.attachment", "raw"), ("lapor.paper", "content")),
    *(("lapor.complaint", "name"), ("lapor.complaint", "description"), ("lapor.response", "body")),
)


@tagged("post_install", "-at_install")
class TestWalkRoutes(WalkCase, HttpCase):
    @pytest.mark.slow
    def test_no_route_tells_what_is_shut(self):
        dice = random.Random(SEED)
        rules = [rule for rule in self._routes() if not NOT_ASKED.match(rule.rule)]
        giving = [rule for rule in rules if GIVING.match(rule.rule)]
        printing = [rule for rule in giving if "<docids>" in rule.rule]
        self.assertTrue(printing)
        self.assertGreater(len(giving), 40)
        people = sorted(self.people)
        share = max(SIZE // len(people), 1)
        fates, wrong, started = Counter(), set(), time.monotonic()
        self.env.flush_all()
        for person in people:
            user = self.people[person]
            self.authenticate(None, None) if user == self.public else self._log_in(user)
            for _turn in range(share):
                turn = dice.random()
                rule = dice.choice(printing if turn < 0.3 else giving if turn < 0.8 else rules)
                fates[self._ask(dice, person, rule, wrong)] += 1
        self.env.invalidate_all()
        wrong.update(self.let_in())
        report_figures(
            "routes",
            {**fates, "routes": len(rules), "seconds": round(time.monotonic() - started)},
            wrong,
        )
        self.assertEqual(sorted(wrong), [])
        self.assertGreater(fates["200"], share)

    def _routes(self):
        """The table of routes, as a request of this database meets it."""
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            return list(self.env["ir.http"].routing_map().iter_rules())

    def _log_in(self, user):
        user.sudo().password = f"Lapor-{user.login}-12345"
        self.env.flush_all()
        self.authenticate(user.login, f"Lapor-{user.login}-12345")

    def _ask(self, dice, person, rule, wrong):
        """Ask one route with values of a case that is shut to this person."""
        self.report = dice.choice(self.reports())
        path = re.sub(
            r"<(?:[^<>:]+:)?(\w+)>", lambda found: self._part(dice, person, found[1]), rule.rule
        )
        routing = rule.endpoint.routing
        methods = routing.get("methods") or ["GET"]
        try:
            with mute_logger("odoo.http", "odoo.sql_db", "werkzeug"):
                if routing["type"] == "jsonrpc":
                    answer = self.url_open(path, json={"params": self._params(dice, person, rule)})
                elif "GET" in methods:
                    answer = self.url_open(path, allow_redirects=False)
                else:
                    answer = self.url_open(path, data={"x": "1"}, allow_redirects=False)
        except requests.RequestException:
            return "no answer"
        for word in self.leaked(person, answer.text):
            wrong.add(f"{person}: {rule.rule} tells {word}")
        return str(answer.status_code)

    def _row(self, dice, person, model):
        shut = self.shut[person]
        rows = [row for row, case in self.rows.get(model, {}).items() if case in shut]
        return dice.choice(rows or [1])

    def _part(self, dice, person, name):
        """A part of a path."""
        model, field = dice.choice(BINARIES)
        values = {
            "converter": lambda: dice.choice(["html", "text", "pdf"]),
            "reportname": lambda: self.report,
            "docids": lambda: str(self._row(dice, person, self._model_of(self.report))),
            "model": lambda: model,
            "field": lambda: field,
            "attachment_id": lambda: str(self._row(dice, person, "ir.attachment")),
            "message_id": lambda: str(self._row(dice, person, "mail.message")),
            "report_id": lambda: "1",
            "method": lambda: "read",
        }
        if name in values:
            return values[name]()
        if name == "id" or name.endswith("_id") or name == "res_id":
            return str(self._row(dice, person, model))
        return "x"

    def _model_of(self, name):
        return self.env["ir.actions.report"].sudo()._get_report_from_name(name).model

    def _params(self, dice, person, rule):
        row = self._row(dice, person, "lapor.complaint")
        values = {
            "model": "lapor.complaint",
            "method": dice.choice(["read", "web_read", "message_get_followers", "copy_data"]),
            "args": [[row]],
            "kwargs": {},
            "thread_model": "lapor.complaint",
            "thread_id": row,
            "res_model": "lapor.complaint",
            "res_id": row,
            "res_ids": [row],
            "ids": [row],
            "id": row,
            "message_id": self._row(dice, person, "mail.message"),
            "attachment_id": self._row(dice, person, "ir.attachment"),
            "follower_id": self._row(dice, person, "mail.followers"),
            "partner_ids": self.someone(dice).partner_id.ids,
            "post_data": {"body": "halo", "partner_ids": self.someone(dice).partner_id.ids},
            "update_data": {"body": "halo"},
            "fetch_params": [
                "init_messaging",
                "systray_get_activities",
                [
                    "mail.thread",
                    {
                        "thread_model": "lapor.complaint",
                        "thread_id": row,
                        "request_list": ["followers", "activities", "attachments", "messages"],
                        "access_params": {},
                    },
                ],
            ],
        }
        parameters = inspect.signature(rule.endpoint).parameters
        return {
            name: values.get(name, self.value(dice, "lapor.complaint", name))
            for name, parameter in parameters.items()
            if name != "self" and parameter.kind is not parameter.VAR_KEYWORD
        } | {name: values[name] for name in ("thread_model", "thread_id") if name in parameters}
