from datetime import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from . import common

RESPONSE = {"body": "<p>Sudah kami tambal.</p>"}


class DispositionCase(common.LaporCase):
    """A case that the head gives to the engineer, with the health office for a required part."""

    def _dispose(self, complaint=None, lead=None, **values):
        complaint = complaint or self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": (lead or self.engineer_position).id,
                "note": "Tinjau",
                "parts": [{"position_id": self.outsider_position.id}],
                **values,
            },
        )
        return complaint

    def _line(self, complaint, position):
        return (
            complaint.sudo()
            .disposition_line_ids.filtered(lambda line: line.position_id == position)
            .sorted("id")[-1:]
        )

    def _own(self, complaint, position):
        """The line as its holder has it."""
        return self._line(complaint, position).with_user(position.holder_id).sudo(False)

    def _activities(self, line):
        return line.sudo().activity_ids.filtered("active")

    def _codes(self, complaint):
        self.env.invalidate_all()
        return complaint.sudo().event_ids.mapped("code")


@tagged("post_install", "-at_install")
class TestDispositionParts(DispositionCase):
    """What was handed to each addressee, and what became of it."""

    # Times

    def test_line_is_received_when_issued_and_read_when_its_holder_opens_the_case(self):
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        self.assertTrue(line.received_at)
        self.assertFalse(line.read_at)
        form = {"description": {}, "number": {}}
        for user in (self.operator, self.head, self.engineer):
            complaint.with_user(user).web_read(form)
        self.assertFalse(line.read_at)
        # A list shows the number only: nobody has read the complaint yet.
        complaint.with_user(self.outsider).web_read({"number": {}})
        self.assertFalse(line.read_at)
        complaint.with_user(self.outsider).web_read(form)
        first = line.read_at
        self.assertTrue(first)
        line.read_at = "2020-01-01 00:00:00"
        complaint.with_user(self.outsider).web_read(form)
        self.assertEqual(line.read_at, datetime(2020, 1, 1))

    def test_opening_one_s_line_is_reading_it(self):
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        line.with_user(self.head).web_read({"complaint_text": {}})
        self.assertFalse(line.read_at)
        line.with_user(self.outsider).web_read({"complaint_text": {}})
        self.assertTrue(line.read_at)

    def test_vacant_position_receives_when_it_has_a_holder(self):
        self.outsider_position.user_id = False
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        self.assertFalse(line.received_at)
        self.assertFalse(self._activities(line).user_id)
        self.outsider_position.user_id = self.outsider
        self.assertTrue(line.received_at)
        self.assertEqual(self._activities(line).user_id, self.outsider)

    def test_due_is_of_the_addressee_else_of_the_disposition_in_the_unit_s_zone(self):
        self.other_opd.tz = "Asia/Jayapura"
        complaint = self._dispose(
            date_due="2031-03-10",
            parts=[
                {"position_id": self.outsider_position.id},
                {"position_id": self.opd_head_position.id, "date_due": "2031-03-05 02:30:00"},
            ],
        )
        self.assertEqual(
            self._line(complaint, self.engineer_position).date_due,
            datetime(2031, 3, 10, 16, 59, 59),
        )
        line = self._line(complaint, self.outsider_position)
        self.assertEqual(line.date_due, datetime(2031, 3, 10, 14, 59, 59))
        self.assertEqual(self._activities(line).date_deadline, fields.Date.to_date("2031-03-10"))
        self.assertEqual(
            self._line(complaint, self.opd_head_position).date_due, datetime(2031, 3, 5, 2, 30)
        )

    def test_due_that_is_no_date_is_refused(self):
        complaint = self._make_complaint()
        with self.assertRefused("not a date"):
            self._dispose(complaint, date_due="besok")

    # Parts

    def test_required_part_has_one_activity_and_sees_the_case(self):
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        self.assertTrue(line.required)
        self.assertEqual(self._activities(line).user_id, self.outsider)
        self.assertTrue(complaint.with_user(self.outsider).has_access("read"))
        self.assertFalse(self._activities(self._line(complaint, self.engineer_position)))

    def test_step_in_charge_waits_for_required_parts(self):
        complaint = self._dispose()
        with self.assertRefused("Admin Dinkes"):
            self._advance(complaint, self.engineer, response=RESPONSE)
        self.assertFalse(complaint.sudo().response_ids.filtered(lambda r: r.kind == "final"))
        self._own(complaint, self.outsider_position).action_report("Sudah disemprot.")
        self._advance(complaint, self.engineer, response=RESPONSE)
        line = self._line(complaint, self.outsider_position)
        self.assertEqual((line.state, line.result_note), ("done", "Sudah disemprot."))
        self.assertFalse(self._activities(line))
        self.assertIn("part_done", self._codes(complaint))

    def test_going_on_without_a_part_needs_a_reason_that_is_kept_and_seen(self):
        complaint = self._dispose()
        for empty in ("", "  \n"):
            with self.assertRefused("required parts"):
                self._advance(complaint, self.engineer, response=RESPONSE, parts_reason=empty)
        self._advance(complaint, self.engineer, response=RESPONSE, parts_reason="Dinkes menyusul.")
        line = self._line(complaint, self.outsider_position)
        self.assertEqual((line.state, line.reason), ("dropped", "Dinkes menyusul."))
        event = complaint.sudo().event_ids.filtered(lambda item: item.code == "part_dropped")
        self.assertEqual(event.data["reason"], self._sealed("Dinkes menyusul."))
        self.assertEqual(event.user_id, self.engineer)
        self.assertFalse(self._activities(line))
        tree = complaint.with_user(self.engineer).disposition_tree
        self.assertIn("Dinkes menyusul.", [line["text"] for line in tree[0]["lines"]])

    def test_helper_without_a_required_part_does_not_hold_the_case(self):
        complaint = self._dispose(
            parts=[{"position_id": self.outsider_position.id, "required": False}]
        )
        self.assertFalse(self._activities(self._line(complaint, self.outsider_position)))
        self._advance(complaint, self.engineer, response=RESPONSE)

    def test_draft_goes_back_past_open_parts(self):
        """A return is no end of the work."""
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.env["lapor.disposition"].with_user(self.opd_head).sudo()._issue(
            complaint.sudo().current_step_id,
            None,
            {
                "lead_position_id": self.engineer_position.id,
                "note": "Tinjau",
                "parts": [{"position_id": self.outsider_position.id}],
            },
        )
        with self.assertRefused("required parts"):
            self._advance(complaint, self.opd_head, sign=True)
        self._advance(complaint, self.opd_head, "return", note="Lengkapi")

    def test_ticking_off_the_activity_reports_the_part(self):
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        activity = self._activities(line).with_user(self.outsider)
        with self.assertRefused("Describe the result"):
            activity.action_feedback()
        activity.action_feedback(feedback="Selesai")
        self.assertEqual((line.state, line.result_note), ("done", "Selesai"))

    def test_activity_of_a_part_cannot_be_given_away_or_deleted(self):
        complaint = self._dispose()
        activity = self._activities(self._line(complaint, self.outsider_position))
        for user in (self.outsider, self.administrator):
            own = activity.with_user(user)
            with self.assertRaises(UserError):
                own.write({"user_id": self.engineer.id})
            with self.assertRaises(UserError):
                own.write({"lapor_line_id": False, "date_deadline": "2040-01-01"})
            with self.assertRaises(UserError):
                own.unlink()
        self.assertEqual(activity.user_id, self.outsider)

    # Whose

    def test_only_its_holder_acts_on_a_part(self):
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        for user in (self.operator, self.head, self.engineer, self.opd_head, self.administrator):
            own = line.with_user(user).sudo(False)
            for act in (
                own.action_accept,
                lambda own=own: own.action_return("Bukan kami"),
                lambda own=own: own.action_report("Selesai"),
                lambda own=own: own.action_pass_on(
                    {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
                ),
                own.action_open_return,
                own.action_open_pass_on,
                own.action_open_report,
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    act()
        self.assertEqual(line.state, "open")

    def test_colleague_and_superior_of_a_vacancy_act_on_a_part(self):
        colleague = self._make_officer("rekan", "Rekan Dinkes")
        self._make_position("Admin Dinkes 2", self.other_opd, "admin_opd", colleague)
        complaint = self._dispose()
        line = self._line(complaint, self.outsider_position)
        line.with_user(colleague).sudo(False).action_accept()
        self.assertEqual(line.state, "accepted")
        complaint = self._dispose(
            lead=self.engineer_position, parts=[{"position_id": self.opd_admin_position.id}]
        )
        self.opd_admin_position.user_id = False
        line = self._line(complaint, self.opd_admin_position)
        line.with_user(self.opd_head).sudo(False).action_report("Atas nama admin")
        self.assertEqual((line.state, line.done_by_id), ("done", self.opd_head))

    def test_part_is_settled_once(self):
        complaint = self._dispose()
        own = self._own(complaint, self.outsider_position)
        own.action_accept()
        with self.assertRefused("settled already"):
            own.action_accept()
        own.action_report("Selesai")
        for act in (
            lambda: own.action_report("Lagi"),
            lambda: own.action_return("Tidak jadi"),
            lambda: own.action_pass_on(
                {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
            ),
        ):
            with self.assertRefused("settled already"):
                act()

    def test_copy_is_read_only(self):
        complaint = self._dispose(parts=[], copy_position_ids=self.outsider_position.ids)
        own = self._own(complaint, self.outsider_position)
        self.assertFalse(own.can_act)
        for act in (own.action_accept, lambda: own.action_report("Selesai")):
            with self.assertRefused("copy"):
                act()

    # The form

    def test_form_offers_what_is_one_s_to_do(self):
        complaint = self._dispose()

        def offered(user):
            acts = complaint.with_user(user).act_state["acts"]
            return [act["id"] for act in acts if str(act["id"]).startswith("part_")]

        self.assertEqual(offered(self.outsider), ["part_report", "part_pass_on", "part_give_back"])
        self.assertEqual(offered(self.engineer), ["part_pass_on", "part_give_back"])
        self.assertEqual(offered(self.operator), [])
        self.env.invalidate_all()
        action = complaint.with_user(self.outsider).action_open_part_report()
        dialog = Form(
            self.env[action["res_model"]].with_user(self.outsider).with_context(**action["context"])
        )
        dialog.note = "Selesai"
        dialog.save().action_confirm()
        self.assertEqual(self._line(complaint, self.outsider_position).state, "done")
        with self.assertRaises(AccessError):
            complaint.with_user(self.operator).action_open_part_report()

    def test_dialog_shows_nothing_of_a_line_that_one_may_not_see(self):
        complaint = self._dispose(note="Rahasia dapur", parts=[])
        line = self._line(complaint, self.engineer_position)
        own = self.env["lapor.disposition.act"].with_user(self.outsider)
        self.env.invalidate_all()
        names = ["given_note", "from_title", "given_instruction_ids"]
        with self.assertRaises(AccessError):
            own.create({"line_id": line.id, "act": "return"}).read(names)
        with self.assertRaises(AccessError):
            own.with_context(default_line_id=line.id, default_act="return").onchange(
                {}, [], {name: {} for name in names}
            )
        shown = (
            self.env["lapor.disposition.act"]
            .with_user(self.engineer)
            .create({"line_id": line.id, "act": "return"})
            .read(names)
        )
        self.assertEqual(shown[0]["given_note"], "Rahasia dapur")

    def test_sheet_has_every_field_of_the_paper_form(self):
        self.head.write({"lapor_nip": "197001011990031001", "lapor_rank": "Pembina (IV/a)"})
        complaint = self._make_complaint(channel_reference="12/W/2026", letter_date="2026-01-02")
        self._dispose(complaint, note="Segera", urgency="urgent", date_due="2031-03-10")
        sheet = complaint.sudo().disposition_ids._sheet()
        self.assertEqual(
            {name: sheet[name] for name in ("sender", "letter_number", "subject", "agenda_number")},
            {
                "sender": "Budi Santoso",
                "letter_number": "12/W/2026",
                "subject": "Jalan berlubang",
                "agenda_number": "1",
            },
        )
        self.assertEqual(sheet["letter_date"], fields.Date.to_date("2026-01-02"))
        self.assertEqual(
            (sheet["title"], sheet["name"], sheet["rank"], sheet["nip"]),
            ("Kepala Dinas", "Kepala Kominfo", "Pembina (IV/a)", "197001011990031001"),
        )
        self.assertEqual(
            [item["title"] for item in sheet["addressees"]], ["Kabid Bina Marga", "Admin Dinkes"]
        )
        # What was true when it was issued stays on the sheet.
        self.head.lapor_rank = "Pembina Tk. I (IV/b)"
        self.assertEqual(complaint.sudo().disposition_ids._sheet()["rank"], "Pembina (IV/a)")

    def test_sheet_does_not_name_an_anonymous_sender(self):
        for flag in ("is_anonymous", "is_secret"):
            complaint = self._make_complaint(**{flag: True})
            self._dispose(complaint)
            sheet = complaint.sudo().disposition_ids._sheet()
            self.assertEqual(sheet["sender"], "Anonymous")
