from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_disposition_parts import RESPONSE, DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionReturns(DispositionCase):
    """A disposition that is given back, passed on, or ends with its case."""

    # Returning

    def test_returned_part_comes_back_to_its_issuer_with_an_activity(self):
        complaint = self._dispose()
        own = self._own(complaint, self.outsider_position)
        for empty in ("", " "):
            with self.assertRefused("why"):
                own.action_return(empty)
        own.action_return("Jalan kabupaten, bukan fasilitas kesehatan")
        line = self._line(complaint, self.outsider_position)
        self.assertEqual(line.state, "returned")
        self.assertFalse(self._activities(line))
        activity = complaint.sudo().activity_ids.filtered(
            lambda item: (
                item.activity_type_id == self.env.ref("lapor_base.mail_activity_type_returned")
            )
        )
        self.assertEqual(activity.user_id, self.head)
        self.assertIn("Jalan kabupaten", activity.note)
        self.assertIn("part_returned", self._codes(complaint))
        self._advance(complaint, self.engineer, response=RESPONSE)

    def test_whoever_is_in_charge_gives_the_case_back_to_the_step_before(self):
        complaint = self._dispose()
        before = complaint.sudo().unit_id
        self.assertEqual(before, self.opd)
        self._own(complaint, self.engineer_position).action_return("Jalan provinsi")
        case = complaint.sudo()
        visit = case.current_step_id
        self.assertEqual((visit.sop_step_id.number, visit.user_id), ("2", self.head))
        self.assertFalse(case.unit_id)
        self.assertEqual(case.step_ids[-2].state, "returned")
        self.assertEqual(self._line(complaint, self.engineer_position).state, "returned")
        # The parts that hung on this disposition are not waited for.
        self.assertEqual(self._line(complaint, self.outsider_position).state, "dropped")
        self.assertEqual(
            len(case.activity_ids.filtered(lambda item: item.active and item.lapor_step_id)), 1
        )

    def test_case_disposed_anew_goes_to_the_new_one_in_charge(self):
        complaint = self._dispose()
        self._own(complaint, self.engineer_position).action_return("Bukan kewenangan kami")
        self._dispose(complaint, lead=self.outsider_position, parts=[])
        case = complaint.sudo()
        self.assertEqual(case.current_user_id, self.outsider)
        self.assertEqual(case.unit_id, self.other_opd)
        first, second = case.disposition_ids.sorted("id")
        self.assertFalse(first.parent_id or second.parent_id)

    def test_case_that_has_gone_further_is_not_given_back(self):
        complaint = self._dispose(parts=[])
        self._advance(complaint, self.engineer, response=RESPONSE)
        with self.assertRefused("settled"):
            self._own(complaint, self.engineer_position).action_return("Terlambat")
        complaint = self._dispose(parts=[])
        items = self.env["lapor.missing.item"].search([], limit=1)
        complaint.with_user(self.engineer).action_hold(items.ids, delivery_note="Ditelepon")
        with self.assertRefused("waits for its complainant"):
            self._own(complaint, self.engineer_position).action_return("Bukan kami")

    def test_in_charge_does_not_report_but_does_the_step(self):
        complaint = self._dispose()
        with self.assertRefused("do its step"):
            self._own(complaint, self.engineer_position).action_report("Selesai")

    # Passing on

    def test_case_is_passed_down_with_its_step(self):
        staff = self._make_officer("staf", "Staf Bina Marga")
        staff_position = self._make_position(
            "Staf", self.bidang, "unit_teknis", staff, self.engineer_position
        )
        complaint = self._dispose(parts=[])
        disposition = self._own(complaint, self.engineer_position).action_pass_on(
            {"lead_position_id": staff_position.id, "note": "Tolong dicek"}
        )
        first = complaint.sudo().disposition_ids.sorted("id")[0]
        self.assertEqual(disposition.parent_id, first)
        self.assertEqual(disposition.parent_line_id, self._line(complaint, self.engineer_position))
        self.assertEqual((disposition.direction, disposition.agenda_number), ("down", "1"))
        self.assertEqual(disposition.from_user_id, self.engineer)
        self.assertEqual(complaint.sudo().current_user_id, staff)
        self.assertEqual(self._line(complaint, self.engineer_position).state, "passed")
        tree = complaint.with_user(self.head).disposition_tree
        self.assertEqual([item["depth"] for item in tree], [0, 1])
        # Given back, it is his again.
        self._own(complaint, staff_position).action_return("Sedang bertugas luar")
        self.assertEqual(complaint.sudo().current_user_id, self.engineer)
        self.assertEqual(self._line(complaint, self.engineer_position).state, "accepted")
        self._advance(complaint, self.engineer, response=RESPONSE)
        self.assertEqual(self._line(complaint, self.engineer_position).state, "done")

    def test_passing_on_to_somebody_who_may_not_do_the_step_waits_for_him(self):
        complaint = self._dispose(parts=[])
        self._own(complaint, self.engineer_position).action_pass_on(
            {"lead_position_id": self.outsider_position.id, "note": "Tinjau"}
        )
        line = self._line(complaint, self.outsider_position)
        self.assertFalse(line.required)
        self.assertEqual(complaint.sudo().current_user_id, self.outsider)
        self.outsider_position.role_id = self.env.ref("lapor_base.role_sekretaris_opd")
        complaint = self._dispose(parts=[])
        self._own(complaint, self.engineer_position).action_pass_on(
            {"lead_position_id": self.outsider_position.id, "note": "Tinjau"}
        )
        line = self._line(complaint, self.outsider_position)
        self.assertTrue(line.required)
        self.assertEqual(complaint.sudo().current_user_id, self.engineer)
        with self.assertRefused("required parts"):
            self._advance(complaint, self.engineer, response=RESPONSE)
        self._own(complaint, self.outsider_position).action_report("Sudah")
        self._advance(complaint, self.engineer, response=RESPONSE)
        self.assertEqual(self._line(complaint, self.engineer_position).state, "done")

    def test_part_is_passed_sideways_and_stays_required(self):
        complaint = self._dispose()
        disposition = self._own(complaint, self.outsider_position).action_pass_on(
            {"lead_position_id": self.opd_head_position.id, "note": "Tinjau"}
        )
        self.assertEqual(disposition.direction, "sideways")
        self.assertEqual(complaint.sudo().unit_id, self.opd)
        with self.assertRefused("Kepala DPUPR"):
            self._advance(complaint, self.engineer, response=RESPONSE)
        self._own(complaint, self.opd_head_position).action_return("Bukan kami")
        self.assertEqual(self._line(complaint, self.outsider_position).state, "accepted")
        self.assertTrue(self._activities(self._line(complaint, self.outsider_position)))

    def test_nothing_is_passed_on_to_oneself_or_to_nobody(self):
        complaint = self._dispose()
        own = self._own(complaint, self.outsider_position)
        for values, sentence in (
            ({"lead_position_id": self.outsider_position.id, "note": "Tinjau"}, "yourself"),
            ({}, "to whom"),
            ({"lead_position_id": self.head_position.id, "state": "done"}, "Unknown part"),
        ):
            with self.assertRefused(sentence):
                own.action_pass_on(values)
        self.assertEqual(self._line(complaint, self.outsider_position).state, "open")

    # Ends

    def test_closing_the_case_ends_its_parts(self):
        complaint = self._dispose(
            parts=[{"position_id": self.outsider_position.id, "required": False}]
        )
        self._walk_to(complaint, None)
        self.assertEqual(self._line(complaint, self.outsider_position).state, "dropped")
        self.assertEqual(self._line(complaint, self.engineer_position).state, "done")

    def test_part_is_taken_from_whom_a_misconduct_case_is_hidden(self):
        complaint = self._dispose()
        complaint.with_user(self.operator).is_misconduct = True
        line = self._line(complaint, self.outsider_position)
        self.assertEqual(line.state, "dropped")
        self.assertFalse(self._activities(line))
        with self.assertRaises(AccessError):
            line.with_user(self.outsider).sudo(False).action_report("Selesai")

    def test_misconduct_case_is_not_passed_on_to_outsiders(self):
        complaint = self._make_complaint(is_misconduct=True)
        self._walk_to(complaint, "2")
        with self.assertRefused("misconduct"):
            self._advance(
                complaint,
                self.head,
                disposition={
                    "lead_position_id": self.operator_position.id,
                    "note": "Tinjau",
                    "parts": [{"position_id": self.outsider_position.id}],
                },
            )
