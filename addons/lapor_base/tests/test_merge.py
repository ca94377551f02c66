import ast

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from . import common
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestMerge(common.LaporCase):
    """Gabung: supporters stand still, are answered each by itself, and can be separated."""

    def _case(self, who, email=None, number=None, **values):
        complaint = self._make_complaint(**values)
        person = complaint.sudo().complainant_id
        person.write({"name": who, "email": email, "phone": f"0812{complaint.id:08}"})
        if email:
            complaint.sudo()._engine_write(
                {"channel_id": self.env.ref("lapor_base.channel_email").id}
            )
        if number:
            self._walk_to(complaint, number)
        return complaint

    def _merge(self, supporters, main, user=None, **values):
        supporters.with_user(user or self.operator).action_merge(main.id, **values)
        self.env.invalidate_all()

    def _sound(self, *complaints):
        self.env.flush_all()
        for complaint in complaints:
            self.assertEqual(unsound(complaint.sudo()), [])

    def _standing(self, complaint):
        """All that a merge and its undo must leave as it was."""
        self.env.invalidate_all()
        case = complaint.sudo()
        visit = case.current_step_id
        activity = visit.activity_ids
        return (
            case.phase,
            case.outcome,
            visit,
            visit.state,
            visit.position_id,
            visit.user_id,
            case.unit_id,
            case.involved_unit_ids,
            activity.user_id,
            activity.date_deadline,
            activity.active,
        )

    # Merging

    def test_supporter_stands_still_and_the_main_complaint_goes_on(self):
        main, other = self._case("Budi", number="3"), self._case("Siti")
        self._merge(other, main, note="Lubang yang sama")
        self.assertEqual(other.main_id, main)
        self.assertEqual(main.supporter_count, 1)
        self.assertFalse(other.sudo().current_step_id.activity_ids)
        for attempt in (
            lambda: self._advance(other, self.operator),
            lambda: other.with_user(self.operator).action_hold([], note="x", delivery_note="y"),
            lambda: other.with_user(self.operator).action_start_transition(self._arrow(other).id),
        ):
            with self.assertRefused("answered with it"):
                attempt()
        self.assertIn("merged", other.event_ids.mapped("code"))
        self.assertIn("supporters_added", main.event_ids.mapped("code"))
        self.assertIn(main.number, other.message_ids[0].body)
        self._sound(main, other)
        self._walk_to(main, "4")
        self._sound(main, other)

    def test_several_of_a_list_are_merged_at_once(self):
        cases = [self._case(name) for name in ("Budi", "Siti", "Tono")]
        complaints = self.env["lapor.complaint"].union(*cases)
        wizard = (
            self.env["lapor.merge"]
            .with_user(self.operator)
            .with_context(default_complaint_ids=complaints.ids)
            .create({})
        )
        self.assertEqual(wizard.main_id, cases[0], "the oldest is proposed")
        wizard.main_id = cases[1]
        told = wizard.action_confirm()["params"]["message"]
        self.assertIn(f"2 complaints support {cases[1].number}", told)
        self.assertEqual(cases[1].supporter_ids, cases[0] | cases[2])
        self.assertEqual(cases[1].supporter_count, 2)
        self._sound(*cases)

    def _dialog(self, complaints, user=None, **context):
        context["default_complaint_ids"] = complaints.ids
        wizard = self.env["lapor.merge"].with_user(user or self.operator)
        self.env.flush_all()
        return wizard.with_context(**context).create({})

    def test_dialog_of_one_proposes_what_it_resembles(self):
        text = {"name": "Pipa air bocor di Jalan Merdeka", "description": "Air ke mana-mana."}
        older = self._case("Budi", received_at="2026-01-05 02:00:00", **text)
        further = self._case("Siti", number="2", received_at="2026-01-06 02:00:00", **text)
        other = self._case("Tono", received_at="2026-01-07 02:00:00", **text)
        wizard = self._dialog(other)
        self.assertEqual((wizard.main_id, wizard.is_proposed), (further, True))
        wizard.main_id = older
        wizard.action_confirm()
        self.assertEqual(other.main_id, older)
        self.assertEqual(self._dialog(further).main_id, older, "it has a supporter")

    def test_dialog_never_proposes_what_cannot_be_the_main_one(self):
        text = {"name": "Pipa air bocor di Jalan Merdeka", "description": "Air ke mana-mana."}
        secret = self._case("Dewi", is_secret=True, **text)
        other = self._case("Tono", **text)
        self.assertIn(secret, other.with_user(self.operator).similar_ids)
        wizard = self._dialog(other)
        self.assertFalse(wizard.main_id or wizard.is_proposed)
        self.assertEqual(self._dialog(secret | other).main_id, other)
        strange = self._case("Andi", name="Lampu jalan padam", description="Gelap sekali.")
        self.assertFalse(self._dialog(strange).main_id)

    def test_chains_are_flattened(self):
        first, second, third, fourth = (self._case(name) for name in "ABCD")
        self._merge(first, second)
        self._merge(third, first)
        self.assertEqual(third.main_id, second, "a supporter stands for its main one")
        self._merge(second, fourth)
        for supporter in (first, second, third):
            self.assertEqual(supporter.main_id, fourth)
        self.assertEqual((second.supporter_count, fourth.supporter_count), (0, 3))
        self._sound(first, second, third, fourth)

    def test_what_is_not_merged(self):
        main, other = self._case("Budi"), self._case("Siti")
        closed = self._walk_to(self._case("Tono"), None)
        misconduct = self._case("Rina", is_misconduct=True)
        secret = self._case("Dewi", is_secret=True)
        held = self._case("Andi")
        held.with_user(self.operator).action_hold(self._items(), delivery_note="Telepon")
        for supporter, target, words in (
            (closed, main, "not being handled"),
            (main, closed, "not being handled"),
            (misconduct, main, "Misconduct"),
            (main, misconduct, "Misconduct"),
            (main, secret, "confidential"),
            (held, main, "Resume it"),
            (main, main, "at least two"),
        ):
            with self.subTest(words), self.assertRefused(words):
                self._merge(supporter, target)
        with self.assertRefused("main complaint"):
            main.with_user(self.operator).action_merge(False)
        self._merge(other, main)
        with self.assertRefused("already"):
            self._merge(other, main)
        self._merge(secret, main)
        self._sound(main, other, closed, misconduct, secret, held)

    def test_governments_are_not_mixed(self):
        company = self.env["res.company"].create({"name": "Pemkab Lain", "lapor_code": "LAIN"})
        self.env["lapor.unit"].create(
            {"name": "Kominfo Lain", "code": "KL", "kind": "manager", "company_id": company.id}
        )
        foreign = (
            self.env["lapor.complaint"]
            .with_company(company)
            .create({"name": "X", "description": "Y", "company_id": company.id})
        )
        main = self._case("Budi")
        with self.assertRaises(AccessError):
            self._merge(main, foreign)
        with self.assertRefused("different governments"):
            main.with_user(self.env.user).action_merge(foreign.id)

    def test_nobody_merges_what_he_may_not_see_or_does_not_have(self):
        main, other = self._case("Budi", number="3"), self._case("Siti")
        with self.assertRaises(AccessError):
            self._merge(other, main, self.engineer)
        self._walk_to(other, "3")
        for user in (self.outsider, self.opd_admin, self.overseer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._merge(other, main, user)
        self._merge(other, main, self.engineer)
        self.assertEqual(other.main_id, main)

    def test_misconduct_cases_are_merged_among_themselves(self):
        main, other = (self._case(name, is_misconduct=True) for name in ("Budi", "Siti"))
        self._merge(other, main)
        self.assertEqual(main.supporter_ids, other)
        self._sound(main, other)

    def test_what_becomes_more_secret_is_separated(self):
        main, other = self._case("Budi"), self._case("Siti")
        for case, vals in (
            (main, {"is_secret": True}),
            (other, {"is_misconduct": True}),
        ):
            self._merge(other, main)
            case.with_user(self.operator).write(vals)
            self.env.invalidate_all()
            self.assertFalse(other.main_id)
            self._sound(main, other)
            # Only the inspectorate takes the mark of a misconduct case away.
            case.sudo().write(dict.fromkeys(vals, False))

    def test_merge_is_written_by_its_acts_only(self):
        main, other = self._case("Budi"), self._case("Siti")
        for vals in ({"main_id": main.id}, {"supporter_count": 3}, {"supporter_ids": []}):
            with self.assertRaises(UserError):
                other.sudo().write(vals)

    def test_activity_of_a_supporter_stays_away(self):
        main, other = self._case("Budi"), self._case("Siti")
        activity = other.sudo().current_step_id.activity_ids
        self._merge(other, main)
        with self.assertRaises(UserError):
            activity.with_user(self.operator).write({"active": True})

    # Undo

    def test_separated_it_stands_exactly_where_it_stood(self):
        main = self._case("Budi")
        for number in ("1", "2", "3", "4"):
            other = self._case("Siti", number=number)
            before = self._standing(other)
            self._merge(other, main)
            self.assertNotEqual(self._standing(other), before)
            other.with_user(self.operator).action_separate("Ternyata lain")
            self.assertEqual(self._standing(other), before)
            self.assertFalse(other.main_id)
            self.assertEqual(main.supporter_count, 0)
            self._sound(main, other)
        with self.assertRefused("supports no other"):
            other.with_user(self.operator).action_separate()
        self._walk_to(other, None)
        self.assertEqual(other.outcome, "handled")

    def test_holder_who_changed_meanwhile_has_it_after_the_undo(self):
        main, other = self._case("Budi"), self._case("Siti", number="2")
        self._merge(other, main)
        self.head_position.user_id = self.outsider
        self._sound(main, other)
        other.with_user(self.operator).action_separate()
        self.assertEqual(other.sudo().current_step_id.activity_ids.user_id, self.outsider)
        self._sound(main, other)

    def test_ticking_off_the_activity_of_a_waiting_answer_passes_it_on(self):
        main, called = self._case("Budi", number="3"), self._case("Tono Sudiro")
        self._merge(called, main)
        self._walk_to(main, None)
        activity = called.sudo().current_step_id.activity_ids
        own = activity.with_user(activity.user_id)
        with self.assertRefused("when, by whom", RedirectWarning):
            own.action_feedback()
        self.assertTrue(called.sudo()._waiting_answer())
        own.action_feedback(feedback="Ditelepon pukul 9, diterima sendiri")
        self.assertEqual(called.outcome, "duplicate")
        answer = called.sudo().response_ids.filtered("origin_id")
        self.assertEqual(answer.delivery_note, "Ditelepon pukul 9, diterima sendiri")
        self._sound(main, called)

    def test_separating_is_for_whom_merging_is(self):
        main, other = self._case("Budi", number="3"), self._case("Siti", number="3")
        self._merge(other, main)
        for user in (self.outsider, self.opd_admin):
            with self.assertRaises(AccessError):
                other.with_user(user).action_separate()

    # Answers

    def test_each_complainant_gets_an_answer_that_tells_nothing_of_the_others(self):
        main = self._case("Budi Santoso", "budi@warga.example", name="Lubang di depan rumah Budi")
        mailed = self._case("Siti Aminah", "siti@warga.example")
        called = self._case("Tono Sudiro")
        self._merge(mailed | called, main)
        self._walk_to(main, "3")
        self._advance(
            main,
            self.engineer,
            response={
                "subject": f"Tanggapan aduan {main.number}",
                "body": f"<p>Yth. Bapak BUDI&nbsp;Santoso, aduan nomor <b>{main.number}</b> "
                f"tentang {main.name} sudah kami tambal. "
                f"Telepon {main.sudo().complainant_id.phone}.</p>",
            },
        )
        with self.mock_mail_gateway():
            self._walk_to(main, None)
        self.env.invalidate_all()
        self.assertEqual((main.phase, main.outcome), ("closed", "handled"))
        answer = mailed.sudo().response_ids
        self.assertEqual((answer.kind, answer.state), ("final", "delivered"))
        self.assertEqual(answer.origin_id, main.sudo().response_ids)
        self.assertEqual(answer.mail_id.email_to, '"Siti Aminah" <siti@warga.example>')
        told = f"{answer.subject} {answer.body} {answer.mail_id.body_html} {answer.mail_id.subject}"
        for secret in ("Budi", "BUDI", "budi@", main.number, main.sudo().complainant_id.phone):
            self.assertNotIn(secret, told)
        for own in (mailed.number, mailed.name, "sudah kami tambal"):
            self.assertIn(own, told)
        self.assertFalse(answer.number, "the letter's number is the main one's")
        self.assertEqual((mailed.phase, mailed.outcome), ("closed", "duplicate"))
        # A complainant who cannot be reached by mail is told by a person.
        self.assertEqual(called.phase, "intake")
        self.assertEqual(called.sudo().current_step_id.activity_ids.user_id, self.operator)
        state = called.with_user(self.operator).act_state
        self.assertEqual(state["acts"][0]["method"], "action_open_pass_answer")
        self._sound(main, mailed, called)
        with self.assertRefused("answered together"):
            called.with_user(self.operator).action_separate()
        with self.assertRaises(AccessError):
            called.with_user(self.overseer).action_pass_answer("Ditelepon")
        with self.assertRefused("how the complainant received"):
            called.with_user(self.operator).action_pass_answer(" ")
        action = called.with_user(self.operator).action_open_pass_answer()
        wizard = self.env["lapor.merge.answer"].with_user(self.operator)
        wizard = wizard.with_context(action["context"]).create({"delivery_note": "Ditelepon"})
        self.assertNotIn("Budi", wizard.body)
        wizard.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((called.phase, called.outcome), ("closed", "duplicate"))
        self.assertEqual(called.sudo().response_ids.delivery_note, "Ditelepon")
        self._sound(main, mailed, called)

    def test_supporter_whose_main_ends_without_an_answer_goes_on_by_itself(self):
        main, other = self._case("Budi", number="2"), self._case("Siti", number="2")
        self._merge(other, main)
        main.with_user(self.operator).action_withdraw("Pelapor menelepon")
        self.env.invalidate_all()
        self.assertFalse(other.main_id)
        self.assertEqual(other.phase, "disposition")
        self._sound(other)
        self._walk_to(other, "3")

    def test_answer_given_before_the_merge_is_not_told_again(self):
        main = self._case("Budi", "budi@warga.example", number="5")
        other = self._case("Siti", "siti@warga.example")
        with self.mock_mail_gateway():
            self._merge(other, main)
            self._walk_to(main, None)
        self.assertEqual(len(other.sudo().response_ids), 1)
        late = self._case("Rina")
        with self.assertRefused("not being handled"):
            self._merge(late, main)

    # Ends and new beginnings

    def test_withdrawn_supporter_leaves_the_others(self):
        main, other = self._case("Budi"), self._case("Siti")
        self._merge(other, main)
        other.with_user(self.operator).action_withdraw("Pelapor menelepon")
        self.env.invalidate_all()
        self.assertEqual((other.outcome, main.supporter_count), ("withdrawn", 0))
        self._sound(main, other)

    def _answered(self):
        main = self._case("Budi", "budi@warga.example")
        other = self._case("Siti", "siti@warga.example", number="2")
        self._merge(other, main)
        with self.mock_mail_gateway():
            self._walk_to(main, None)
        self.env.invalidate_all()
        self.assertEqual(other.outcome, "duplicate")
        return main, other

    def test_reopened_main_complaint_takes_its_supporters_along(self):
        main, other = self._answered()
        with self.mock_mail_gateway():
            main.with_user(self.operator).action_reopen("Lubang terbuka lagi")
        self.env.invalidate_all()
        self.assertEqual((other.main_id, main.supporter_count), (main, 1))
        self.assertEqual((other.phase, other.outcome), ("disposition", False))
        self._sound(main, other)
        with self.mock_mail_gateway():
            self._walk_to(main, None)
        self.env.invalidate_all()
        self.assertEqual(other.outcome, "duplicate")
        answers = other.sudo().response_ids.filtered(lambda item: item.kind == "final")
        self.assertEqual(len(answers), 2, "the new answer is told as well")
        self._sound(main, other)

    def test_reopened_supporter_goes_on_by_itself(self):
        main, other = self._answered()
        with self.mock_mail_gateway():
            other.with_user(self.operator).action_reopen("Belum selesai di tempat saya")
        self.env.invalidate_all()
        self.assertFalse(other.main_id)
        self.assertEqual((main.phase, main.supporter_count), ("closed", 0))
        self._sound(main, other)

    # Screens

    def test_list_of_supporters_shows_what_the_reader_may_see(self):
        main, other = self._case("Budi", number="3"), self._case("Siti")
        self._merge(other, main)
        own = main.with_user(self.engineer)
        self.assertEqual(own.supporter_count, 1)
        self.assertFalse(own.supporter_ids)
        action = own.action_view_supporters()
        Complaint = self.env["lapor.complaint"]
        self.assertFalse(Complaint.with_user(self.engineer).search(action["domain"]))
        self.assertEqual(Complaint.with_user(self.operator).search(action["domain"]), other)

    def test_screen_of_a_supporter_offers_the_main_one_and_the_undo(self):
        main, other = self._case("Budi", number="3"), self._case("Siti")
        self._merge(other, main)
        acts = other.with_user(self.operator).act_state["acts"]
        self.assertEqual([act["method"] for act in acts], ["action_view_main", "action_separate"])
        action = other.with_user(self.operator).action_view_main()
        self.assertEqual(action["res_id"], main.id)
        tasks = self.env["ir.actions.act_window"]._for_xml_id(
            "lapor_base.lapor_complaint_action_mine"
        )
        domain = ast.literal_eval(tasks["domain"])
        found = self.env["lapor.complaint"].with_user(self.operator).search(domain)
        self.assertNotIn(other, found)
        self.assertIn(main, found)
