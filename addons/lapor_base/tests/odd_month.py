"""A written month: one case for each odd course that a case can take, on one SOP."""

from datetime import timedelta

from odoo import fields


class OddMonth:
    """Each public method is the course of one case; :meth:`run` lets them happen one after the
    other.

    :param case: a test case on :class:`~.common.LaporCase`
    :param step: called after each act, such as to move the clock and to write down the screens
    """

    def __init__(self, case, step):
        self.case = case
        self._step = step
        self.cases = {}
        self._make_sop()

    def _make_sop(self):
        """The SOP of the tests, with arrows back to whoever disposes and to ends of all kinds."""
        case = self.case
        case.sop.action_retire()
        case.sop = case._make_sop(activate=False, name="SOP bulan ganjil")
        register, direct, draft, _sign, _publish = case.sop.step_ids
        draft.write(
            {
                "extension_amount": 14,
                "extension_unit": "working_day",
                "extension_reason": "Lapangan",
            }
        )
        case._make_arrow(draft, direct, "Bukan kami", kind="return", requires_note=True)
        for step, outcome in (
            (register, "insufficient"),
            (draft, "not_proven"),
            (draft, "duplicate"),
        ):
            case._make_arrow(step, None, outcome, kind="close", outcome=outcome)
        case.sop.action_activate()

    def run(self):
        names = [name for name in dir(self) if not name.startswith("_") and name not in _OWN]
        for name in names:
            self.cases[name] = getattr(self, name)()
        return self.cases

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def _new(self, at=None, **values):
        complaint = self.case._make_complaint(received_at=fields.Datetime.now(), **values)
        self._step()
        return self._walk(complaint, at) if at else complaint

    def _walk(self, complaint, at):
        """As ``_walk_to``, with a pause after each step."""
        numbers = ["1", "2", "3", "4", "5", None]
        here = complaint.sudo().current_step_id.sop_step_id.number
        for number in numbers[numbers.index(here) + 1 : numbers.index(at) + 1]:
            self.case._walk_to(complaint, number)
            self._step()
        return complaint

    def _do(self, complaint, user, act, *arguments, **values):
        getattr(complaint.with_user(user), act)(*arguments, **values)
        self._step()
        return complaint

    def _arrow(self, complaint, user, outcome):
        arrow = complaint.sudo().current_step_id.sop_step_id.transition_ids.filtered(
            lambda arrow: arrow.outcome == outcome
        )
        unasked = {"unasked_reason": "Tanpa alamat."} if outcome == "insufficient" else {}
        note = "Alasan yang jelas."
        return self._do(complaint, user, "action_advance", arrow.id, note=note, **unasked)

    def _hold(self, complaint, user):
        items = self.case.env["lapor.missing.item"].search([], limit=1)
        until = fields.Date.today() + timedelta(days=3)
        return self._do(
            complaint, user, "action_hold", items.ids, date_until=until, delivery_note="Ditelepon"
        )

    def _withdraw(self, complaint):
        return self._do(complaint, self.case.operator, "action_withdraw", "Dicabut lewat telepon.")

    def _refuse(self, complaint, user=None):
        return self._do(
            complaint, user or self.case.engineer, "action_refuse_authority", "Jalan nasional."
        )

    def _interim(self, complaint):
        case = self.case
        complaint.with_user(case.engineer).action_interim("<p>Sedang kami periksa.</p>")
        answer = complaint.sudo().response_ids.filtered(lambda item: item.kind == "interim")[:1]
        answer.with_user(case.opd_head).action_paraf()
        self._step()
        answer.with_user(case.engineer).action_deliver_otherwise(
            complaint.sudo().channel_id.id, "Ditelepon pukul 9."
        )
        self._step()
        return complaint

    def _reopen(self, complaint, number, mistake=False):
        step = self.case.sop.step_ids.filtered(lambda step: step.number == number)
        return self._do(
            complaint, self.case.operator, "action_reopen", "Masih rusak.", step.id, mistake
        )

    # ------------------------------------------------------------
    # COURSES
    # ------------------------------------------------------------

    def a_fresh(self):
        return self._new()

    def a_registered(self):
        return self._new("2")

    def a_disposed(self):
        return self._new("3")

    def a_drafted(self):
        return self._new("4")

    def a_signed(self):
        return self._new("5")

    def a_handled(self):
        return self._walk(self._new(), None)

    def archived(self):
        reason = self.case.env["lapor.archive.reason"].search([], limit=1)
        return self._do(
            self._new("2"), self.case.operator, "action_archive_case", reason.id, "Terlalu umum."
        )

    def category_confirmed(self):
        complaint = self.category_disputed()
        return self._do(
            complaint,
            self.case.head,
            "action_confirm_category",
            classification="aspiration",
            restart=False,
        )

    def category_disputed(self):
        return self._do(
            self._new("3"),
            self.case.engineer,
            "action_dispute_category",
            "Ini aspirasi.",
            classification="aspiration",
        )

    def class_changed(self):
        complaint = self._new("3")
        complaint.with_user(self.case.operator).classification = "aspiration"
        self._step()
        return complaint

    def duplicate_by_the_sop(self):
        return self._arrow(self._new("3"), self.case.engineer, "duplicate")

    def held(self):
        return self._hold(self._new(), self.case.operator)

    def held_and_deemed_withdrawn(self):
        complaint = self._hold(self._new(), self.case.operator)
        complaint.sudo()._deem_withdrawn()
        self._step()
        return complaint

    def held_and_resumed(self):
        complaint = self._hold(self._new(), self.case.operator)
        return self._do(complaint, self.case.operator, "action_resume")

    def held_withdrawn_and_reopened_by_mistake(self):
        complaint = self._withdraw(self._hold(self._new("3"), self.case.engineer))
        return self._reopen(complaint, "3", mistake=True)

    def held_while_handled(self):
        return self._hold(self._new("3"), self.case.engineer)

    def incomplete(self):
        return self._arrow(self._new(), self.case.operator, "insufficient")

    def interim(self):
        return self._interim(self._new("3"))

    def interim_and_given_back(self):
        return self._refuse(self._interim(self._new("3")))

    def merged(self):
        """Answered with the main complaint."""
        main, other = self._new("3"), self._new()
        self._do(other, self.case.operator, "action_merge", main.id)
        self._walk(main, None)
        if other.sudo()._waiting_answer():
            self._do(other, self.case.operator, "action_pass_answer", "Ditelepon.")
        return other

    def merged_and_waiting(self):
        main, other = self._new("3"), self._new("2")
        return self._do(other, self.case.operator, "action_merge", main.id)

    def merged_and_separated(self):
        return self._do(self.merged_and_waiting(), self.case.operator, "action_separate")

    def not_proven(self):
        return self._arrow(self._new("3"), self.case.engineer, "not_proven")

    def outside(self):
        complaint = self._new()
        for _turn in range(2):
            # Once for the agreement of whoever signs, once more to tell the complainant.
            self._do(
                complaint,
                self.case.operator,
                "action_close_outside",
                "Jaringan listrik.",
                "<p>Silakan menghubungi PLN.</p>",
                body="PLN",
                delivery_note="Ditelepon",
            )
            self.case._agree(complaint)
        return complaint

    def part_given_back(self):
        complaint = self._new("3")
        line = complaint.sudo().disposition_line_ids[:1].with_user(self.case.engineer)
        line.action_return("Bukan tugas kami.")
        self._step()
        return complaint

    def promised(self):
        complaint = self._new("3")
        day = fields.Date.today() + timedelta(days=60)
        self._do(complaint, self.case.engineer, "action_promise", "Diaspal tahun depan", day)
        return self._walk(complaint, None)

    def promised_and_kept(self):
        return self._do(
            self.promised(), self.case.engineer, "action_keep_promise", "Sudah diaspal."
        )

    def refused(self):
        return self._refuse(self._new("3"))

    def refused_after_work(self):
        """The office had drafted an answer; what it did counts no more."""
        complaint = self._new("4")
        return self._refuse(complaint, self.case.opd_head)

    def refused_and_disposed_anew(self):
        complaint = self.refused()
        self.case._advance(
            complaint,
            self.case.head,
            disposition={"lead_position_id": self.case.outsider_position.id, "note": "Tinjau"},
        )
        self._step()
        return complaint

    def refused_and_sent_back(self):
        return self._do(self.refused(), self.case.head, "action_send_back", "Wewenang Anda.")

    def reopened_at_the_register(self):
        return self._reopen(self._walk(self._new(), None), "1")

    def reopened_by_mistake(self):
        return self._reopen(self._walk(self._new(), None), "5", mistake=True)

    def reopened_where_it_was_handled(self):
        return self._reopen(self._walk(self._new(), None), "3")

    def reopened_and_handled_again(self):
        return self._walk(self.reopened_where_it_was_handled(), None)

    def returned_by_the_sop(self):
        complaint = self._new("3")
        self.case._advance(complaint, self.case.engineer, "return", note="Bukan jalan kabupaten.")
        self._step()
        return complaint

    def succeeded(self):
        complaint = self._new("3")
        complaint.sudo()._succeed_office(self.case.other_opd, "Digabung.")
        self._step()
        return complaint

    def withdrawn(self):
        return self._withdraw(self._new("3"))


_OWN = frozenset({"run", "case", "cases"})
