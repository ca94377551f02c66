import base64
from email.utils import parseaddr

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS
from odoo.tools import format_date

from ..tools import mail_bounds, mail_reader
from ..tools.mail_reader import MAX_FILES, read_mail
from ..tools.plain_text import clean_text
from .lapor_mail_sorter import UNREADABLE

#: Code of the task to decide on held mails.
PEN_TASK = "held_pen"
HIDDEN = "••••••"
#: Bytes of a mail that are read to show what it says: of 40 MB of photos, the text comes first.
PREVIEW = 2 * 1024**2


class LaporMailHeld(models.Model):
    """The holding pen: a mail that was not taken in by itself, kept whole, with the reason.

    Nothing is dropped. Whoever coordinates releases it (as a new complaint, or as a message of a
    complaint), or puts it aside.
    """

    _name = "lapor.mail.held"
    _description = "Held Mail"
    _inherit = ["mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Subject", readonly=True)
    sender = fields.Char(readonly=True)
    rule_id = fields.Many2one(
        "lapor.mail.rule", string="Why", readonly=True, index=True, ondelete="set null"
    )
    kind = fields.Char(related="rule_id.code", string="Code of the Rule")
    detail = fields.Char(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    raw = fields.Binary(string="Original Mail", attachment=True, readonly=True)
    raw_name = fields.Char(default="surat.eml", readonly=True)
    is_sealed = fields.Boolean(
        string="Identity Hidden",
        readonly=True,
        help="It belongs to an anonymous case: its sender is told to nobody, the original is kept.",
    )
    sealed_raw = fields.Binary(attachment=True, groups=NO_ACCESS)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    preview = fields.Text(compute="_compute_preview", string="Text")
    file_names = fields.Char(compute="_compute_preview")
    state = fields.Selection(
        [("held", "Held"), ("released", "Taken In"), ("discarded", "Discarded")],
        required=True,
        default="held",
        readonly=True,
        index=True,
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Office",
        domain="[('kind', 'in', ['manager', 'opd', 'upt', 'bumd'])]",
        help="The office that takes it in as a new complaint.",
    )
    complaint_id = fields.Many2one(
        "lapor.complaint", help="The complaint that it belongs to, or has become."
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Government",
        readonly=True,
        index=True,
        help="Whose office the mail was sent to. Empty: nobody knows; administrators of all "
        "governments see it.",
    )

    @api.depends("rule_id.reason", "detail")
    @api.depends_context("lang")
    def _compute_reason(self):
        for held in self:
            held.reason = self._said(held.rule_id, held.detail)

    @api.model
    def _said(self, rule, detail):
        """Why a mail is held, as one reads it.

        :param rule: ``lapor.mail.rule`` that holds it
        :param str detail: see ``lapor.mail.rule``
        """
        if rule.code in ("excess", "cut"):
            detail = self._bounds().get(detail)
        reason = rule.reason or ""
        return f"{reason} ({detail})" if detail else f"{reason}."

    @api.model
    def _bounds(self):
        """What each bound of a mail is called (``mail_bounds``, ``ReadMail.cut``)."""
        return {
            "size": self.env._("more than %s MB", mail_bounds.MAX_SIZE // 1024**2),
            "headers": self.env._("headers without end"),
            "depth": self.env._("too many mails or parts within one another"),
            "parts": self.env._("too many parts"),
            "text": self.env._("more than %s characters of text", mail_reader.MAX_TEXT),
            "files": self.env._("more than %s files", MAX_FILES),
        }

    @api.depends("raw")
    def _compute_preview(self):
        for held in self:
            held.preview = held.file_names = False
            whole = held._raw_bytes()
            raw = whole[:PREVIEW]
            try:
                mail = None if mail_bounds.excess(raw) else read_mail(raw)
            except UNREADABLE:
                mail = None
            if mail:
                text = clean_text(self.env["lapor.complaint"]._text_of(mail))[:20_000]
                names = ", ".join(file.name for file in mail.files)
                names += ", …" if names and len(whole) > PREVIEW else ""
                held.preview, held.file_names = held._shown(text, mail), held._shown(names, mail)
            elif not held.is_sealed:
                held.preview = clean_text(raw[:2000].decode("utf-8", "replace"))

    def _shown(self, text, mail):
        """A text of this mail without who wrote it, where that is hidden.

        :param ReadMail mail: what the mail says
        """
        if not self.is_sealed:
            return text
        # Not compared with the identity: anybody may send a mail with a thousand names to a case.
        return self.complaint_id._without_numbers(text, own=[mail.sender, mail.sender_name])

    def _seal(self):
        """Hide who wrote the mails of anonymous cases: whoever takes mails in decides on them as
        on all others, and learns nothing. The original is kept where nobody reads it."""
        # Called when a case became anonymous; what is hidden goes where nobody reads it.
        for held in self.sudo():
            case = held.complaint_id
            if not case.is_anonymous or held.is_sealed:
                continue
            raw = held._raw_bytes()
            own = [held.sender, *parseaddr(held.sender or "")]
            held.write(
                {
                    "is_sealed": True,
                    "sealed_raw": base64.b64encode(raw),
                    "raw": False,
                    "sender": HIDDEN,
                    "name": case._without_numbers(held.name or "", own=own),
                    "detail": case._without_numbers(held.detail or "", own=own),
                }
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Mails are held by the mail gateway only."))
        mails = super().create(vals_list)
        mails._seal()
        return mails

    def write(self, vals):
        # Where it goes may be chosen as long as it is held; the rest is written by the acts.
        if not self.env.su:
            if vals.keys() - {"unit_id", "complaint_id"} or any(
                held.state != "held" for held in self
            ):
                raise UserError(
                    self.env._("Of a held mail only its office or its complaint can be chosen.")
                )
            # Whoever chooses a complaint must be able to see it.
            self.env["lapor.complaint"].browse(vals.get("complaint_id") or ()).check_access("read")
            self.env["lapor.unit"].browse(vals.get("unit_id") or ()).check_access("read")
        result = super().write(vals)
        if vals.get("complaint_id"):
            self._seal()
        return result

    @api.model
    def process_raw(self, raw):
        """Take in one mail as a mail server hands it over; what cannot be taken in is held.

        The caller commits, and tells the source only then that the mail is taken. Only for
        those who may create held mails (administrators).

        :param bytes raw: the mail as received (RFC 5322)
        :returns: dict with ``status`` ("new", "reply", "note", "report", "duplicate" or "held"),
            ``number`` of the complaint or False, and ``reason`` or False
        """
        self.check_access("create")
        # A public method can be called with text; a mail is bytes.
        raw = raw.encode(errors="surrogateescape") if isinstance(raw, str) else bytes(raw)
        return self.env["lapor.mail.gateway"]._receive(raw)

    def _raw_bytes(self):
        self.ensure_one()
        # As the system: whoever reads the held mail may read what it consists of.
        held = self.sudo().with_context(bin_size=False)
        return base64.b64decode(held.raw or held.sealed_raw or b"")

    def action_release(self):
        """Take held mails in after all, as mails of a person: into the complaint that is chosen,
        else as new ones.

        :raises UserError: when one cannot be taken in, and why
        """
        return self._release(new=False)

    def action_release_new(self):
        """Take held mails in as new complaints, whatever complaint they seem to belong to.

        :raises UserError: when one cannot be taken in, and why
        """
        return self._release(new=True)

    def action_release_machine(self):
        """Take held mails in as new complaints whose writer gets no receipt: a machine's, such as a
        scanner or an alarm.

        :raises UserError: when one cannot be taken in, and why
        """
        return self._release(new=True, person=False)

    def _release(self, new, person=True):
        self.check_access("write")
        for held in self._lock_open():
            held.complaint_id.check_access("read")
            # The right to decide was checked; complaints of mails are made by the gateway.
            complaint = self.env["lapor.mail.gateway"]._release(held.sudo(), new=new, person=person)
            held.sudo()._decide("released", complaint)
        if len(self) == 1 and self.complaint_id and self.complaint_id.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "lapor.complaint",
                "res_id": self.complaint_id.id,
                "views": [(False, "form")],
            }
        return True

    def action_discard(self):
        """Put held mails aside; they stay readable."""
        self.check_access("write")
        # The right to decide was checked; the state is written by nobody by hand.
        self._lock_open().sudo()._decide("discarded")
        return True

    def action_hold_again(self):
        """Undo :meth:`action_discard`."""
        self.check_access("write")
        self.lock_for_update()
        # The right to decide was checked; the state is written by nobody by hand.
        self.sudo().filtered(lambda held: held.state == "discarded")._decide("held")
        return True

    def _lock_open(self):
        """Those of the mails that are still held, locked: two colleagues may decide at once."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        return self.filtered(lambda held: held.state == "held")

    def _decide(self, state, complaint=None):
        vals = {
            "state": state,
            "decided_by_id": self.env.uid if state != "held" else False,
            "decided_at": fields.Datetime.now() if state != "held" else False,
        }
        if complaint:
            vals["complaint_id"] = complaint.id
        cases = self.complaint_id
        self.write(vals)
        waiting = self.search([("complaint_id", "in", cases.ids), ("state", "=", "held")])
        (cases - waiting.complaint_id)._drop_tasks(["held_mail"])
        if state == "held":
            self.filtered(lambda held: not held.rule_id.is_silent).complaint_id._ask_about_held()
        self._ask_coordinator()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Activities subscribe whoever they are for; a held mail has no thread to follow."""
        return True

    def _ask_coordinator(self):
        """Keep one task for each government whose held mails wait for a decision, with their number
        and the age of the oldest, at whoever takes complaints in and coordinates them."""
        # As the system: mails come from nobody, and whoever decides on one need not know all.
        for company in self.sudo().company_id:
            pen = self.sudo().with_company(company)
            pen._plan_pen(company)

    @api.model
    def _waiting(self, company):
        """Held mails of a government on which somebody has to decide, the oldest first: not what
        servers report and what comes back from ourselves."""
        return self.search(self._waiting_domain(company), order="id")

    @api.model
    def _plan_pen(self, company):
        waiting = self._waiting(company)
        Activity = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        known = Activity.search(
            [
                ("lapor_task", "=", PEN_TASK),
                ("res_model", "=", self._name),
                ("lapor_position_id.company_id", "=", company.id),
            ]
        )
        oldest = waiting[:1]
        current = known.filtered(lambda task: task.res_id == oldest.id)[:1]
        if known - current:
            (known - current).write({"active": False, "date_done": fields.Date.today()})
        if not oldest:
            return
        summary = self.env._(
            "Decide on %(count)s held mails; the oldest came on %(date)s",
            count=len(waiting),
            date=format_date(self.env, oldest.create_date),
        )
        if current:
            if current.summary != summary:
                current.summary = summary
            return
        position = self._pen_position(company)
        if position:
            Activity.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": oldest.id,
                    "activity_type_id": self.env.ref("lapor_base.mail_activity_type_task").id,
                    "lapor_task": PEN_TASK,
                    "lapor_position_id": position.id,
                    "summary": summary,
                    "user_id": position.holder_id.id,
                    "date_deadline": position.unit_id._local_now().date(),
                    "automated": True,
                }
            )

    @api.model
    def _pen_position(self, company):
        """Whoever coordinates a government's complaints, those who take them in first.

        :rtype: lapor.position
        """
        positions = self.env["lapor.position"].search(
            [
                ("company_id", "=", company.id),
                ("unit_id.office_id.kind", "=", "manager"),
                ("role_id.coordinates", "=", True),
                ("holder_id", "!=", False),
            ]
        )
        intake = self.env.ref("lapor_base.group_lapor_intake")
        return positions.sorted(
            lambda position: intake not in position.role_id.group_id.all_implied_ids
        )[:1]

    @api.model
    def _cron_ask_coordinators(self):
        """Bring the tasks up to date once a day: the age of the oldest, and whoever coordinates
        now."""
        mails = self.search([("state", "=", "held"), ("complaint_id", "=", False)])
        mails._ask_coordinator()
