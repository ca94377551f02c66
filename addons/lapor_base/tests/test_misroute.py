from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestMisroute(common.LaporCase):
    """Bukan wewenang and salah kategori: back to whoever gave the case out, with a trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_head = cls._make_officer("other_head", "Kepala Dinkes")
        cls.other_head_position = cls._make_position(
            "Kepala Dinkes", cls.other_opd, "kepala_opd", cls.other_head
        )
        cls.health = cls.env["lapor.category"].create(
            {"name": "Kesehatan Uji", "company_id": cls.company.id, "unit_id": cls.other_opd.id}
        )

    def _given_out(self, **values):
        return self._walk_to(self._make_complaint(**values), "3")

    def _refuse(self, complaint, user=None, reason="Jalan nasional", **proposal):
        complaint.with_user(user or self.engineer).action_refuse_authority(reason, **proposal)

    def _dispose(self, complaint, position):
        self._advance(
            complaint, self.head, disposition={"lead_position_id": position.id, "note": "Tinjau"}
        )

    def _where(self, complaint):
        self.env.invalidate_all()
        visit = complaint.sudo().current_step_id
        return visit.sop_step_id.number, visit.user_id

    # Bukan wewenang

    def test_office_without_authority_gives_the_case_back_to_who_gave_it_out(self):
        complaint = self._given_out()
        self._refuse(complaint, unit_id=self.other_opd.id)
        self.assertEqual(self._where(complaint), ("2", self.head))
        misroute = complaint.misroute_id
        self.assertRecordValues(
            misroute,
            [
                {
                    "kind": "authority",
                    "unit_id": self.opd.id,
                    "user_id": self.engineer.id,
                    "position_id": self.engineer_position.id,
                    "reason": "Jalan nasional",
                    "proposed_unit_id": self.other_opd.id,
                    "state": "open",
                }
            ],
        )
        self.assertFalse(complaint.unit_id)
        self.assertEqual(complaint.sp4n_status, "waiting")
        self.assertEqual(complaint.refusal_count, 1)
        left = misroute.visit_id
        self.assertEqual((left.state, left.note), ("returned", "Jalan nasional"))
        self.assertFalse(left.activity_ids.filtered("active"))
        self.assertEqual(
            complaint.sudo().current_step_id.activity_ids.filtered("active").user_id, self.head
        )
        self.assertEqual(
            complaint.event_ids.mapped("code")[-3:],
            ["step_done", "authority_refused", "step_opened"],
        )
        line = complaint.sudo().disposition_line_ids
        self.assertEqual((line.state, line.reason), ("returned", "Jalan nasional"))
        self.assertIn("Jalan nasional", complaint.message_ids[0].body)
        self.assertIn("Dinas Kesehatan", complaint.message_ids[0].body)

    def test_next_office_does_its_steps_itself(self):
        """Who did a step for the office that refused does not get it again."""
        complaint = self._given_out()
        self._refuse(complaint)
        self._dispose(complaint, self.outsider_position)
        self.assertEqual(complaint.unit_id, self.other_opd)
        self.assertEqual(self._where(complaint), ("3", self.outsider))
        self.assertEqual(complaint.misroute_ids.state, "accepted")
        self.assertEqual(complaint.misroute_ids.decided_by_id, self.head)
        self.assertFalse(complaint.misroute_id)
        self._advance(complaint, self.outsider, response={"body": "<p>Sudah kami layani.</p>"})
        self.assertEqual(self._where(complaint), ("4", self.other_head))

    def test_drafts_of_the_office_that_refuses_end_with_it(self):
        complaint = self._given_out()
        self._advance(complaint, self.engineer, response={"body": "<p>Konsep PUPR</p>"})
        self._refuse(complaint, self.opd_head)
        draft = complaint.sudo().response_ids
        self.assertEqual((draft.state, draft.return_note), ("void", "Jalan nasional"))
        self.assertIn("response_voided", complaint.event_ids.mapped("code"))
        self._dispose(complaint, self.outsider_position)
        with self.assertRefused("Draft the response"):
            self._advance(complaint, self.outsider)
        self._advance(complaint, self.outsider, response={"body": "<p>Konsep Dinkes</p>"})
        fresh = complaint.sudo().response_ids - draft
        self.assertEqual(fresh.version, 1)
        self._advance(complaint, self.other_head, sign=True)
        self.assertEqual(fresh.state, "signed")

    def test_coordinator_may_give_it_to_the_same_office_again(self):
        complaint = self._given_out()
        self._refuse(complaint)
        self._dispose(complaint, self.engineer_position)
        self.assertEqual(complaint.misroute_ids.state, "rejected")
        self.assertEqual(self._where(complaint), ("3", self.engineer))

    def test_sending_back_needs_no_new_disposition(self):
        complaint = self._given_out()
        self._refuse(complaint)
        with self.assertRefused("why it goes back"):
            complaint.with_user(self.head).action_send_back(" ")
        complaint.with_user(self.head).action_send_back("Jalan ini milik kabupaten")
        self.assertEqual(self._where(complaint), ("3", self.engineer))
        self.assertEqual(complaint.unit_id, self.opd)
        self.assertEqual(complaint.misroute_ids.state, "rejected")
        self.assertEqual(complaint.misroute_ids.decision_note, "Jalan ini milik kabupaten")
        self.assertEqual(len(complaint.disposition_ids), 1)
        self.assertIn("misroute_rejected", complaint.event_ids.mapped("code"))
        with self.assertRefused("nothing to decide", UserError):
            complaint.with_user(self.engineer).action_send_back("x")

    def test_every_refusal_counts_and_from_the_second_on_the_form_warns(self):
        complaint = self._given_out()
        self._refuse(complaint)
        self._dispose(complaint, self.outsider_position)
        self._refuse(complaint, self.outsider, "Bukan urusan kesehatan", body="BBPJN")
        self.assertEqual(complaint.refusal_count, 2)
        notice = complaint.with_user(self.head).misroute_notice
        for text in ("Dinas PUPR", "Jalan nasional", "Dinas Kesehatan", "BBPJN"):
            self.assertIn(text, notice)
        found = (
            self.env["lapor.complaint"].with_user(self.head).search([("refusal_count", ">=", 2)])
        )
        self.assertIn(complaint, found)

    def test_dialog_of_the_disposition_names_who_refused_and_warns_when_chosen_again(self):
        complaint = self._given_out()
        self._refuse(complaint, unit_id=self.other_opd.id)
        wizard = (
            self.env["lapor.advance"]
            .with_user(self.head)
            .with_context(
                default_complaint_ids=complaint.ids,
                default_transition_id=self._arrow(complaint).id,
            )
            .create({})
        )
        self.assertEqual(wizard.lead_position_id, self.outsider_position)
        self.assertIn("Jalan nasional", wizard.refusal_notice)
        self.assertFalse(wizard.refusal_warning)
        wizard.lead_position_id = self.engineer_position
        self.assertFalse(wizard.refusal_notice)
        self.assertIn("Dinas PUPR: Jalan nasional", wizard.refusal_warning)

    def test_office_that_refused_is_not_proposed_again(self):
        complaint = self._given_out()
        self.assertEqual(complaint._propose_unit(), self.opd)
        self._refuse(complaint)
        self.assertFalse(complaint._propose_unit())

    def test_what_makes_no_refusal(self):
        complaint = self._given_out()
        with self.assertRefused("Say why"):
            self._refuse(complaint, reason=" \n ")
        with self.assertRefused("another office than your own"):
            self._refuse(complaint, unit_id=self.bidang.id)
        foreign = self.env["lapor.unit"].create(
            {
                "name": "Asing",
                "code": "ASING",
                "kind": "opd",
                "company_id": self.env["res.company"].create({"name": "Lain"}).id,
            }
        )
        with self.assertRefused("another government"):
            self._refuse(complaint, unit_id=foreign.id)
        for user in (self.opd_head, self.head):
            with self.assertRaises(AccessError):
                self._refuse(complaint, user)
        self.assertFalse(complaint.misroute_ids)
        self.assertEqual(self._where(complaint), ("3", self.engineer))

    def test_managing_office_refuses_nothing(self):
        complaint = self._make_complaint()
        with self.assertRefused("with the managing office"):
            self._refuse(complaint, self.operator)
        self._walk_to(complaint, "5")
        with self.assertRefused("with the managing office"):
            self._refuse(complaint, self.operator)

    def test_held_case_is_resumed_first(self):
        complaint = self._given_out()
        complaint.with_user(self.engineer).action_hold(self._items(), delivery_note="Telepon")
        with self.assertRefused("Resume it"):
            self._refuse(complaint)

    def test_one_of_two_who_act_at_once_is_told(self):
        complaint = self._given_out()
        self._refuse(complaint)
        with self.assertRaises(AccessError):
            self._refuse(complaint)
        self.assertEqual(complaint.refusal_count, 1)

    # Salah kategori

    def _dispute(self, complaint, **proposal):
        complaint.with_user(self.engineer).action_dispute_category("Ini soal obat", **proposal)

    def test_wrong_category_waits_for_the_coordinator(self):
        complaint = self._given_out()
        self._dispute(complaint, category_id=self.health.id)
        self.assertEqual(self._where(complaint), ("2", self.head))
        self.assertEqual(complaint.refusal_count, 0)
        self.assertEqual(complaint.category_id, self.category)
        with self.assertRefused("Decide on it first"):
            self._dispose(complaint, self.outsider_position)
        state = complaint.with_user(self.head).act_state
        self.assertEqual(state["acts"][0]["method"], "action_open_decide_category")
        self.assertTrue(state["acts"][0]["primary"])
        self.assertTrue(all(act.get("method") for act in state["acts"]), "no arrow is offered")

    def test_confirmed_category_changes_and_the_case_keeps_its_sop(self):
        complaint = self._given_out()
        self._dispute(complaint, category_id=self.health.id)
        self._make_sop(name="SOP Kesehatan", category_ids=self.health.ids)
        complaint.with_user(self.head).action_confirm_category(note="Benar")
        self.assertEqual(complaint.category_id, self.health)
        self.assertEqual(complaint.sop_id, self.sop)
        self.assertEqual(self._where(complaint), ("2", self.head))
        self.assertEqual(complaint.misroute_ids.state, "accepted")
        self.assertEqual(complaint._propose_unit(), self.other_opd)
        event = complaint.event_ids.filtered(lambda event: event.code == "category_confirmed")
        self.assertEqual(event.data["category"], [self.category.id, self.health.id])
        self._dispose(complaint, self.outsider_position)
        self.assertEqual(self._where(complaint), ("3", self.outsider))

    def test_coordinator_may_begin_anew_with_the_sop_of_the_right_category(self):
        complaint = self._given_out()
        self._dispute(complaint, category_id=self.health.id)
        with self.assertRefused("No other SOP"):
            complaint.with_user(self.head).action_confirm_category(restart=True)
        sop = self._make_sop(name="SOP Kesehatan", category_ids=self.health.ids)
        complaint.with_user(self.head).action_confirm_category(restart=True)
        self.assertEqual(complaint.sop_id, sop)
        self.assertEqual(self._where(complaint), ("1", self.operator))
        self.assertIn("sop_changed", complaint.event_ids.mapped("code"))
        self.assertEqual(len(complaint.sudo().step_ids), 5)

    def test_wrong_class_begins_anew_with_the_sop_of_the_right_one(self):
        complaint = self._given_out()
        sop = self._make_sop(name="SOP Informasi", classification="information")
        self._dispute(complaint, classification="information")
        complaint.with_user(self.head).action_confirm_category()
        self.assertEqual(complaint.classification, "information")
        self.assertEqual(complaint.sop_id, sop)
        self.assertEqual(self._where(complaint), ("1", self.operator))

    def test_coordinator_who_disagrees_sends_it_back_where_it_stood(self):
        complaint = self._given_out()
        self._dispute(complaint, category_id=self.health.id)
        complaint.with_user(self.head).action_send_back("Kategorinya sudah benar")
        self.assertEqual(self._where(complaint), ("3", self.engineer))
        self.assertEqual(complaint.category_id, self.category)
        self.assertEqual(complaint.unit_id, self.opd)

    def test_what_makes_no_dispute(self):
        complaint = self._given_out()
        for proposal in (
            {},
            {"category_id": self.category.id},
            {"classification": "complaint"},
        ):
            with self.assertRefused("Propose the right"):
                self._dispute(complaint, **proposal)
        with self.assertRefused("no such class"):
            self._dispute(complaint, classification="gossip")
        with self.assertRefused("nothing to decide"):
            complaint.with_user(self.engineer).action_confirm_category()
        self._dispute(complaint, category_id=self.health.id)
        with self.assertRaises(AccessError):
            complaint.with_user(self.operator).action_confirm_category()
        with self.assertRefused("category that it has"):
            complaint.with_user(self.head).action_confirm_category(category_id=self.category.id)

    # Screens

    def test_screen_offers_the_acts_to_whom_they_belong(self):
        complaint = self._given_out()

        def offered(user):
            self.env.invalidate_all()
            return {act.get("method") for act in complaint.with_user(user).act_state["acts"]}

        acts = {"action_open_refuse_authority", "action_open_dispute_category"}
        self.assertLessEqual(acts, offered(self.engineer))
        for user in (self.head, self.operator, self.opd_head):
            self.assertFalse(acts & offered(user))
        self._refuse(complaint)
        self.assertIn("action_open_send_back", offered(self.head))
        self.assertFalse(acts & offered(self.head))

    def test_dialogs(self):
        complaint = self._given_out().with_user(self.engineer)
        action = complaint.action_open_refuse_authority()
        Ask = self.env["lapor.misroute.ask"].with_user(self.engineer)
        Ask.with_context(action["context"]).create(
            {"reason": "Jalan nasional", "unit_id": self.other_opd.id}
        ).action_confirm()
        case = complaint.with_user(self.head)
        Decide = self.env["lapor.misroute.decide"].with_user(self.head)
        action = case.action_open_send_back()
        Decide.with_context(action["context"]).create(
            {"note": "Milik kabupaten"}
        ).action_send_back()
        action = complaint.action_open_dispute_category()
        Ask.with_context(action["context"]).create(
            {"reason": "Obat", "category_id": self.health.id}
        ).action_confirm()
        action = case.action_open_decide_category()
        wizard = Decide.with_context(action["context"]).create({})
        self.assertEqual(wizard.category_id, self.health)
        self.assertFalse(wizard.other_sop_id)
        wizard.action_confirm()
        self.assertEqual(complaint.sudo().category_id, self.health)
