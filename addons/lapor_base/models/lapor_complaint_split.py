from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

# What the files of a complainant hang on.
MESSAGES = "lapor_base.mt_complainant"


class LaporComplaint(models.Model):
    """Pisah: one complaint about two matters becomes two linked cases.

    The second has an office, clocks, a letter and an answer of its own; it begins with the SOP that
    its category and class have. The words of the complaint stay in both as they were received
    (``lapor.complaint.version``), and anonymity, confidentiality, misconduct and the accused go
    along. Its time counts from the day on which the complaint was received: the complainant has
    waited since then for both matters. The complainant is told both numbers, once.

    As long as nobody has worked on the second it can be taken back; later the two can be merged.
    """

    _inherit = "lapor.complaint"

    split_from_id = fields.Many2one(
        "lapor.complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The complaint of which this is another matter.",
    )
    split_ids = fields.One2many(
        "lapor.complaint", "split_from_id", string="Other Matters", readonly=True
    )
    split_count = fields.Integer(compute="_compute_split_count")
    split_undone_at = fields.Datetime(
        string="Split Taken Back",
        readonly=True,
        copy=False,
        help="The two are one case again; this number is not counted.",
    )

    @api.depends("split_ids", "split_from_id")
    def _compute_split_count(self):
        for complaint in self:
            # How many there are, whether or not the reader may see them.
            complaint.split_count = len(complaint.sudo()._split_others())

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"split_from_id", "split_ids", "split_undone_at"}

    def _split_others(self):
        """The complaint of which this is another matter, and its other matters.

        :rtype: lapor.complaint
        """
        self.ensure_one()
        case = self._origin
        first = case.split_from_id or case
        # Searched for: what somebody with fewer rights read of them before may be less.
        return (first | case.search([("split_from_id", "in", first.ids)], order="id")) - case

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_split(self, name, category_id=None, classification=None):
        """Make a second case of another matter of this complaint.

        :param str name: title of the second
        :param int category_id: ``lapor.category`` of the second
        :param str classification: class of the second; by default that of this one
        :returns: the second case
        :rtype: lapor.complaint
        :raises UserError: when this one is closed, answered, supports another one, when nothing
            says what the other matter is, or when it has been split off already
        :raises AccessError: when the user neither coordinates it nor takes in complaints
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_split()
        category = self._check_category(category_id)
        classification = classification or self.classification
        self._check_classification(classification)
        name = self._clean_texts({"name": name or ""})["name"]
        if not name:
            raise UserError(self.env._("Give the other matter a title."))
        if self._is_hidden():
            name = self._typed_text(name, self.name)
        matter = (name, category, classification)
        # Which matters there are already, also those that the user may not see.
        case = self.sudo()
        if matter == case._matter():
            raise UserError(
                self.env._(
                    "Say what the other matter is: another title, category or class than that of "
                    "%s.",
                    self.number,
                )
            )
        known = case._split_others().filtered(
            lambda other: not other.split_undone_at and other._matter() == matter
        )
        if known:
            raise UserError(
                self.env._("This matter has been split off already: %s.", known[0].number)
            )
        # Checked above as the user; what follows is written as the system.
        second = case._split(name, category, classification)
        return second.with_env(self.env)

    def action_unsplit(self):
        """Take back that this case was split off: the complaint is one case again.

        :raises UserError: when it was not, or somebody has worked on it
        :raises AccessError: as :meth:`action_split`
        """
        self.ensure_one()
        self.check_access("read")
        # The two are locked together; which they are is told by the number only.
        (self | self.sudo().split_from_id.sudo(False))._lock_cases()
        case = self.sudo()
        if not case.split_from_id or case.split_undone_at:
            raise UserError(self.env._("Complaint %s was not split off.", self.number))
        self._check_may_split_cases()
        if not case._is_split_untouched():
            raise UserError(
                self.env._(
                    "Work on %(number)s has begun. Merge it with %(first)s instead: both are then "
                    "answered together.",
                    number=self.number,
                    first=case.split_from_id.number,
                )
            )
        # Checked above as the user; what follows is written as the system.
        case._unsplit()
        return True

    def action_open_split(self):
        """The dialog of :meth:`action_split`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_split()
        return self._open_dialog("lapor.split.ask", self.env._("Split: Another Matter"))

    def action_view_split(self):
        """The other cases of the same complaint, those that the reader may see."""
        self.ensure_one()
        self.check_access("read")
        # Found as the system, shown by the reader's own rules.
        others = self.sudo()._split_others().sudo(False)._filtered_access("read")
        if len(others) == 1:
            return others._get_form_action()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("lapor_base.lapor_complaint_action"),
            "name": self.env._("Other Matters"),
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", others.ids)],
            "context": {},
        }

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Facts of the case by which acts are offered; each act checks by itself.
        case = self.sudo()
        if not visit or case.main_id or not self._may_split_cases():
            return acts
        offered = [
            (
                "split",
                "action_open_split",
                self.env._("Split: it is about two matters"),
                self.env._("The other matter becomes a case of its own, with its own answer."),
                not case.split_from_id and not case._answer_sent(),
            ),
            (
                "unsplit",
                "action_unsplit",
                self.env._("Take the split back"),
                self.env._("It is one case again with %s.", case.split_from_id.number or ""),
                case.split_from_id and case._is_split_untouched(),
            ),
        ]
        return acts + [
            {
                "id": key,
                "method": method,
                "label": label,
                "kind": "split",
                "help": text,
                "primary": False,
            }
            for key, method, label, text, wanted in offered
            if wanted
        ]

    # ------------------------------------------------------------
    # CHECKS, AS THE USER
    # ------------------------------------------------------------

    def _may_split_cases(self):
        """Whether this user coordinates the case, or takes in complaints and may write it."""
        self.ensure_one()
        user = self.env.user
        takes_in = user.has_group("lapor_base.group_lapor_intake") and self.has_access("write")
        return takes_in or self._may_coordinate(user)

    def _check_may_split_cases(self):
        """
        :raises AccessError: for others than those who coordinate or take in
        """
        if not self._may_split_cases():
            raise AccessError(
                self.env._(
                    "Only whoever coordinates %s, or takes in complaints, says what is one case "
                    "and what are two.",
                    self.number,
                )
            )

    def _check_may_split(self):
        """Whether this user may split this case now.

        :raises UserError: when it is closed, answered, or supports another one
        :raises AccessError: for others than those who coordinate or take in
        """
        self.ensure_one()
        self._check_may_split_cases()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if case.phase == "closed":
            raise UserError(self.env._("Complaint %s is closed already.", self.number))
        if case.main_id:
            raise UserError(
                self.env._(
                    "%(number)s supports %(main)s. Separate it first, then split it.",
                    number=self.number,
                    main=case.main_id.number,
                )
            )
        if case.split_from_id:
            raise UserError(
                self.env._(
                    "%(number)s is a matter of %(first)s itself: split that one again.",
                    number=self.number,
                    first=case.split_from_id.number,
                )
            )
        if case._answer_sent():
            raise UserError(
                self.env._(
                    "%s has been answered already. Register the other matter as a new complaint.",
                    self.number,
                )
            )

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _matter(self):
        return self.name, self.category_id, self.classification

    def _split(self, name, category, classification):
        """Make the second case, with what belongs to both."""
        self.ensure_one()
        values = {"category_id": category.id, "classification": classification}
        for field in self._tracked_data() - {"complainant_id", *values}:
            value = self[field]
            if isinstance(value, models.BaseModel):
                many = self._fields[field].type == "many2many"
                value = [Command.set(value.ids)] if many else value.id
            values[field] = value
        values |= {
            "received_at": self.received_at,
            "intake_unit_id": self.intake_unit_id.id,
            "company_id": self.company_id.id,
        }
        # Without the complainant at first: the words have been compared with the identity when
        # they came in, and what has been typed since never is.
        second = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)._file(
            [values],
            split_from_id=self.id,
            shut_out_user_ids=[Command.set(self.shut_out_user_ids.ids)],
            is_led_by_inspectorate=self.is_led_by_inspectorate,
        )
        second = second.with_env(self.env)
        files = second._take_files_along(self)
        second._start({"split_from": self.id, "files": {str(one.id): one._seal() for one in files}})
        second._engine_write({"complainant_id": self._copy_complainant().id, "name": name})
        notice = self._notify_split(second)
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "split_off",
                    "visit": self.current_step_id,
                    "position": self.current_position_id,
                    "data": {"split": second.id, "notice": notice.id},
                }
            ]
        )
        # By their numbers only: whoever reads the one need not be allowed to read the other.
        self._tell_split(self.env._("Another matter of it is handled as %s.", second.number))
        second._tell_split(
            self.env._(
                "Split off from %s. The words of the complaint stand in both as they were "
                "received.",
                self.number,
            ),
            files,
        )
        return second

    def _copy_complainant(self):
        """The same person for another case; no complainant is shared between two."""
        person = self.complainant_id
        if not person:
            return person
        other = person.copy({"name": person.name})
        for file in person.file_ids:
            file.copy({"res_id": other.id})
        return other

    def _take_files_along(self, original):
        """What the complainant sent with a complaint, also in this case.

        :rtype: ir.attachment
        """
        subtype = self.env["ir.model.data"]._xmlid_to_res_id(MESSAGES)
        sent = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", original.id),
                ("subtype_id", "=", subtype),
            ]
        )
        # What was put beside it while it was taken in; later files are the office's.
        first = original.step_ids.filtered(lambda visit: visit.kind != "intake").sorted("id")[:1]
        beside = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", original.id),
                ("res_field", "=", False),
                ("create_date", "<=", first.done_at or fields.Datetime.now()),
            ]
        )
        posted = self.env["mail.message"].search([("attachment_ids", "in", beside.ids)])
        files = sent.attachment_ids | (
            beside - posted.attachment_ids - original.step_ids.attachment_ids
        )
        return self.env["ir.attachment"].union(
            *(file.copy({"res_id": self.id}) for file in files.sorted("id"))
        )

    def _notify_split(self, second):
        """Tell the complainant both numbers, once; the key to the second goes by mail only."""
        self.ensure_one()
        render = self.env["ir.qweb"]._render
        subject = f"Aduan {self.number} kami tangani sebagai dua aduan"
        values = {"complaint": self, "second": second}
        if not self._is_answered_by_mail():
            return self._notify_complainant(subject, "lapor_base.notice_split", {"second": second})
        response = self.env["lapor.response"].create(
            {
                "complaint_id": self.id,
                "visit_id": self.current_step_id.id,
                "kind": "notice",
                "subject": subject,
                "body": render("lapor_base.notice_split", values, minimal_qcontext=True),
                "state": "submitted",
                "author_id": self.env.uid,
            }
        )
        values["code"] = second.tracking_code
        response._deliver(
            self.current_step_id,
            False,
            mail_body=render("lapor_base.notice_split", values, minimal_qcontext=True),
        )
        return response

    def _is_split_untouched(self):
        """Whether nobody has done anything with this split-off case yet."""
        self.ensure_one()
        visits = self.step_ids.filtered(lambda visit: visit.kind != "intake")
        return (
            self.phase != "closed"
            and len(visits) == 1
            and visits == self.current_step_id
            and not (self.main_id or self.supporter_ids)
            and not (self.response_ids or self.disposition_ids or self.inspection_ids)
            and not (self.hold_ids or self.promise_ids)
            and "message_received" not in self.event_ids.mapped("code")
        )

    def _unsplit(self):
        """Close a split-off case as one with the other again, and tell the complainant, unless the
        split itself was never told."""
        self.ensure_one()
        original = self.split_from_id
        told = original.event_ids.filtered(
            lambda event: event.code == "split_off" and event.data["split"] == self.id
        )
        notice = self.env["lapor.response"].browse(told[-1:].data["notice"]).exists()
        self._engine_write({"split_undone_at": fields.Datetime.now()})
        self._end(
            "duplicate", note=self.env._("The split is taken back: one with %s.", original.number)
        )
        self.env["lapor.event"]._log(
            [
                {"complaint": self, "code": "split_undone", "data": {"split_from": original.id}},
                {"complaint": original, "code": "split_undone", "data": {"split": self.id}},
            ]
        )
        original._tell_split(self.env._("%s is one with it again.", self.number))
        if notice.delivery_waits:
            notice._give_up(self.env._("The split was taken back before it was passed on."))
            return
        original._notify_complainant(
            f"Aduan {self.number} kami satukan kembali dengan {original.number}",
            "lapor_base.notice_split_undone",
            {"second": self},
        )

    def _tell_split(self, sentence, files=()):
        self._message_log(
            body=Markup("<p>%s</p>") % sentence,
            author_id=self._acting_partner().id,
            attachment_ids=[file.id for file in files],
        )

    # ------------------------------------------------------------
    # WHAT IT MEANS ELSEWHERE
    # ------------------------------------------------------------

    def _keep_received(self, received):
        """A split-off case came in with the words of the complaint, as they were received then."""
        for case in received:
            # As the system: compared, not shown.
            first = case.sudo().split_from_id.version_ids.sorted("number")[:1]
            if first.before:
                received[case] = {**first.before, "complainant_id": None}
        return super()._keep_received(received)

    def _typed_since_hidden(self):
        # What was typed into the complaint before the split is not its complainant's either.
        names = super()._typed_since_hidden()
        return names | self.split_from_id._typed_since_hidden() if self.split_from_id else names

    def _reopen(self, note, step, mistake):
        if self.split_undone_at:
            # Two cases again.
            self._engine_write({"split_undone_at": False})
        return super()._reopen(note, step, mistake)

    def _match_candidates(self, text, domain):
        # Matters that a person took apart are never proposed to be merged again.
        first = self.split_from_id.id
        apart = Domain("split_from_id", "not in", [self._origin.id or 0, first or 0])
        return super()._match_candidates(text, domain & apart & Domain("id", "!=", first))


class LaporUnit(models.Model):
    """How an office counts complaints that were split."""

    _inherit = "lapor.unit"

    split_counting = fields.Selection(
        [
            ("each", "Each case counts"),
            ("once", "The complaint counts once, and is done when all its cases are"),
        ],
        string="Split Complaints in Reports",
        default="each",
        required=True,
        help="How reports count a complaint that was split into cases of their own.",
    )
