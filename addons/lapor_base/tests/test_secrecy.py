from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import samples
from .papers import PapersCase

NAME = "Siti Rahasia"
SECRETS = {
    "name": NAME,
    "email": "siti@warga.example",
    "phone": "081298765432",
    "nik": "6311014101900001",
    "address": "Jalan Melati 5",
}


@tagged("post_install", "-at_install")
class TestAnonymous(PapersCase):
    """Who an anonymous complainant is stays hidden from everybody who works on the case; opening
    it is another matter (``test_reveal.py``)."""

    def setUp(self):
        super().setUp()
        self.complaint = self._case(is_anonymous=True)
        self.complaint.complainant_id.write(SECRETS)
        self.open = self._make_complaint()
        self.open.complainant_id.name = "Budi Terbuka"
        self.env.invalidate_all()
        self.handlers = (
            self.operator,
            self.head,
            self.opd_admin,
            self.opd_head,
            self.engineer,
            self.overseer,
            self.administrator,
        )

    def _own(self, user):
        self.env.invalidate_all()
        return self.complaint.with_user(user)

    def _assert_hidden(self, shown):
        for secret in SECRETS.values():
            self.assertNotIn(secret, str(shown))

    def test_handler_of_an_open_case_knows_the_complainant(self):
        self.complaint.is_anonymous = False
        own = self._own(self.engineer)
        self.assertEqual(own.complainant_id.name, NAME)
        self.assertEqual(own.complainant_name, NAME)

    def test_no_field_of_the_case_tells_the_complainant(self):
        for user in self.handlers:
            own = self._own(user)
            names = [
                name for name, field in own._fields.items() if own._has_field_access(field, "read")
            ]
            with self.subTest(user.login):
                self._assert_hidden(own.read(names))
                self.assertEqual(own.complainant_name, "Anonymous")
                self.assertEqual(own.complainant_id.display_name, "Anonymous")

    def test_screens_do_not_tell_the_complainant(self):
        specification = {
            "complainant_id": {"fields": {"display_name": {}}},
            "complainant_name": {},
            "display_name": {},
            "step_ids": {"fields": {"display_name": {}, "note": {}}},
        }
        for user in self.handlers:
            own = self._own(user)
            with self.subTest(user.login):
                self._assert_hidden(own.web_read(specification))
                self._assert_hidden(
                    own.web_search_read([("id", "=", own.id)], specification)["records"]
                )
                for name in ("name", "email", "phone"):
                    deeper = {"complainant_id": {"fields": {name: {}}}}
                    try:
                        self._assert_hidden(own.web_read(deeper))
                    except AccessError:
                        continue

    def test_the_record_of_the_complainant_cannot_be_reached(self):
        for user in self.handlers:
            complainant = self.complaint.complainant_id.with_user(user)
            with self.subTest(user.login):
                for name in SECRETS:
                    with self.assertRaises(AccessError):
                        complainant.read([name])
                with self.assertRaises(AccessError):
                    complainant.write({"name": "Lain"})
                self.assertFalse(complainant.search([("name", "=", NAME)]))
                self.assertFalse(complainant.search([("email", "ilike", "siti")]))
                self.assertFalse(complainant.name_search("Siti"))
                self.assertFalse(complainant.search_count([("phone", "=", SECRETS["phone"])]))
                self._assert_hidden(complainant.display_name)

    def test_searching_does_not_tell_by_finding(self):
        """Whether a search hits the case must not depend on who complained."""
        for user in self.handlers:
            own = self._own(user)
            for domain in (
                [("complainant_id", "ilike", "Siti")],
                [("complainant_id", "=", NAME)],
                [("complainant_id.name", "=", NAME)],
                [("complainant_id.email", "ilike", "siti")],
                [("complainant_id.email_normalized", "=", SECRETS["email"])],
                [("complainant_id", "any", [("phone", "=", SECRETS["phone"])])],
                [("complainant_id.nik", "like", "6311%")],
            ):
                with self.subTest(domain=domain, user=user.login):
                    self.assertFalse(own.search([("id", "=", own.id), *domain]))
                    self.assertFalse(own.search_count([("id", "=", own.id), *domain]))
            with self.assertRaises(ValueError):
                own.search([("complainant_name", "ilike", "Siti")])
            self.assertFalse(own.name_search("Siti"))

    def test_grouping_does_not_tell_by_its_headings(self):
        for user in self.handlers:
            own = self._own(user)
            domain = [("id", "in", (self.complaint | self.open).ids)]
            with self.subTest(user.login):
                self._assert_hidden(
                    own.formatted_read_group(domain, ["complainant_id"], ["__count"])
                )
                self._assert_hidden(own.web_read_group(domain, ["complainant_id"], ["__count"]))
                for path in ("complainant_id.name", "complainant_id.email_normalized"):
                    try:
                        groups = own.formatted_read_group(domain, [path], ["__count"])
                    except (AccessError, ValueError, UserError):
                        continue
                    self._assert_hidden(groups)

    def test_sorting_does_not_tell_by_its_order(self):
        first, second = self._make_complaint(is_anonymous=True).sudo(), self.complaint
        for names in (("A", "Z"), ("Z", "A")):
            first.complainant_id.name, second.complainant_id.name = names
            own = self._own(self.administrator)
            found = own.search([("id", "in", (first | second).ids)], order="complainant_id")
            self.assertEqual(found.ids, sorted((first | second).ids, reverse=True))

    def test_exporting_does_not_tell(self):
        for user in self.handlers:
            user.group_ids += self.env.ref("base.group_allow_export")
            own = self._own(user)
            with self.subTest(user.login):
                self._assert_hidden(own.export_data(["number", "complainant_name"]))
                for name in ("complainant_id", "complainant_id/name", "complainant_id/email"):
                    try:
                        self._assert_hidden(own.export_data([name]))
                    except AccessError:
                        continue

    def test_papers_and_thread_do_not_tell(self):
        for user in self.handlers:
            own = self._own(user)
            for model, paper in self._papers(own).items():
                if model == "lapor.complaint" or not paper.has_access("read"):
                    continue
                with self.subTest(model=model, user=user.login):
                    self._assert_hidden(paper.read())
            messages = self.env["mail.message"].with_user(user)
            found = messages.search([("model", "=", "lapor.complaint"), ("res_id", "=", own.id)])
            self.assertTrue(found)
            self._assert_hidden(found.read(["subject", "body", "email_from", "author_id"]))
            self._assert_hidden(own.activity_ids.read(["summary", "note", "res_name"]))

    def test_mail_with_the_address_is_read_by_nobody(self):
        self.complaint.channel_id = self.env.ref("lapor_base.channel_email")
        with self.mock_mail_gateway():
            self._advance(self.complaint, self.operator, "close", delivery={})
        mail = self.complaint.response_ids.mail_id
        self.assertIn(SECRETS["email"], mail.email_to)
        for user in (*self.handlers, self.employee):
            with self.subTest(user.login):
                self.assertFalse(mail.with_user(user).has_access("read"))
                response = mail.env["lapor.response"].with_user(user)
                if response.has_access("read"):
                    self._assert_hidden(
                        response.search([("mail_id", "=", mail.id)]).read(
                            ["mail_state", "mail_failure", "display_name"]
                        )
                    )

    def test_dialog_does_not_tell(self):
        arrow = self._arrow(self.complaint, "close").id
        wizard = (
            self.env["lapor.advance"]
            .with_user(self.engineer)
            .create({"complaint_ids": self.complaint.ids, "transition_id": arrow})
        )
        self._assert_hidden(wizard.read())

    def test_hiding_later_hides_at_once(self):
        self.open.category_id = self.category
        self._walk_to(self.open, "3")
        own = self.open.with_user(self.engineer)
        self.env.invalidate_all()
        self.assertEqual(own.complainant_id.name, "Budi Terbuka")
        self.open.is_anonymous = True
        self.env.invalidate_all()
        self.assertFalse(own.complainant_id.has_access("read"))
        self.assertEqual(own.complainant_name, "Anonymous")

    # Keys and codes

    def test_tracking_code_is_for_those_who_take_complaints_in(self):
        for user in (self.opd_admin, self.opd_head, self.engineer, self.overseer, self.head):
            own = self._own(user)
            code = self.complaint.tracking_code
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    own.read(["tracking_code"])
                with self.assertRaises(AccessError):
                    own.search([("tracking_code", "=", code)])
                with self.assertRaises(AccessError):
                    own.formatted_read_group([], ["tracking_code"], ["__count"])
                with self.assertRaises(AccessError):
                    own.search([], order="tracking_code")
                self.assertNotIn(code, str(own.read()))


