from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import common

TEXT = "<p>Yth. Bapak/Ibu Pelapor,</p><p>Jalan sedang kami ukur.</p>"


@tagged("post_install", "-at_install")
class TestInterim(common.LaporCase):
    """Tanggapan sementara: it tells, it does not answer, and leaves when who signs has agreed."""

    def setUp(self):
        super().setUp()
        self.complaint = self._walk_to(self._make_complaint(), "3")
        self.case = self.complaint.sudo()

    def _interim(self, user=None, body=TEXT, **values):
        self.complaint.with_user(user or self.engineer).action_interim(body, **values)
        return self.case.response_ids.filtered(lambda item: item.kind == "interim").sorted("id")[-1]

    def _codes(self):
        return self.case.event_ids.mapped("code")

    def test_it_leaves_when_whoever_signs_has_agreed(self):
        visit = self.case.current_step_id
        answer = self._interim(delivery_note="Ditelepon")
        self.assertEqual((answer.state, self.case.interim_count), ("submitted", 0))
        self.assertEqual(answer.next_paraf_id.position_id, self.opd_head_position)
        self.assertEqual(answer.next_paraf_id.turn_activity_id.user_id, self.opd_head)
        with self.assertRefused("The initial of", AccessError):
            answer.with_user(self.engineer).action_paraf()
        answer.with_user(self.opd_head).action_paraf()
        # No mail goes to this complainant: whoever wrote it brings it, with the proof.
        self.assertEqual(answer.delivery_ids.mapped("state"), ["waiting"])
        self.assertEqual(answer.delivery_ids._turn_user(), self.engineer)
        self.assertEqual(self.case.interim_count, 0)
        answer.with_user(self.engineer).action_deliver_otherwise(
            self.case.channel_id.id, "Ditelepon pukul 9"
        )
        self.assertEqual((answer.state, self.case.interim_count), ("delivered", 1))
        told = self.case.event_ids.filtered(lambda event: event.code == "response_delivered")
        self.assertEqual((told.data["kind"], told.data["count"]), ("interim", 1))
        self.assertEqual(self.case.current_step_id, visit)

    def test_by_mail_it_leaves_with_the_agreement(self):
        self.case.complainant_id.email = "budi@warga.example"
        self.case.write({"channel_id": self.env.ref("lapor_base.channel_email").id})
        answer = self._interim()
        self.assertFalse(answer.mail_id)
        answer.with_user(self.opd_head).action_paraf()
        self.assertIn("Jalan sedang kami ukur", answer.mail_id.body_html)
        self.assertEqual(self.case.interim_count, 1)
        self._interim(body=TEXT + "<p>Lagi.</p>").with_user(self.opd_head).action_paraf()
        self.assertEqual(self.case.interim_count, 2)

    def test_without_a_signature_in_the_sop_it_leaves_at_once(self):
        unsigned = patch.object(type(self.case), "_needs_signature", lambda case: False)
        nobody = patch.object(
            type(self.case),
            "_find_interim_approver",
            lambda case, *_args: self.env["lapor.position"],
        )
        with unsigned, nobody, self.assertRefused("how the complainant received"):
            answer = self._interim()
            answer._deliver(answer.visit_id, False)

    def test_the_signer_does_not_agree_with_himself(self):
        self.opd_head_position.parent_id = self.head_position
        self.engineer_position.user_id = False
        answer = self._interim(self.opd_head)
        self.assertEqual(answer.next_paraf_id.position_id.holder_id, self.head)

    def test_returned_it_goes_to_its_author_and_the_case_stays(self):
        visit = self.case.current_step_id
        answer = self._interim()
        answer.with_user(self.opd_head).action_refuse_paraf("Sebutkan tanggalnya")
        self.assertEqual((answer.state, answer.return_note), ("draft", "Sebutkan tanggalnya"))
        self.assertEqual(self.case.current_step_id, visit)
        self.assertEqual(self.case._tasks(["interim_returned"]).user_id, self.engineer)
        again = self._interim(body=TEXT + "<p>Pada 5 Januari.</p>")
        self.assertEqual((again, again.version), (answer, 2))
        self.assertFalse(self.case._tasks(["interim_returned"]))
        again.with_user(self.opd_head).action_paraf()
        self.assertTrue(again._is_approved())

    def test_it_is_no_final_answer(self):
        answer = self._interim()
        answer.with_user(self.opd_head).action_paraf()
        self.assertFalse(self.case._final_response("draft"))
        with self.assertRefused("cannot be done yet"):
            self._advance(self.complaint, self.engineer)
        self._walk_to(self.complaint, None)
        kinds = self.case.response_ids.filtered("number").mapped("kind")
        self.assertEqual((self.case.outcome, kinds), ("handled", ["final"]))

    def test_what_waits_is_not_sent_by_another_way(self):
        answer = self._interim()
        with self.assertRefused("whoever signs answers has agreed"):
            answer._deliver(answer.visit_id, "Ditelepon")

    def test_who_may_and_when(self):
        for user in (self.operator, self.outsider, self.opd_head):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.complaint.with_user(user).action_interim(TEXT)
        with self.assertRefused("no text"):
            self._interim(body="<p><br></p>")
        with self.assertRefused("Fill in"):
            self._interim(body="<p>{{isi: tanggal}}</p>")
        self.complaint.with_user(self.engineer).action_hold(
            self._items(), delivery_note="Ditelepon"
        )
        with self.assertRefused("waits for its complainant"):
            self._interim()

    def test_offered_and_asked_for_in_a_dialog(self):
        acts = self.complaint.with_user(self.engineer)._get_more_acts(
            self.case.current_step_id, True
        )
        self.assertIn("interim", [act["id"] for act in acts])
        action = self.complaint.with_user(self.engineer).action_open_interim()
        Ask = (
            self.env["lapor.interim.ask"].with_user(self.engineer).with_context(**action["context"])
        )
        dialog = Ask.create({})
        self.assertEqual(dialog.approver, self.opd_head_position.display_name)
        self.assertIn(self.case.number, dialog.body)
        with self.assertRefused("Fill in or choose"):
            dialog.action_confirm()
        dialog.body = TEXT
        dialog.action_confirm()
        self.assertIn("interim", self.case.response_ids.mapped("kind"))
        with self.assertRaises(AccessError):
            self.env["lapor.interim.ask"].with_user(self.outsider).create(
                {"complaint_id": self.complaint.id}
            ).action_confirm()

    def test_those_that_left_before_cases_counted_them_are_counted_by_the_migration(self):
        self.case.complainant_id.email = "budi@warga.example"
        self.case.write({"channel_id": self.env.ref("lapor_base.channel_email").id})
        self._interim().with_user(self.opd_head).action_paraf()
        other = self._make_complaint().sudo()
        self.env.flush_all()
        self.env.cr.execute("UPDATE lapor_complaint SET interim_count = NULL")
        path = get_module_path("lapor_base") + "/migrations/19.0.1.2.0/post-interims.py"
        load_script(path, "post_interims").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual((self.case.interim_count, other.interim_count), (1, 0))


