from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.plain_text import clean_text

# Who is accused: fields of the complaint.
ACCUSED = ("accused_unit_ids", "accused_position_ids", "accused_user_ids")


class LaporComplaint(models.Model):
    """Misconduct cases (berkadar pengawasan): separation of duties.

    - The accused (units with their parts, positions, persons) are shut out, whatever their role.
    - The inspectorate is told of each case that is marked. Unmarking, archiving, withdrawing and
      closing need it: it does them itself, or agrees first (:meth:`action_agree_end`).
    - Where the managing office, a part of it or one of its people is accused, the inspectorate
      leads: it has the steps and coordinates, and the managing office sees the case no more.

    Which of these cases a user may read: ``res.users.lapor_case_domain``.
    """

    _inherit = "lapor.complaint"

    accused_unit_ids = fields.Many2many(
        "lapor.unit",
        "lapor_complaint_accused_unit_rel",
        string="Accused Units",
        copy=False,
        check_company=True,
        help="Whoever has a position in one of these units, or in a part of it, is shut out.",
    )
    accused_position_ids = fields.Many2many(
        "lapor.position",
        "lapor_complaint_accused_position_rel",
        string="Accused Positions",
        copy=False,
        check_company=True,
        help="Whoever holds one of these positions is shut out.",
    )
    accused_user_ids = fields.Many2many(
        "res.users",
        "lapor_complaint_accused_user_rel",
        string="Accused Persons",
        copy=False,
        domain="[('share', '=', False)]",
        help="These people are shut out, whatever position they hold.",
    )
    has_accused = fields.Boolean(compute="_compute_has_accused", store=True)
    is_led_by_inspectorate = fields.Boolean(
        string="Led by the Inspectorate",
        compute="_compute_is_led_by_inspectorate",
        store=True,
        help="The managing office is accused: the inspectorate has the steps and coordinates.",
    )
    end_agreed_at = fields.Datetime(string="Inspectorate Agreed", readonly=True, copy=False)
    end_agreed_by_id = fields.Many2one(
        "res.users", string="Agreed By", readonly=True, copy=False, ondelete="restrict"
    )
    misconduct_notice = fields.Char(compute="_compute_misconduct_notice")

    @api.depends(*ACCUSED)
    def _compute_has_accused(self):
        for complaint in self:
            complaint.has_accused = any(complaint[name] for name in ACCUSED)

    @api.depends("is_misconduct", "managing_unit_id", "shut_out_user_ids", *ACCUSED)
    def _compute_is_led_by_inspectorate(self):
        for complaint in self:
            # Once it leads it goes on, also when the accused has left the managing office, until
            # the inspectorate itself takes an accusation back (``_accused_changed``).
            complaint.is_led_by_inspectorate = complaint.is_misconduct and (
                complaint._is_office_accused()
                or (complaint.is_led_by_inspectorate and complaint.has_accused)
            )

    def _is_office_accused(self):
        """Whether the managing office, a part of it or one of its people is accused today."""
        self.ensure_one()
        office = self.managing_unit_id
        units = self.accused_unit_ids | self.accused_position_ids.unit_id
        units |= self._accused_people().lapor_position_ids.unit_id
        # An office above it, such as the secretariat, has it in its hands, too.
        return bool(
            office and (office in units.office_id or self.accused_unit_ids & office._lineage())
        )

    @api.depends("is_misconduct", "is_led_by_inspectorate", "end_agreed_at", "phase")
    @api.depends_context("lang")
    def _compute_misconduct_notice(self):
        for complaint in self:
            if not complaint.is_misconduct or complaint.phase == "closed":
                complaint.misconduct_notice = False
            elif complaint.end_agreed_at:
                complaint.misconduct_notice = self.env._(
                    "The inspectorate has agreed that this case may be ended."
                )
            elif complaint.is_led_by_inspectorate:
                complaint.misconduct_notice = self.env._(
                    "The managing office is accused: the inspectorate leads this case."
                )
            else:
                complaint.misconduct_notice = self.env._(
                    "Closing, archiving, withdrawing and unmarking this case need the inspectorate."
                )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "has_accused",
            "is_led_by_inspectorate",
            "end_agreed_at",
            "end_agreed_by_id",
        }

    @api.model
    def _tracked_data(self):
        return super()._tracked_data() | set(ACCUSED)

    # ------------------------------------------------------------
    # WHO IS SHUT OUT, WHO COORDINATES
    # ------------------------------------------------------------

    def _is_shut_out(self, user):
        """Whether a person may not know of this case, whatever role he has: he is accused, in
        person or by a position, or the inspectorate leads it.

        :rtype: bool
        """
        self.ensure_one()
        # Who is accused is compared with a user; the answer is yes or no.
        case = self.sudo()
        return case.has_accused and bool(case.filtered_domain(user._lapor_kept_out()))

    def _inspects(self, user):
        """Whether this user inspects these misconduct cases and is not accused in them."""
        # Answers yes or no about a user.
        return bool(self) and all(
            case.is_misconduct
            and case.company_id in user.lapor_inspected_company_ids
            and not case._is_shut_out(user)
            for case in self.sudo()
        )

    def _may_coordinate(self, user):
        """As of other cases; the inspectorate may in every misconduct case, and alone in those
        that it leads. Nobody coordinates a case in which he is accused."""
        # Answers yes or no about a user.
        others = self.sudo().filtered(lambda case: not case._inspects(user))
        if any(case._is_shut_out(user) for case in others):
            return False
        return super(LaporComplaint, others)._may_coordinate(user)

    def _inspecting_positions(self):
        """Positions of the inspectorate that may lead this case, those with a holder first.

        :rtype: lapor.position
        """
        self.ensure_one()
        # Positions to give work to; nothing of them is shown.
        positions = (
            self.env["lapor.position"]
            .sudo()
            .search([("role_id.inspects", "=", True), ("company_id", "=", self.company_id.id)])
        )
        return positions.filtered(self.sudo()._is_open_to).sorted(
            lambda position: not position.holder_id
        )

    def _coordinating_positions(self):
        if self.is_led_by_inspectorate:
            return self._inspecting_positions()
        return super()._coordinating_positions().filtered(self._is_open_to)

    def _find_owner(self, step, found=None, without=None):
        self.ensure_one()
        if not self.is_led_by_inspectorate:
            return super()._find_owner(step, found=found, without=without)
        positions = self._inspecting_positions()
        positions -= without or positions.browse()
        if step.kind == "sign":
            # Nobody signs his own draft.
            authors = self.response_ids.sorted("id")[-1:].author_id
            positions = (
                positions.filtered(lambda position: position.holder_id not in authors) or positions
            )
        position = positions[:1]
        return position.unit_id or self.managing_unit_id, position

    @api.model
    def default_get(self, fields):
        """What the inspectorate takes in is a misconduct case; it may take in nothing else."""
        values = super().default_get(fields)
        user = self.env.user
        if (
            "is_misconduct" in fields
            and not self.env.su
            and user.lapor_inspected_company_ids
            and not user.has_group("lapor_base.group_lapor_intake")
        ):
            values["is_misconduct"] = True
        return values

    # ------------------------------------------------------------
    # MARKING AND NAMING
    # ------------------------------------------------------------

    def write(self, vals):
        if not vals.keys() & {"is_misconduct", *ACCUSED}:
            return super().write(vals)
        self.check_access("write")
        # What is marked already is compared with what is written; nothing of it is told.
        cases = self.sudo()
        marked = cases.filtered("is_misconduct")
        before = {case: case._accused() for case in cases}
        if not self.env.su and marked and not vals.get("is_misconduct", True):
            self.env["lapor.complaint"].browse(marked.ids)._check_inspects()
        result = super().write(vals)
        if vals.keys() & set(ACCUSED):
            cases._accused_changed(before, self.env.su)
        if vals.get("is_misconduct"):
            (cases - marked)._tell_marked()
        return result

    def _start(self, received=None):
        result = super()._start(received)
        # The complaint was created as the user; whoever has to know of it is told as the system.
        marked = self.sudo().filtered("is_misconduct")
        marked._accused_changed({case: case._nobody() for case in marked}, True)
        marked._tell_marked()
        return result

    def _accused(self):
        """Who is accused in this case, as a tuple of records."""
        return tuple(self[name] for name in ACCUSED)

    @api.model
    def _nobody(self):
        return tuple(self[name].browse() for name in ACCUSED)

    def _accused_changed(self, before, may_remove):
        """Take cases away from those who are accused now, as the system.

        :param dict before: case to who was accused before
        :param bool may_remove: whether the accused may be fewer than before
        :raises UserError: when accused are removed by others than the inspectorate, a case is no
            misconduct case, or nobody could lead it
        """
        for case in self:
            removed = any(old - new for old, new in zip(before[case], case._accused(), strict=True))
            if removed and not may_remove and not case._inspects(self.env.user):
                raise UserError(
                    self.env._("Only the inspectorate takes an accusation back (%s).", case.number)
                )
            if removed:
                led = case.is_misconduct and case._is_office_accused()
                case._engine_write({"is_led_by_inspectorate": led})
            if not case.has_accused:
                continue
            if not case.is_misconduct:
                raise UserError(
                    self.env._(
                        "The accused are named in misconduct cases: mark %s as one first.",
                        case.number,
                    )
                )
            if case.is_led_by_inspectorate and not case._inspecting_positions().holder_id:
                raise UserError(
                    self.env._(
                        "The managing office is accused in %s, so the inspectorate has to lead "
                        "the case, and nobody holds a position of the inspectorate who is not "
                        "accused. Have one filled first.",
                        case.number,
                    )
                )
        changed = self.filtered(lambda case: case._accused() != before[case])
        if changed:
            changed._withdraw_from_blind()
            changed.filtered("is_led_by_inspectorate")._tell_lead()

    def _tell_lead(self):
        """Tell the inspectorate of cases that it leads."""
        for case in self:
            case._add_inspectorate_task(
                "misconduct_lead",
                self.env._("You lead this case: the managing office is accused"),
            )

    def _tell_marked(self):
        """Tell the inspectorate of new misconduct cases."""
        for case in self:
            case._add_inspectorate_task(
                "misconduct_marked", self.env._("New misconduct case: look at it")
            )

    def _add_inspectorate_task(self, code, summary, note=False):
        """Give the inspectorate something to do with this case, and notify all who inspect.

        :param str code: code of the task
        :param str summary: what to do, without a word of the case
        :param note: HTML of the task
        """
        self.ensure_one()
        positions = self._inspecting_positions()
        holders = positions.holder_id
        if positions:
            self._add_task(code, positions[0], summary, note=note)
        if holders:
            self.message_notify(
                partner_ids=holders.partner_id.ids,
                subject=self.env._("Misconduct case %s", self.number),
                body=Markup("<p>%s</p>") % summary,
                author_id=self._acting_partner().id,
                email_add_signature=False,
            )

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_name_accused(self, unit_ids=(), position_ids=(), user_ids=(), note=None):
        """Name who is accused in misconduct cases, besides those named already.

        :param unit_ids: ``lapor.unit`` with all their parts
        :param position_ids: ``lapor.position``
        :param user_ids: ``res.users``
        :param str note: why; kept in the thread of the case
        :raises UserError: when nobody is named, or the case is no misconduct case
        :raises AccessError: when the user neither coordinates nor inspects the case
        """
        named = dict(
            zip(ACCUSED, (list(unit_ids), list(position_ids), list(user_ids)), strict=True)
        )
        if not any(named.values()):
            raise UserError(self.env._("Name at least one unit, position or person."))
        note = self._clean(note or "").strip()
        self.check_access("read")
        self._lock_cases()
        for complaint in self:
            complaint._check_is_misconduct()
            if not complaint._may_coordinate(self.env.user):
                raise AccessError(
                    self.env._("The accused are named by whoever coordinates or inspects a case.")
                )
        # Checked above as the user; what follows is written as the system. It only adds.
        self.sudo().write(
            {name: [fields.Command.link(key) for key in keys] for name, keys in named.items()}
        )
        self.sudo()._log_misconduct("accused_named", self.env._("Accused named."), note, **named)
        return True

    def action_unmark_misconduct(self, reason):
        """Say that a case is no misconduct case after all; nobody is accused then.

        :param str reason: why
        :raises UserError: without a reason, or when it is none
        :raises AccessError: for others than the inspectorate
        """
        self.ensure_one()
        reason = self._check_misconduct_words(reason, self.env._("Say why it is none."))
        self.check_access("read")
        self._lock_cases()
        self._check_is_misconduct()
        self._check_inspects()
        # The inspectorate decides; what follows is written as the system.
        case = self.sudo()
        case._log_misconduct(
            "misconduct_unmarked", self.env._("No misconduct case after all."), reason
        )
        case.write({"is_misconduct": False, **{name: [fields.Command.clear()] for name in ACCUSED}})
        case._drop_tasks(["misconduct_marked", "misconduct_lead", "end_asked"])
        visit = case.current_step_id
        if visit and not visit.position_id:
            visit._move(*case._find_owner(visit.sop_step_id))
        return True

    def action_ask_end(self, note):
        """Ask the inspectorate to agree that a misconduct case may be ended.

        :param str note: how it is to end, and why
        :raises UserError: without words, when it is none, or agreed already
        :raises AccessError: when the user neither coordinates it nor has its step
        """
        self.ensure_one()
        note = self._check_misconduct_words(note, self.env._("Say how it is to end, and why."))
        self.check_access("read")
        self._lock_cases()
        self._check_is_misconduct()
        # Facts of the case that this check needs; what follows is written as the system.
        case = self.sudo()
        visit = case.current_step_id
        if not self._may_coordinate(self.env.user) and not (
            visit and visit._may_act(self.env.user)
        ):
            raise AccessError(self.env._("Whoever coordinates the case or has its step asks."))
        if case.end_agreed_at:
            raise UserError(
                self.env._("The inspectorate has agreed already; %s may be ended.", self.number)
            )
        case._log_misconduct("end_asked", self.env._("The inspectorate is asked to agree."), note)
        case._add_inspectorate_task(
            "end_asked",
            self.env._("Agree that the case may be ended, or say what is missing"),
            note=Markup("<p>%s</p>") % note,
        )
        return True

    def action_agree_end(self, note=None):
        """Agree, as the inspectorate, that a misconduct case may be ended: closed by its SOP,
        archived or withdrawn.

        :param str note: what is to be observed; kept in the thread
        :raises UserError: when it is none, or closed
        :raises AccessError: for others than the inspectorate
        """
        self.ensure_one()
        note = self._clean(note or "").strip()
        self.check_access("read")
        self._lock_cases()
        self._check_is_misconduct()
        self._check_inspects()
        # The inspectorate agrees; what follows is written as the system.
        case = self.sudo()
        if case.phase == "closed":
            raise UserError(self.env._("Complaint %s is closed already.", self.number))
        case._agree_end()
        case._log_misconduct(
            "end_agreed", self.env._("The inspectorate agrees that the case may be ended."), note
        )
        case._drop_tasks(["end_asked"])
        return True

    def action_open_misconduct(self, act):
        """The dialog of one of the acts above.

        :param str act: of ``lapor.misconduct.ask``
        """
        self.ensure_one()
        self.check_access("read")
        self._check_is_misconduct()
        titles = dict(
            self.env["lapor.misconduct.ask"]._fields["act"]._description_selection(self.env)
        )
        return self._open_dialog("lapor.misconduct.ask", titles[act], default_act=act)

    def action_open_accused(self):
        """The dialog of :meth:`action_name_accused`."""
        return self.action_open_misconduct("accused")

    def action_open_unmark(self):
        """The dialog of :meth:`action_unmark_misconduct`."""
        return self.action_open_misconduct("unmark")

    def action_open_ask_end(self):
        """The dialog of :meth:`action_ask_end`."""
        return self.action_open_misconduct("ask_end")

    def action_open_agree_end(self):
        """The dialog of :meth:`action_agree_end`."""
        return self.action_open_misconduct("agree_end")

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Facts of the case by which acts are offered; each act checks by itself.
        case = self.sudo()
        if not self.id or not case.is_misconduct:
            return acts
        user = self.env.user
        inspects, coordinates = self._inspects(user), self._may_coordinate(user)
        is_open = case.phase != "closed"
        offered = [
            (
                "name_accused",
                "action_open_accused",
                self.env._("Name the accused"),
                self.env._("Units, positions or people that the case accuses see it no more."),
                coordinates,
            ),
            (
                "ask_end",
                "action_open_ask_end",
                self.env._("Ask the inspectorate to agree"),
                self.env._("A misconduct case is ended only with the inspectorate's agreement."),
                is_open and (coordinates or mine) and not inspects and not case.end_agreed_at,
            ),
            (
                "agree_end",
                "action_open_agree_end",
                self.env._("Agree that it may be ended"),
                self.env._("Whoever has the step may then close, archive or withdraw it."),
                is_open and inspects and not case.end_agreed_at,
            ),
            (
                "unmark",
                "action_open_unmark",
                self.env._("No misconduct case"),
                self.env._("It goes on as an ordinary complaint, seen by all who handle it."),
                is_open and inspects,
            ),
        ]
        return acts + [
            {
                "id": key,
                "method": method,
                "label": label,
                "kind": "misconduct",
                "help": text,
                "primary": False,
            }
            for key, method, label, text, wanted in offered
            if wanted
        ]

    # ------------------------------------------------------------
    # ENDING NEEDS THE INSPECTORATE
    # ------------------------------------------------------------

    def _agree_end(self):
        self._engine_write(
            {"end_agreed_at": fields.Datetime.now(), "end_agreed_by_id": self.env.uid}
        )

    def _close(self, outcome, **details):
        # Every way to an end comes here, as the system, in the user's name.
        for case in self:
            case._check_end_agreed()
        return super()._close(outcome, **details)

    def _check_end_agreed(self):
        """Whether this case may be ended now, as far as the inspectorate is concerned.

        :raises UserError: when it is a misconduct case whose end it has not agreed to
        """
        self.ensure_one()
        main = self.main_id
        if not self.is_misconduct or self.end_agreed_at or main.end_agreed_at:
            return
        if self._inspects(self.env.user):
            self._agree_end()
            return
        positions = self.env["lapor.position"].search(
            [("role_id.inspects", "=", True), ("company_id", "=", self.company_id.id)]
        )
        if positions.holder_id and not positions.filtered(self._is_open_to):
            # The inspectorate itself is accused: it has no say in how the case ends.
            self._check_end_without_inspectorate()
            return
        raise UserError(
            self.env._(
                "%s is a misconduct case: it is closed, archived or withdrawn only when the "
                "inspectorate agrees. Choose “Ask the inspectorate to agree” on the case.",
                self.number,
            )
        )

    def _reopen(self, note, step, mistake):
        self._engine_write({"end_agreed_at": False, "end_agreed_by_id": False})
        return super()._reopen(note, step, mistake)

    # ------------------------------------------------------------
    # CHECKS AND RECORDS
    # ------------------------------------------------------------

    def _check_is_misconduct(self):
        for complaint in self:
            if not complaint.is_misconduct:
                raise UserError(self.env._("%s is no misconduct case.", complaint.number))

    def _check_inspects(self):
        """
        :raises AccessError: when the user does not inspect these cases
        """
        if self.env.uid != SUPERUSER_ID and not self._inspects(self.env.user):
            # The numbers of cases that the user named himself.
            raise AccessError(
                self.env._(
                    "Only the inspectorate decides this about a misconduct case (%s).",
                    ", ".join(self.sudo().mapped("number")),
                )
            )

    @api.model
    def _check_misconduct_words(self, words, missing):
        words = clean_text(words or "").strip()
        if not words:
            raise UserError(missing)
        return words

    def _log_misconduct(self, code, sentence, note, **facts):
        """Record an act of these cases in evidence and thread, as the system."""
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": code,
                    "data": {**facts, **({"note": note} if note else {})},
                }
                for case in self
            ]
        )
        body = Markup("<p>%s</p>") % sentence
        if note:
            body += Markup("<p class='o_lapor_said'>%s</p>") % note
        self._message_log_batch(
            bodies=dict.fromkeys(self.ids, body), author_id=self.env.user.partner_id.id
        )
