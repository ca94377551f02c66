from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import limited_field_access_token

from .governments import GovernmentsCase
from .mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestSharedWays(MailIntakeCase):
    """What the core lets employees put before others, and the ways past a form to its files."""

    def test_shortcut_is_its_maker_s_own(self):
        action = self.env.ref("lapor_base.lapor_complaint_action")
        shortcuts = self.env["ir.embedded.actions"]
        vals = {"parent_action_id": action.id, "parent_res_model": "lapor.complaint"}
        for more in (
            {"name": "Klik saya", "user_id": False, "python_method": "action_archive_case"},
            {"name": "Klik saya", "user_id": False, "action_id": action.id},
            {"name": "Klik saya", "user_id": self.head.id, "action_id": action.id},
            {"name": "Saya", "user_id": self.outsider.id, "python_method": "action_archive_case"},
        ):
            with self.subTest(more), self.assertRaises(AccessError):
                shortcuts.with_user(self.outsider).create({**vals, **more})
        own = shortcuts.with_user(self.outsider).create(
            {**vals, "name": "Saya", "user_id": self.outsider.id, "action_id": action.id}
        )
        for act in (lambda one: one.write({"name": "Lain"}), lambda one: one.unlink()):
            with self.assertRaises(AccessError):
                act(own.with_user(self.operator))
        own.unlink()

    def test_saved_search_of_anything_is_for_people_only(self):
        for model in ("mail.activity", "mail.message", "res.users", "lapor.complaint"):
            vals = {"name": "Kosong", "model_id": model, "domain": "[('id', '=', 0)]"}
            filters = self.env["ir.filters"].with_user(self.outsider)
            with self.subTest(model), self.assertRaises(AccessError):
                filters.create({**vals, "user_ids": False, "is_default": True})
            self.assertTrue(filters.create({**vals, "user_ids": self.outsider.ids}))

    def test_file_of_a_case_stays_as_it_was_attached(self):
        case, other = self._make_complaint(), self._make_complaint()
        files = self.env["ir.attachment"].with_user(self.operator)
        vals = {"res_model": case._name, "res_id": case.id}
        file = files.create({**vals, "name": "denah.txt", "raw": b"denah"})
        note = case.with_user(self.operator).message_post(
            body="Catatan", attachments=[("catatan.txt", b"catatan")]
        )
        for one in (file, note.attachment_ids):
            for user in (self.operator, self.head, self.administrator):
                own = one.with_user(user)
                for change in (
                    {"raw": b"lain"},
                    {"name": "lain.txt"},
                    {"res_id": other.id},
                    {"res_model": "res.partner"},
                ):
                    with (
                        self.subTest(one.name, change=change, user=user.login),
                        self.assertRaises(UserError),
                    ):
                        own.write(change)
                if user != self.operator:
                    with self.assertRaises(UserError):
                        own.unlink()
        file.with_user(self.operator).unlink()
        self.env["lapor.event"]._seal_rest()
        told = case.sudo().event_ids.filtered(lambda event: "files" in (event.data or {}))[-1:]
        self.assertEqual(told.data["files"], {str(file.id): ""})

    def test_bytes_of_a_held_mail_are_changed_by_nobody(self):
        self._process(self._mail(Precedence="bulk"))
        held = self._held()
        raw = self.env["ir.attachment"].search(
            [("res_model", "=", held._name), ("res_id", "=", held.id), ("res_field", "=", "raw")]
        )
        self.assertTrue(raw)
        for user in (self.operator, self.administrator):
            own = raw.with_user(user)
            for act in (
                lambda one: one.write({"raw": b"Saya mencabut aduan saya."}),
                lambda one: one.write({"res_id": 0}),
                lambda one: one.unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act(own)


@tagged("post_install", "-at_install")
class TestLinksToFiles(HttpCase, GovernmentsCase):
    def test_link_of_before_opens_no_file_of_a_case(self):
        case = self._make_complaint()
        file = self.env["ir.attachment"].create(
            {"name": "bukti.txt", "raw": b"bukti", "res_model": case._name, "res_id": case.id}
        )
        other = self.env["ir.attachment"].create({"name": "umum.txt", "raw": b"umum"})
        for one, opens in ((file, False), (other, True)):
            token = limited_field_access_token(one, "raw", scope="binary")
            for url in (f"/web/content/{one.id}", f"/web/content?id={one.id}"):
                sign = "&" if "?" in url else "?"
                answer = self.url_open(f"{url}{sign}access_token={token}")
                with self.subTest(url=url, of=one.name):
                    self.assertEqual(answer.content == one.raw, opens)
