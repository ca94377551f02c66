"""A written month of one government: a case for each odd course that its own SOP allows."""

from datetime import timedelta

from odoo import fields

#: Courses that need an arrow, a longer time or a signature that only one SOP has, and which.
ONLY = {
    "draft_returned": "lapor_balangan",
    "returned_to_the_register": "lapor_balangan",
    "quick_way": "lapor_balangan",
    "extended": "lapor_balangan",
    "extended_and_held": "lapor_balangan",
    "signed": "lapor_balangan",
    "work_returned": "lapor_bantul",
    "simple_question": "lapor_bantul",
    "found_simple": "lapor_bantul",
    "answered_without_inspection": "lapor_kapuas",
    "left_unanswered": "lapor_kapuas",
    "left_unanswered_after_a_hold": "lapor_kapuas",
}


class WrittenMonth:
    """Each public method is the course of one case and returns it; its docstring says where the
    case stands in the end: a code of ``sp4n_status``, and the outcome where it has one.

    :param case: a test case on :class:`.offices.OfficesCase`
    :param str addon: of the government
    :param step: called after each act; moves the clock
    """

    #: Step of follow-up, the one before it that the same office has, the last one.
    STEPS = {
        "lapor_balangan": ("draft", "opd_receive", "publish"),
        "lapor_bantul": ("handle", "examine", "confirm"),
        "lapor_kapuas": ("inspect", "examine", "inspect"),
    }

    def __init__(self, case, addon, step):
        self._case, self._addon, self._tick = case, addon, step
        self._handling, self._given, self._last = (
            case.env.ref(f"{addon}.sop_step_{name}") for name in self.STEPS[addon]
        )
        self._coordinator = self._new().env.user

    def run(self):
        """Let all of them happen.

        :returns: dict of the course to its case, and of the course to where the case stands
        """
        cases, said = {}, {}
        for name in dir(self):
            if name.startswith("_") or name in ("run", "STEPS"):
                continue
            if ONLY.get(name, self._addon) != self._addon:
                continue
            course = getattr(self, name)
            cases[name] = course()
            said[name] = course.__doc__.split()
            if said[name] == ["disposed"] and self._answers_first(cases[name]):
                said[name] = ["process"]
        return cases, said

    def _answers_first(self, complaint):
        """Whether the SOP answers before it passes on, as Bantul's does, in this round too."""
        return self._addon == "lapor_bantul" and not complaint.sudo().reopen_count

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def _new(self, at=None, **values):
        """A new case, walked along the main path to a step."""
        complaint = self._case._file(self._addon, received_at=fields.Datetime.now(), **values)
        self._tick()
        return self._walk(complaint, at) if at else complaint

    def _walk(self, complaint, at=None):
        while self._visit(complaint) and self._visit(complaint).sop_step_id != at:
            self._case._step(complaint)
            self._tick()
        return complaint

    def _visit(self, complaint):
        return complaint.sudo().current_step_id

    def _arrow(self, complaint, name=None, kind=None, **evidence):
        case, visit = self._case, self._visit(complaint)
        arrow = case._arrow(complaint, name, kind)
        evidence = {**case._evidence(complaint, arrow), **evidence}
        case._as(complaint, visit.user_id).action_advance(arrow.id, **evidence)
        self._tick()
        return complaint

    def _do(self, complaint, act, *arguments, user=None, **values):
        """An act of whoever has the step."""
        user = user or self._visit(complaint).user_id
        getattr(self._case._as(complaint, user), act)(*arguments, **values)
        self._tick()
        return complaint

    def _lead(self, complaint, act, *arguments, **values):
        """An act of whoever coordinates."""
        return self._do(complaint, act, *arguments, user=self._coordinator, **values)

    def _hold(self, complaint):
        item = self._case.env["lapor.missing.item"].search([], limit=1)
        until = fields.Date.today() + timedelta(days=2)
        return self._do(complaint, "action_hold", item.ids, date_until=until)

    def _replied(self, complaint):
        case = complaint.sudo()
        message = case._message_log(body="Di Jalan Melati.")
        case._note_reply(message)
        self._tick()
        return complaint

    def _passed(self, complaint):
        """Time goes by until the complainant's window is over."""
        while not complaint.sudo()._is_window_over():
            self._tick()
        return complaint

    def _refuse(self, complaint):
        return self._do(complaint, "action_refuse_authority", "Jalan nasional.")

    def _reopen(self, complaint, step=None, mistake=False):
        return self._lead(complaint, "action_reopen", "Masih rusak.", step and step.id, mistake)

    def _interim(self, complaint):
        return self._agreed(self._do(complaint, "action_interim", "<p>Sedang kami periksa.</p>"))

    def _agreed(self, complaint):
        """Where the SOP has a signature, whoever signs agrees to what was written beside it."""
        for text in complaint.sudo().response_ids.filtered("next_paraf_id"):
            signer = text.next_paraf_id.position_id.holder_id
            self._case._as(text, signer).action_paraf()
            self._tick()
        return complaint

    def _merged(self, at=None):
        main, other = self._new(at), self._new()
        return main, self._lead(other, "action_merge", main.id)

    # ------------------------------------------------------------
    # COURSES
    # ------------------------------------------------------------

    def anonymous(self):
        """process"""
        return self._interim(self._new(self._handling, is_anonymous=True))

    def answered_without_inspection(self):
        """done answered"""
        return self._arrow(self._new(self._given), "Tidak perlu pemeriksaan")

    def archived(self):
        """archived archived"""
        reason = self._case.env["lapor.archive.reason"].search([], limit=1)
        return self._lead(self._new(), "action_archive_case", reason.id, "Terlalu umum.")

    def archived_by_mistake(self):
        """waiting"""
        return self._reopen(self.archived(), mistake=True)

    def bounced(self):
        """pending"""
        complaint = self._hold(self._new())
        complaint.sudo().hold_id.response_id.delivery_ids.has_bounced = True
        return complaint

    def category_disputed(self):
        """waiting"""
        return self._do(
            self._new(self._handling),
            "action_dispute_category",
            "Ini aspirasi.",
            classification="aspiration",
        )

    def class_changed(self):
        """disposed"""
        complaint = self._new(self._given)
        self._case._as(complaint, self._coordinator).classification = "aspiration"
        self._tick()
        return complaint

    def draft_returned(self):
        """process"""
        complaint = self._new(self._case.env.ref("lapor_balangan.sop_step_sign"))
        return self._arrow(complaint, kind="return", note="Perbaiki kalimatnya.")

    def duplicate(self):
        """archived duplicate"""
        main, other = self._merged()
        self._walk(main)
        if other.sudo()._waiting_answer():
            self._lead(other, "action_pass_answer", "Ditelepon.")
        return other

    def extended(self):
        """disposed"""
        complaint = self._do(
            self._new(self._handling), "action_ask_extension", "Tinjauan lapangan."
        )
        decider = complaint.sudo().extension_ids.position_id.holder_id
        return self._do(complaint, "action_decide_extension", True, user=decider)

    def extended_and_held(self):
        """pending"""
        return self._hold(self.extended())

    def found_simple(self):
        """done answered"""
        complaint = self._arrow(self._new(self._given), kind="branch")
        return self._arrow(complaint, "dijawab dengan informasi")

    def fresh(self):
        """waiting"""
        return self._new()

    def given(self):
        """disposed"""
        return self._new(self._given)

    def handled(self):
        """done handled"""
        return self._walk(self._new())

    def held(self):
        """pending"""
        return self._hold(self._new())

    def held_and_answered(self):
        """waiting"""
        return self._do(self._replied(self._hold(self._new())), "action_resume")

    def held_and_deemed_withdrawn(self):
        """archived no_response"""
        return self._do(self._passed(self._hold(self._new())), "action_deem_withdrawn")

    def held_and_expired(self):
        """pending"""
        complaint = self._passed(self._hold(self._new(self._given)))
        complaint.sudo().hold_id._watch()
        self._tick()
        return complaint

    def held_and_reply_unread(self):
        """pending"""
        return self._replied(self._hold(self._new(self._handling)))

    def interim(self):
        """process"""
        return self._interim(self._new(self._handling))

    def late(self):
        """disposed"""
        complaint = self._new(self._handling)
        for _turn in range(3):
            self._tick()
        return complaint

    def left_unanswered(self):
        """archived insufficient"""
        return self._arrow(
            self._new(self._given), "tidak ditanggapi", unasked_reason="Alamatnya palsu."
        )

    def left_unanswered_after_a_hold(self):
        """archived insufficient"""
        return self._arrow(self._passed(self._hold(self._new(self._given))), "tidak ditanggapi")

    def merged(self):
        """waiting"""
        return self._merged(self._given)[1]

    def merged_and_separated(self):
        """waiting"""
        return self._lead(self.merged(), "action_separate")

    def misconduct(self):
        """waiting"""
        return self._new(is_misconduct=True)

    def outside(self):
        """archived out_of_authority"""
        return self._agreed(
            self._do(
                self._new(),
                "action_close_outside",
                "Jaringan listrik.",
                "<p>Silakan menghubungi PLN.</p>",
                body="PLN",
            )
        )

    def part_returned(self):
        """waiting"""
        complaint = self._new(self._given)
        line = complaint.sudo().disposition_line_ids[:1]
        self._case._as(line, line.position_id.holder_id).action_return("Bukan tugas kami.")
        self._tick()
        return complaint

    def promised(self):
        """done scheduled"""
        complaint = self._new(self._handling)
        day = fields.Date.today() + timedelta(days=60)
        self._do(complaint, "action_promise", "Diaspal tahun depan", day)
        return self._walk(complaint)

    def quick_way(self):
        """disposed"""
        complaint = self._new(self._case.env.ref("lapor_balangan.sop_step_examine"))
        return self._arrow(complaint, kind="quick")

    def refused(self):
        """waiting"""
        return self._refuse(self._new(self._given))

    def refused_after_an_interim_answer(self):
        """waiting"""
        return self._refuse(self._interim(self._new(self._handling)))

    def refused_and_given_anew(self):
        """disposed"""
        complaint = self.refused()
        evidence = (
            {"response": {"kind": "interim", "body": "<p>Diteruskan.</p>"}, "delivery": {}}
            if self._addon == "lapor_bantul"
            else {}
        )
        return self._given_anew(complaint, evidence)

    def _given_anew(self, complaint, evidence):
        arrow = self._visit(complaint)._main_transition()
        return self._arrow(complaint, arrow.name, **evidence)

    def refused_and_sent_back(self):
        """disposed"""
        return self._do(self.refused(), "action_send_back", "Wewenang Anda.")

    def reopened(self):
        """waiting"""
        return self._reopen(self.handled(), self._first_step())

    def _first_step(self):
        return self._case.env.ref(f"{self._addon}.sop").step_ids.filtered(
            lambda step: step.kind != "intake"
        )[:1]

    def reopened_and_handled_again(self):
        """done handled"""
        return self._walk(self.reopened_where_it_was_handled())

    def reopened_by_mistake(self):
        """process"""
        return self._reopen(self.handled(), self._last, mistake=True)

    def reopened_where_it_was_handled(self):
        """disposed"""
        return self._reopen(self.handled(), self._handling)

    def returned_to_the_register(self):
        """waiting"""
        complaint = self._new(self._case.env.ref("lapor_balangan.sop_step_examine"))
        return self._arrow(complaint, kind="return", note="Identitasnya keliru.")

    def secret(self):
        """disposed"""
        return self._new(self._given, is_secret=True)

    def signed(self):
        """process"""
        return self._new(self._case.env.ref("lapor_balangan.sop_step_send"))

    def simple_question(self):
        """done answered"""
        complaint = self._arrow(self._new(), kind="quick")
        return self._arrow(complaint, "dijawab dengan informasi")

    def split(self):
        """waiting"""
        return self._lead(self._new(), "action_split", "Sampah menumpuk")

    def split_and_taken_back(self):
        """waiting"""
        complaint = self.split()
        second = complaint.sudo().split_ids
        self._lead(second.sudo(False), "action_unsplit")
        return complaint

    def succeeded(self):
        """disposed"""
        complaint = self._new(self._given)
        complaint.sudo()._succeed_office(self._case.heir[self._addon], "Digabung.")
        self._tick()
        return complaint

    def withdrawn(self):
        """archived withdrawn"""
        return self._do(self._new(self._given), "action_withdraw", "Dicabut lewat telepon.")

    def work_returned(self):
        """process"""
        complaint = self._new(self._case.env.ref("lapor_bantul.sop_step_check"))
        return self._arrow(complaint, kind="return", note="Belum menjawab aduan.")