@tagged("post_install", "-at_install")
class TestStrangers(PapersCase):
    """Who has nothing to do with a case learns nothing of it, by no way around."""

    SECRET = "Kepala desa menjual pupuk bersubsidi"

    def setUp(self):
        super().setUp()
        self.complaint = self._case(
            name=self.SECRET, description=self.SECRET, place=f"{self.SECRET}, Blok A"
        )

    def _assert_nothing(self, shown):
        for word in (self.SECRET, "Sudah kami tambal", "Operator Uji"):
            self.assertNotIn(word, str(shown))

    def test_dialogs_show_nothing_of_a_foreign_case(self):
        """Whoever opens a dialog by RPC may give it any complaint."""
        arrow = self._arrow(self.complaint, "close").id
        known = {
            "lapor.complaint": self.complaint,
            "lapor.sop.transition": self.env["lapor.sop.transition"].browse(arrow),
        }
        for model in self._models():
            if not self.env[model]._transient:
                continue
            values = samples.needed_values(self.env[model], known)
            for user in (self.outsider, self.inspector):
                Dialog = self.env[model].with_user(user)
                self.env.invalidate_all()
                with self.subTest(model=model, user=user.login):
                    self._try(lambda D=Dialog, v=values: D.create([v]).read())
                with self.subTest(model=model, user=user.login, way="onchange"):
                    specification = {name: {} for name in Dialog._fields}
                    self._try(
                        lambda D=Dialog, v=values, s=specification: D.onchange(
                            {**v, "note": "x"}, ["note"], s
                        )
                    )
                with self.subTest(model=model, user=user.login, way="defaults"):
                    context = {f"default_{name}": value for name, value in values.items()}
                    context["default_complaint_ids"] = self.complaint.ids
                    own = Dialog.with_context(**context)
                    self._try(lambda D=own: D.default_get(list(D._fields)))
                    self._try(lambda D=own, s=specification: D.onchange({}, [], s))

    def _try(self, way):
        try:
            with self.env.cr.savepoint():
                shown = way()
        except (AccessError, UserError):
            return
        self._assert_nothing(shown)

    def test_errors_tell_nothing_of_a_foreign_case(self):
        arrow = self._arrow(self.complaint, "close").id
        for name, args in (
            ("action_advance", [arrow]),
            ("action_start_transition", [arrow]),
            ("action_move_to_phase", ["intake"]),
            ("action_hold", [[1]]),
            ("action_open_hold", []),
            ("action_resume", []),
            ("action_enter_sop", []),
        ):
            self.env.invalidate_all()
            own = self.complaint.with_user(self.outsider)
            with self.subTest(name):
                with self.assertRaises(AccessError) as caught:
                    getattr(own, name)(*args)
                message = str(caught.exception)
                self._assert_nothing(message)
                self.assertNotIn("Kirim", message)

    def test_who_opens_a_foreign_case_is_told_so(self):
        """Everybody may switch debug mode on; and no client is sent to the office it is in."""
        for debug in (False, True):
            self.env.invalidate_all()
            own = self.complaint.with_user(self.outsider)
            with (
                self.subTest(debug=debug),
                patch.object(type(own.env.user), "has_group", lambda user, name, d=debug: d),
                self.assertRaises(AccessError) as caught,
            ):
                own.web_read({"name": {}})
            self._assert_nothing(caught.exception)
            self.assertRegex(str(caught.exception), "not open to you|tidak terbuka bagi Anda")
            self.assertFalse(getattr(caught.exception, "context", None))

    def test_thread_files_and_activities_of_a_foreign_case_are_hidden(self):
        post = self.complaint.with_user(self.operator).message_post(
            body=self.SECRET,
            attachments=[(f"{self.SECRET}.txt", b"isi")],
            subtype_xmlid="mail.mt_comment",
        )
        for user in (self.outsider, self.inspector, self.employee):
            with self.subTest(user.login):
                own = self.env["mail.message"].with_user(user)
                domain = [("model", "=", "lapor.complaint"), ("res_id", "=", self.complaint.id)]
                self.assertFalse(own.search(domain))
                with self.assertRaises(AccessError):
                    post.with_user(user).read(["body"])
                files = post.attachment_ids.with_user(user)
                self.assertFalse(files.search([("id", "in", files.ids)]))
                self.assertFalse(files.has_access("read"))
                activities = self.env["mail.activity"].with_user(user)
                self.assertFalse(activities.search([("res_id", "=", self.complaint.id)]))

    def test_tracking_code_and_number_cannot_be_guessed_by_counting(self):
        own = self.env["lapor.complaint"].with_user(self.outsider)
        for domain in (
            [("number", "=", self.complaint.number)],
            [("name", "ilike", "pupuk")],
            [("step_ids.note", "!=", False)],
            [("response_ids.body", "ilike", "tambal")],
            [("message_ids.body", "ilike", "tambal")],
            [("activity_ids.summary", "!=", False)],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(own.search_count(domain))
        for model, domain in (
            ("lapor.unit", [("position_ids.holder_id", "!=", False)]),
            ("lapor.complainant", [("complaint_ids.name", "ilike", "pupuk")]),
            ("lapor.category", [("name", "=", "Jalan Uji")]),
        ):
            self.env[model].with_user(self.outsider).search_count(domain)
        self.assertFalse(
            self.env["lapor.complainant"]
            .with_user(self.outsider)
            .search_count([("complaint_ids.name", "ilike", "pupuk")])
        )