@tagged("post_install", "-at_install")
class TestSealedTexts(common.LaporCase):
    """What was signed with the complainant's name in it, when the case becomes anonymous."""

    def test_the_name_is_gone_and_the_signature_holds(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        case = complaint.sudo()
        body = "<p>Yth. Budi Santoso,</p><p>Sudah kami tambal.</p>"
        self._advance(
            complaint, self.engineer, response={"subject": "Untuk Budi Santoso", "body": body}
        )
        self._advance(complaint, self.opd_head, sign=True)
        response = case._final_response("signed")
        fingerprint = response.text_hash
        complaint.with_user(self.operator).write({"is_anonymous": True})
        self.env.invalidate_all()
        texts = [(response, "subject"), (response, "body"), (response, "copy_text")]
        texts += [(response.version_ids, name) for name in ("subject", "body")]
        texts += [(response.agenda_id, "subject")]
        for user in (self.operator, self.engineer, self.opd_head, self.head):
            for record, name in texts:
                with self.subTest(user=user.login, field=f"{record._name}.{name}"):
                    [values] = record.with_user(user).read([name])
                    self.assertNotIn("Budi", str(values[name]))
                    self.assertNotIn("Santoso", str(values[name]))
            for record in (response, response.version_ids):
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    record.with_user(user).read(["sealed_body"])
        self.assertFalse(response.search([("body", "ilike", "Santoso"), ("id", "=", response.id)]))
        # Evidence: what was signed is proved, and is what its complainant receives.
        self.assertEqual(response._text_hash(response.number), fingerprint)
        self.assertIn("Budi Santoso", response._sealed_text()[1])
        self._walk_to(complaint, None)
        self.assertEqual(response.state, "delivered")

    def test_a_draft_is_masked_and_written_anew(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        case = complaint.sudo()
        self._advance(
            complaint,
            self.engineer,
            response={"body": "<p>Yth. Budi Santoso</p><p>Jalan sudah ditambal.</p>"},
        )
        complaint.with_user(self.operator).write({"is_anonymous": True})
        response = case._final_response("submitted")
        self.assertNotIn("Santoso", response.body)
        self._advance(complaint, self.opd_head, "return", note="Tanpa nama")
        self._advance(complaint, self.engineer, response={"body": "<p>Sudah kami tambal.</p>"})
        self.assertEqual(response._sealed_text()[1], "<p>Sudah kami tambal.</p>")
