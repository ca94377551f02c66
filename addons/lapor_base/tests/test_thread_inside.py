import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from . import common

CITIZEN = "warga@luar.example"


@tagged("post_install", "-at_install")
class TestThreadInside(common.LaporCase):
    """No reply leaves before the SOP's approval, whichever way somebody tries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen = cls.env["res.partner"].create({"name": "Warga", "email": CITIZEN})

    def setUp(self):
        super().setUp()
        self.complaint = self._make_complaint()
        self.complaint.complainant_id.email = CITIZEN
        self._walk_to(self.complaint, "4")

    def _call(self, model, name, *args, user=None, **kwargs):
        return call_kw(self.env[model].with_user(user or self.operator), name, list(args), kwargs)

    def _assert_nothing_left(self):
        mails = self.env["mail.mail"].search([])
        for mail in mails:
            self.assertNotIn(CITIZEN, mail.email_to or "")
            self.assertNotIn(self.citizen, mail.recipient_ids)
        self.assertFalse(
            self.env["mail.notification"].search([("res_partner_id", "=", self.citizen.id)])
        )

    def _attempts(self):
        case, partner = self.complaint.ids, self.citizen.ids
        model = "lapor.complaint"
        composer = {
            "model": model,
            "res_ids": json.dumps(case),
            "partner_ids": [(6, 0, partner)],
            "body": "<p>Jawaban</p>",
            "subject": "Jawaban",
        }
        template = self.env.ref("lapor_base.mail_template_acknowledgement")
        return {
            "post": lambda: self._call(
                model, "message_post", case, body="Jawaban", partner_ids=partner
            ),
            "post to an address": lambda: self._call(
                model, "message_post", case, body="Jawaban", outgoing_email_to=CITIZEN
            ),
            "as a response": lambda: self._call(
                model, "message_post", case, body="x", subtype_xmlid="lapor_base.mt_response"
            ),
            "as a response by id": lambda: self._call(
                model,
                "message_post",
                case,
                body="x",
                subtype_id=self.env.ref("lapor_base.mt_response").id,
            ),
            "notify": lambda: self._call(
                model, "message_notify", case, body="Jawaban", partner_ids=partner
            ),
            "subscribe": lambda: self._call(model, "message_subscribe", case, partner_ids=partner),
            "composer": lambda: self._compose({**composer, "composition_mode": "comment"}),
            "mass mail": lambda: self._compose({**composer, "composition_mode": "mass_mail"}),
            "template": lambda: template.with_user(self.operator).send_mail(
                case[0], email_values={"email_to": CITIZEN, "body_html": "Jawaban"}
            ),
            "scheduled": lambda: (
                self.env["mail.scheduled.message"]
                .with_user(self.operator)
                .create(
                    {
                        "model": model,
                        "res_id": case[0],
                        "author_id": self.operator.partner_id.id,
                        "body": "Jawaban",
                        "partner_ids": [(6, 0, partner)],
                        "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
                    }
                )
            ),
            "state": lambda: self._call(
                "lapor.response", "write", self.complaint.response_ids.ids, {"state": "signed"}
            ),
            "through the case": lambda: self._call(
                model,
                "write",
                case,
                {"response_ids": [(1, self.complaint.response_ids.id, {"state": "signed"})]},
            ),
            "delivery": lambda: self._call(
                "lapor.response",
                "action_deliver_otherwise",
                self.complaint.response_ids.ids,
                self.env.ref("lapor_base.channel_counter").id,
                "Diserahkan",
            ),
            "again": lambda: self._call(
                "lapor.response", "action_send_again", self.complaint.response_ids.ids
            ),
        }

    def _compose(self, values):
        composer = self.env["mail.compose.message"].with_user(self.operator).create(values)
        composer._action_send_mail()

    def test_every_way_is_refused(self):
        for name, attempt in self._attempts().items():
            with self.subTest(name), self.assertRaises(UserError):
                attempt()
            self._assert_nothing_left()
        self.assertEqual(self.complaint.response_ids.state, "submitted")

    def test_private_methods_are_not_reachable(self):
        for name in ("_deliver", "_notice", "_send_mail", "_sign", "_attempt_by_mail", "_tell"):
            with self.assertRaises(Exception) as caught:
                self._call("lapor.response", name, self.complaint.response_ids.ids)
            self.assertEqual(type(caught.exception).__name__, "AccessError")

    def test_follower_from_outside_gets_nothing(self):
        """However somebody became a follower: by the system, by an import."""
        self.env["mail.followers"].create(
            {
                "res_model": "lapor.complaint",
                "res_id": self.complaint.id,
                "partner_id": self.citizen.id,
                "subtype_ids": [(6, 0, self.env.ref("mail.mt_comment").ids)],
            }
        )
        self.complaint.with_user(self.operator).message_post(
            body="Rapat besok", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.complaint.sudo().message_post(
            body="Rapat besok", subtype_xmlid="mail.mt_comment", partner_ids=self.citizen.ids
        )
        self._assert_nothing_left()

    def test_colleagues_may_be_written_to(self):
        message = self.complaint.with_user(self.operator).message_post(
            body="Mohon dicek", partner_ids=self.opd_head.partner_id.ids, message_type="comment"
        )
        self.assertEqual(message.notified_partner_ids, self.opd_head.partner_id)

    def test_what_was_sent_stands_in_the_thread_as_it_was(self):
        self._walk_to(self.complaint, None)
        post = self.complaint.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("lapor_base.mt_response")
        )
        with self.assertRefused("as it was"):
            self.complaint.with_user(self.operator)._message_update_content(post, body="Lain")

    def test_notes_are_not_folded_away(self):
        """The web client hides what stands in a blockquote behind three dots."""
        bodies = self.complaint.message_ids.mapped("body")
        self.assertTrue(any("Tinjau" in body for body in bodies))
        self.assertNotIn("o-mail-quote", "".join(bodies))

    def test_own_jobs_write_in_the_language_of_the_staff(self):
        self.env["res.lang"]._activate_lang("id_ID")
        languages = []
        with (
            patch.object(
                type(self.env["ir.actions.server"]),
                "run",
                lambda actions: languages.append(actions.env.lang),
            ),
            patch.object(self.env.cr, "commit"),
        ):
            for name in ("lapor_base.ir_cron_watch_holds", "mail.ir_cron_mail_scheduler_action"):
                cron = self.env.ref(name).with_context(lang=None)
                cron._callback(cron.cron_name, cron.ir_actions_server_id.id)
        self.assertEqual(languages, ["id_ID", None])
