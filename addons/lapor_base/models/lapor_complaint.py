from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.plain_text import clean_line, clean_text
from .lapor_sop import CLASSIFICATIONS
from .lapor_sop_step import PHASES
from .lapor_sop_transition import OUTCOMES

TITLE_LENGTH = 250


class LaporComplaint(models.Model):
    """A complaint (aduan) and its way through the office.

    - Whoever takes it in (form, mail, import) calls ``create``: number, tracking code, SOP
      in force, first step and acknowledgement follow by themselves.
    - Only :meth:`action_advance` (``lapor.engine.mixin``) moves it on. Fields that say where
      the case stands are refused in ``create`` and ``write`` for everyone.
    - It is never deleted: it is evidence.
    """

    _name = "lapor.complaint"
    _description = "Complaint"
    _inherit = [
        # Parts that add to a move stand before the engine that makes it.
        "lapor.rejoin.mixin",
        "lapor.similar.mixin",
        "lapor.merge.screen.mixin",
        "lapor.misroute.screen.mixin",
        "lapor.outside.mixin",
        "lapor.promise.mixin",
        "lapor.reopen.mixin",
        "lapor.hold.window.mixin",
        "lapor.ending.mixin",
        "lapor.disposition.mixin",
        "lapor.disposition.screen.mixin",
        "lapor.interim.mixin",
        "lapor.response.mixin",
        "lapor.inspection.mixin",
        "lapor.hush.mixin",
        "lapor.thread.mixin",
        "lapor.engine.mixin",
        "lapor.handover.mixin",
        "lapor.identity.mixin",
        "lapor.intake.mixin",
        "lapor.mail.mixin",
        "lapor.release.mixin",
        "lapor.secrecy.mixin",
        "lapor.privacy.mixin",
        "lapor.screen.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "received_at desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    # Whoever may read a case may write in its thread; the case itself is moved by acts.
    _mail_post_access = "read"

    number = fields.Char(readonly=True, copy=False, index=True)
    tracking_code = fields.Char(
        readonly=True,
        copy=False,
        groups="lapor_base.group_lapor_intake,lapor_base.group_lapor_inspect,"
        "lapor_base.group_lapor_admin",
        help="The complainant's key to the complaint. Tell it to nobody else.",
    )
    name = fields.Char(string="Title", required=True, tracking=True)
    description = fields.Text(string="Complaint Text", required=True)
    classification = fields.Selection(
        CLASSIFICATIONS, string="Class", required=True, default="complaint", tracking=True
    )
    is_misconduct = fields.Boolean(
        string="Misconduct Case",
        tracking=True,
        help="Berkadar pengawasan: abuse of office, corruption, extortion, discipline. Seen by "
        "the coordinator and the inspectorate only.",
    )
    category_id = fields.Many2one(
        "lapor.category", index=True, check_company=True, tracking=True, ondelete="restrict"
    )
    channel_id = fields.Many2one(
        "lapor.channel",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_channel_id(),
    )
    channel_code = fields.Char(related="channel_id.code")
    channel_reference = fields.Char(
        string="Number in the Channel",
        help="Number of the complaint in the channel, such as SP4N's.",
    )
    place = fields.Char(help="Where it happened.")
    incident_date = fields.Date()
    received_at = fields.Datetime(
        string="Received", required=True, default=fields.Datetime.now, index=True
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    is_anonymous = fields.Boolean(
        string="Anonymous", help="The identity is hidden from those who handle the case."
    )
    is_secret = fields.Boolean(
        string="Confidential",
        help="The content is not public, and inside the government it is for those who "
        "coordinate and handle the case.",
    )
    complainant_id = fields.Many2one(
        "lapor.complainant", copy=False, index=True, ondelete="restrict", check_company=True
    )

    company_id = fields.Many2one(
        "res.company",
        string="Government",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
    )
    intake_unit_id = fields.Many2one(
        "lapor.unit", string="Taken In By", check_company=True, ondelete="restrict"
    )
    managing_unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        readonly=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Handled By",
        readonly=True,
        copy=False,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    involved_unit_ids = fields.Many2many(
        "lapor.unit", string="Involved Units", readonly=True, copy=False
    )
    sop_id = fields.Many2one(
        "lapor.sop", string="SOP", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    phase = fields.Selection(
        PHASES,
        required=True,
        default="intake",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False)
    current_step_id = fields.Many2one(
        "lapor.complaint.step", readonly=True, copy=False, index="btree_not_null"
    )
    current_position_id = fields.Many2one(
        related="current_step_id.position_id", store=True, string="Position in Charge"
    )
    current_user_id = fields.Many2one(
        related="current_step_id.user_id", store=True, string="In Charge", index="btree_not_null"
    )
    current_unit_id = fields.Many2one(
        related="current_step_id.unit_id", store=True, string="Unit in Charge"
    )
    step_name = fields.Char(related="current_step_id.sop_step_id.display_name", string="Step")

    step_ids = fields.One2many("lapor.complaint.step", "complaint_id", string="Way So Far")
    disposition_ids = fields.One2many("lapor.disposition", "complaint_id", readonly=True)
    response_ids = fields.One2many("lapor.response", "complaint_id")
    inspection_ids = fields.One2many("lapor.inspection", "complaint_id")
    event_ids = fields.One2many("lapor.event", "complaint_id")

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "Two complaints cannot have the same number."
    )
    _complainant_uniq = models.UniqueIndex(
        "(complainant_id) WHERE complainant_id IS NOT NULL",
        "Each complaint has a complainant of its own, also when the same person complains again.",
    )
    _tracking_code_uniq = models.UniqueIndex("(tracking_code)")
    _closed_check = models.Constraint(
        "CHECK ((phase = 'closed') = (outcome IS NOT NULL))",
        "A closed complaint has an outcome, an open one has none.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("number", "name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        # Many2one values are read as the system; the title must still be told only to those
        # who may read the case.
        saved = self.filtered("id")
        readable = saved.with_user(self.env.uid)._filtered_access("read") | (self - saved)
        for complaint in self:
            title = (complaint.name or "") if complaint in readable else ""
            complaint.display_name = f"{complaint.number or '–'} {title}".strip()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _default_channel_id(self):
        # Asked for every complaint: without env.ref's query whether it exists.
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "lapor_base.channel_counter", raise_if_not_found=False
        )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "number",
            "tracking_code",
            "company_id",
            "managing_unit_id",
            "unit_id",
            "involved_unit_ids",
            "sop_id",
            "phase",
            "outcome",
            "closed_at",
            "current_step_id",
            "current_position_id",
            "current_user_id",
            "current_unit_id",
            "step_ids",
            "disposition_ids",
            "response_ids",
            "inspection_ids",
            "event_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        complaints = self._file(vals_list)
        complaints._start()
        # The receipt goes out whoever keys the complaint in; its text comes from the program.
        complaints.sudo()._acknowledge()
        return complaints

    @api.model
    def _file(self, vals_list, **engine):
        """Make cases that have not begun yet; whoever calls this begins them (``_start``).

        :param engine: further values of these cases that only the program sets
        """
        found = {}
        complaints = super().create(
            [{**self._prepare_complaint(vals, found), **engine} for vals in vals_list]
        )
        complaints._set_event_tip(0, "")
        received = {complaint: complaint._words() for complaint in complaints}
        for complaint, masked in complaints._masked_words().items():
            super(LaporComplaint, complaint).write(masked)
        complaints._keep_received(received)
        return complaints

    @api.model
    def default_get(self, fields):
        """Defaults of a form or of a user are for what the complaint says, not for where it
        stands."""
        guarded = [name for name in fields if name in self._engine_fields() - {"company_id"}]
        plain = self.with_user(SUPERUSER_ID).with_context({})
        return {
            **super().default_get([name for name in fields if name not in guarded]),
            **super(LaporComplaint, plain).default_get(guarded),
        }

    def write(self, vals):
        self._refuse_engine_fields(vals, self._engine_fields() | {"received_at", "intake_unit_id"})
        vals = self._clean_texts(vals)
        if not vals.get("name", True) or not vals.get("description", True):
            raise ValidationError(self.env._("A complaint needs a title and a text."))
        if vals.keys() & {"is_anonymous", "complainant_id"} and not self.env.su:
            self._check_identity_is_open()
        before = self._words_before(vals)
        closed = self.filtered(lambda case: case.phase == "closed")[:1]
        if before and closed:
            raise UserError(
                self.env._(
                    "Complaint %(number)s is closed; its data can no longer be changed.",
                    number=closed.number,
                )
            )
        for cases, typed in self._as_typed(vals):
            super(LaporComplaint, cases).write(typed)
        self._keep_versions(before)
        if vals.keys() & {"is_anonymous", "complainant_id"}:
            self._hide_identity(case for case, words in before.items() if not words["is_anonymous"])
        if vals.get("is_misconduct") or vals.get("is_secret"):
            self._withdraw_from_blind()
        return True

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("A complaint cannot be duplicated. Register a new one instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Complaints are evidence and are never deleted."))

    def _engine_write(self, vals):
        """Write of the engine: past the guard of :meth:`write`, not reachable by RPC."""
        before = self._words_before(vals)
        result = super().write(vals)
        self._keep_versions(before)
        return result

    @api.model
    def _tracked_data(self):
        """What the complaint says: changes of it are recorded as events."""
        return {
            "name",
            "description",
            "classification",
            "is_misconduct",
            "category_id",
            "channel_id",
            "channel_reference",
            "letter_date",
            "place",
            "incident_date",
            "is_anonymous",
            "is_secret",
            "complainant_id",
        }

    def _refuse_engine_fields(self, vals, names):
        refused = sorted(names & vals.keys())
        if refused:
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in refused)
            raise UserError(
                self.env._(
                    "Where a complaint stands changes only by doing its step, not by writing "
                    "fields (%(fields)s).",
                    fields=labels,
                )
            )

    @api.model
    def _clean_texts(self, vals):
        vals = dict(vals)
        if not self.env.su:
            # A mail's subject is cut and stands whole in the text; what is typed is not cut.
            self._check_lengths(vals)
        if "name" in vals:
            vals["name"] = clean_line(vals["name"] or "", TITLE_LENGTH)
        if "description" in vals:
            vals["description"] = clean_text(vals["description"] or "")
        for name in ("place", "channel_reference"):
            if vals.get(name):
                vals[name] = clean_line(vals[name], TITLE_LENGTH)
        return vals

    def _local_received_at(self):
        """When the complaint was received, in the managing office's time zone (aware)."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.managing_unit_id._get_tz()), self.received_at
        )

    def _is_answered_by_mail(self):
        """Whether the system itself can send this case's answers."""
        self.ensure_one()
        return self.channel_id.delivery == "email" and self._has_mail_address()

    def _has_mail_address(self):
        """Whether the complainant can be reached by mail, without telling the address."""
        self.ensure_one()
        # Handlers of an anonymous case may not read the address but must know the way.
        return bool(self.sudo().complainant_id.email)
