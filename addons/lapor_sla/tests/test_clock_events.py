from odoo.tests import tagged

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestClockEvents(SlaCase):
    """Clocks of the state's rules begin and end with what happens, not with where a step stands in
    the SOP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As in Kapuas: the office examines the complaint after it was given to it, in a step that
        # the SOP calls verification.
        cls.sop.action_retire()
        cls.sop = cls._make_sop(activate=False)
        direct = cls.sop.step_ids[1]
        cls.examine = cls._make_step(
            cls.sop,
            "2a",
            "Telaah",
            cls.sop.actor_ids.filtered(lambda actor: actor.name == "Admin OPD"),
            "verify",
            "verification",
            3,
            "working_day",
            sequence=25,
        )
        direct.transition_ids.filtered(
            lambda arrow: arrow.kind == "forward"
        ).to_step_id = cls.examine
        cls._make_arrow(cls.examine, cls.sop.step_ids.filtered(lambda s: s.number == "3"), "Lanjut")
        cls.sop.action_activate()

    def given(self):
        """A case that was given to the office on Tuesday, and lies there."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
            self._walk_to(case, "2")
        with self.at("2026-02-03 09:00"):
            self._advance(
                case,
                self.head,
                disposition={"lead_position_id": self.opd_admin_position.id, "note": "Tinjau"},
            )
        self.assertEqual(case.sudo().current_step_id.sop_step_id, self.examine)
        return case

    def answered(self):
        case = self.given()
        with self.at("2026-02-04 09:00"):
            self._advance(case, self.opd_admin, note="Lengkap.")
            self._advance(case, self.opd_admin, response={"body": "<p>Sudah ditambal.</p>"})
            self._advance(case, self.opd_head, sign=True)
            self._advance(case, self.operator, "close", delivery={"note": "Diambil"})
        return case

    def test_verification_ends_with_the_disposition(self):
        case = self.given()
        clock = self.clock(case, "rule", "verification")
        self.assertEqual((clock.state, clock.result), ("stopped", "on_time"))
        self.assertEqual(clock.stopped_at, case.forwarded_at)
        # And the office's time has begun with it.
        follow_up = self.clock(case, "rule", "follow_up")
        self.assertEqual((follow_up.state, follow_up.started_at), ("running", case.forwarded_at))

    def test_office_that_lies_on_it_makes_the_managing_office_not_late(self):
        case = self.given()
        with self.at("2026-03-02 09:00"):
            self.env.invalidate_all()
            late = self.env["lapor.clock.report"].search(
                [("complaint_id", "=", case.id), ("late", "=", 1)]
            )
            self.assertIn("follow_up", late.rule_id.mapped("code"))
            self.assertNotIn("verification", late.rule_id.mapped("code"))

    def test_reopened_where_the_office_had_it_nothing_is_verified(self):
        case = self.answered()
        before = case.sudo().clock_ids
        with self.at("2026-02-05 09:00"):
            case.with_user(self.operator).action_reopen("Masih rusak.", self.examine.id)
        started = case.sudo().clock_ids - before
        self.assertIn("follow_up", started.rule_id.mapped("code"))
        self.assertNotIn("verification", started.rule_id.mapped("code"))

    def test_reopened_at_the_register_it_is_verified_anew(self):
        case = self.answered()
        with self.at("2026-02-05 09:00"):
            case.with_user(self.operator).action_reopen("Salah alamat.", self.sop.step_ids[0].id)
        self.assertEqual(self.clock(case, "rule", "verification").state, "running")
        with self.at("2026-02-06 09:00"):
            self._walk_to(case, "2")
            self._advance(
                case,
                self.head,
                disposition={"lead_position_id": self.opd_admin_position.id, "note": "Tinjau"},
            )
        self.assertEqual(self.clock(case, "rule", "verification").result, "on_time")

    def test_request_for_data_is_no_follow_up(self):
        case = self.given()
        with self.at("2026-02-04 09:00"):
            items = self.env["lapor.missing.item"].search([], limit=1)
            case.with_user(self.opd_admin).action_hold(items.ids, delivery_note="Ditelepon")
        with self.at("2026-02-05 09:00"):
            case.with_user(self.opd_admin).action_resume()
        self.assertEqual(self.clock(case, "rule", "follow_up").state, "running")
        self.assertFalse(case.followed_up_at)

    def test_interim_answer_is_a_follow_up_at_once(self):
        case = self.given()
        with self.at("2026-02-04 09:00"):
            case.with_user(self.opd_admin).action_interim("<p>Sedang kami periksa.</p>")
            answer = case.sudo().response_ids.filtered(lambda item: item.kind == "interim")
            answer.with_user(self.opd_head).action_paraf()
            answer.with_user(self.opd_admin).action_deliver_otherwise(
                case.sudo().channel_id.id, "Ditelepon."
            )
        clock = self.clock(case, "rule", "follow_up")
        self.assertEqual((clock.state, clock.result), ("stopped", "on_time"))

    def test_what_was_late_when_the_class_changed_stays_late(self):
        case = self.given()
        with self.at("2026-03-02 09:00"):
            clock = self.clock(case, "rule", "complaint")
            self.assertTrue(clock._is_late())
            case.with_user(self.operator).classification = "aspiration"
        self.assertRecordValues(clock, [{"state": "stopped", "result": "late"}])
        indicators = self.env["lapor.kpi.report"].search([("complaint_id", "=", case.id)])
        self.assertEqual(indicators.rule_result, "late")

    def test_what_was_in_time_when_the_class_changed_no_longer_applies(self):
        case = self.given()
        with self.at("2026-02-04 09:00"):
            clock = self.clock(case, "rule", "complaint")
            case.with_user(self.operator).classification = "aspiration"
        self.assertEqual(clock.result, "void")

    def test_sop_that_was_late_stays_late_when_the_case_begins_anew(self):
        other = self._make_sop(activate=False, name="SOP aspirasi", classification="aspiration")
        other.step_ids[0].write({"allowance_amount": 90, "allowance_unit": "working_day"})
        other.action_activate()
        case = self.given()
        with self.at("2026-03-02 09:00"):
            clock = self.clock(case, "sop")
            due = clock.due_at
            self.assertTrue(clock._is_late())
            case.with_user(self.opd_admin).action_dispute_category(
                "Ini aspirasi.", classification="aspiration"
            )
            case.with_user(self.head).action_confirm_category()
        self.assertEqual(case.sop_id, other)
        self.assertEqual((clock.state, clock.due_at), ("running", due))
