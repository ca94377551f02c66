import base64
import csv
import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from odoo.addons.lapor_base.models.lapor_sop_transition import OUTCOMES
from odoo.addons.lapor_base.tools.event_chain import event_hash

from ..tools import sheet
from .lapor_history_import_row import VERDICTS

#: What may be written by whom prepares an import, before and after the preview.
WRITABLE = {
    *("managing_unit_id", "upload", "file_name", "sheet", "heading_row", "column_ids"),
    *("default_outcome", "year"),
}
#: What of it decides what the rows become.
DECIDING = {"column_ids", "default_outcome", "year"}
#: More rows than these are taken in by a job.
MOST_AT_ONCE = 500


class LaporHistoryImport(models.Model):
    """The file of an old register on its way in: read, looked at, taken in.

    - draft: a file was chosen. checked: each row has a verdict, nothing is taken in yet.
      importing: a job takes in what is new, some hundred rows in one transaction; when it is
      killed, the next run goes on with what is left. done. withdrawn: what came in is nobody's.
    - Whoever coordinates the managing office may, and administrators of complaints.
    - Which rows are there already is decided while they are taken in, not by the preview.
    """

    _name = "lapor.history.import"
    _description = "Import of an Old Register"
    _inherit = ["lapor.acts.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True
    _lapor_evidence = True

    managing_unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'manager')]",
        help="Whose register it is.",
    )
    company_id = fields.Many2one(related="managing_unit_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Prepared By",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    upload = fields.Binary(
        string="File",
        compute="_compute_upload",
        inverse="_inverse_upload",
        help="An Excel workbook (.xlsx) or a CSV file.",
    )
    file_name = fields.Char()
    # What it holds may be hidden from some of those who see that there was a file.
    content = fields.Binary(attachment=False, groups=NO_ACCESS, readonly=True)
    file_digest = fields.Char(string="Fingerprint of the File", readonly=True, index=True)
    same_file = fields.Boolean(compute="_compute_same_file")
    sheet = fields.Integer(string="Sheet No.", default=1, help="Which sheet of the workbook.")
    sheet_names = fields.Text(string="Sheets", readonly=True)
    heading_row = fields.Integer(
        string="Row of the Headings", help="Empty: the program looks for it."
    )
    year = fields.Integer(help="Of dates that are written without a year, such as “12 Maret”.")
    default_outcome = fields.Selection(
        OUTCOMES,
        string="An Empty Status Means",
        help="Empty: rows without a status are refused.",
    )
    column_ids = fields.One2many("lapor.history.import.column", "import_id", string="Columns")
    row_ids = fields.One2many("lapor.history.import.row", "import_id", string="Rows", readonly=True)
    state = fields.Selection(
        [
            ("draft", "File Chosen"),
            ("checked", "Preview"),
            ("importing", "Being Taken In"),
            ("done", "Taken In"),
            ("withdrawn", "Taken Back"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
    )
    stopped = fields.Char(string="Stopped Because", readonly=True)
    done_at = fields.Datetime(string="Taken In On", readonly=True)
    withdraw_reason = fields.Char(string="Reason for Taking It Back")
    withdrawn_at = fields.Datetime(string="Taken Back On", readonly=True)
    withdrawn_by_id = fields.Many2one(
        "res.users", string="Taken Back By", readonly=True, ondelete="restrict"
    )
    count_all = fields.Integer(string="All Rows", compute="_compute_counts")
    count_new = fields.Integer(string="New", compute="_compute_counts")
    count_imported = fields.Integer(string="Taken In", compute="_compute_counts")
    count_known = fields.Integer(string="Already There", compute="_compute_counts")
    count_refused = fields.Integer(string="Refused", compute="_compute_counts")
    count_blank = fields.Integer(string="No Case", compute="_compute_counts")
    refused_file = fields.Binary(string="Refused Rows", compute="_compute_refused_file")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "managing_unit_id" in fields and not values.get("managing_unit_id"):
            coordinated = self.env.user.lapor_coordinated_unit_ids.filtered(
                lambda unit: unit.company_id in self.env.companies
            )
            values["managing_unit_id"] = (
                coordinated[:1]
                or self.env["lapor.unit"].search(
                    [("kind", "=", "manager"), ("company_id", "=", self.env.company.id)], limit=1
                )
            ).id
        if "user_id" in fields:
            values["user_id"] = self.env.uid
        return values

    def _compute_upload(self):
        self.upload = False

    def _inverse_upload(self):
        for record in self:
            if not record.upload:
                continue
            content = base64.b64decode(record.upload)
            if len(content) > sheet.LARGEST_FILE:
                raise UserError(record._fault_sentence("large"))
            # As the system: rows are written by the program, and nobody else reads the file again.
            record.sudo()._drop_rows()
            record.sudo()._store(
                {
                    "content": base64.b64encode(content),
                    "file_digest": hashlib.sha256(content).hexdigest(),
                    "state": "draft",
                    "sheet_names": False,
                    "stopped": False,
                }
            )

    @api.depends("file_digest", "managing_unit_id")
    def _compute_same_file(self):
        for record in self:
            record.same_file = bool(record.file_digest) and bool(
                self.search_count(
                    [
                        ("file_digest", "=", record.file_digest),
                        ("managing_unit_id", "=", record.managing_unit_id.id),
                        ("state", "=", "done"),
                        ("id", "!=", record._origin.id),
                    ],
                    limit=1,
                )
            )

    @api.depends("row_ids.verdict")
    def _compute_counts(self):
        # As the system: numbers only, so that they are the same for everybody and nothing is
        # missing in them.
        groups = (
            self.env["lapor.history.import.row"]
            .sudo()
            ._read_group([("import_id", "in", self.ids)], ["import_id", "verdict"], ["__count"])
        )
        counts = {(record.id, verdict): count for record, verdict, count in groups}
        for record in self:
            found = {verdict: counts.get((record.id, verdict), 0) for verdict, _name in VERDICTS}
            for verdict, count in found.items():
                record[f"count_{verdict}"] = count
            record.count_all = sum(found.values())

    @api.depends("row_ids.verdict")
    @api.depends_context("uid", "lang")
    def _compute_refused_file(self):
        # As the user: of the rows that this user may see.
        Row = self.env["lapor.history.import.row"]
        for record in self:
            rows = Row.search([("import_id", "in", record.ids), ("verdict", "=", "refused")])
            content = record._refused_csv(rows) if rows else b""
            record.refused_file = base64.b64encode(content) if content else False

    def _refused_csv(self, rows):
        """The refused rows as a CSV file for the same program that made the register: their cells,
        the number of each row and why it was refused. Nothing in it runs."""
        target = io.StringIO()
        writer = csv.writer(target, delimiter=";")
        heads = [column.header or "" for column in self.column_ids.sorted("position")]
        writer.writerow([*map(_inert, heads), self.env._("Row"), self.env._("Reason")])
        # As the system: the cells of rows that this user may see.
        for row in rows.sudo().sorted("number"):
            cells = [*(row.cells or []), *[""] * len(heads)][: len(heads)]
            writer.writerow([*map(_inert, cells), row.number, _inert(row.reason or "")])
        return b"\xef\xbb\xbf" + target.getvalue().encode()

    @api.constrains("managing_unit_id")
    def _check_managing_unit(self):
        if any(record.managing_unit_id.kind != "manager" for record in self):
            raise ValidationError(self.env._("A register is of an office that manages complaints."))

    @api.constrains("sheet", "heading_row", "year")
    def _check_numbers(self):
        for record in self:
            if not (1 <= record.sheet <= sheet.MOST_SHEETS) or record.heading_row < 0:
                raise ValidationError(self.env._("Sheets and rows are counted from 1."))
            if record.year and not 1990 <= record.year <= fields.Date.today().year:
                raise ValidationError(self.env._("The year has four digits and is not to come."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_others(vals, WRITABLE | {"company_id", "user_id"})
            vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_others(vals, WRITABLE | {"withdraw_reason"})
        for record in self:
            open_states = ("done",) if vals.keys() <= {"withdraw_reason"} else ("draft", "checked")
            if record.state not in open_states:
                raise UserError(
                    self.env._("“%s” is taken in already; choose the file anew.", record.file_name)
                )
            if record.state == "checked" and "managing_unit_id" in vals:
                raise UserError(self.env._("Whose register it is, is chosen before the preview."))
        result = super().write(vals)
        if vals.keys() & DECIDING and not vals.get("upload"):
            for record in self.filtered(lambda record: record.state == "checked"):
                # As the system: the rows follow what this user was allowed to choose.
                record.sudo()._judge_all()
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Choose the file anew."))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_came_in(self):
        if any(record.state not in ("draft", "checked") for record in self):
            raise UserError(self.env._("What was taken in is kept. Take it back instead."))

    def _refuse_others(self, vals, allowed):
        if vals.keys() - allowed:
            raise UserError(self.env._("How far an import is changes by its buttons only."))

    def _store(self, vals):
        """Write of the acts, past the guard of :meth:`write`."""
        return super().write(vals)

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_read(self):
        """Read the file and show what its rows would become; nothing is taken in.

        :raises UserError: when it cannot be read
        """
        self._check_may("draft", "checked")
        for record in self:
            # As the system: the content is for the program alone.
            record.sudo()._read_rows()
        return True

    def action_import(self):
        """Take in what is new; of a long file a job does it.

        :raises UserError: when nothing is new
        """
        self.ensure_one()
        self._check_may("checked")
        self._lock()
        if not self.count_new:
            raise UserError(self.env._("No row of this file is new; nothing is to be taken in."))
        many = self.count_new > MOST_AT_ONCE
        # As the system: nobody writes old cases but this act.
        own = self.sudo()
        own._store({"state": "importing", "user_id": self.env.uid, "stopped": False})
        if many:
            self.env.ref("lapor_history.ir_cron_history_import").sudo()._trigger()
        else:
            own._import_batch(MOST_AT_ONCE)
        return True

    def action_withdraw(self):
        """Take back what came in with this file: nobody sees it any more, and it can be taken in
        anew.

        :raises UserError: without a reason
        """
        self.ensure_one()
        self._check_may("done")
        self._lock()
        if not (self.withdraw_reason or "").strip():
            raise UserError(self.env._("Write why this file is taken back."))
        # As the system: only this act changes the state.
        self.sudo()._store(
            {
                "state": "withdrawn",
                "withdrawn_at": fields.Datetime.now(),
                "withdrawn_by_id": self.env.uid,
            }
        )
        self.env.invalidate_all()
        return True

    def action_open_rows(self):
        """The rows of the file, with the verdict on each."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lapor_history.lapor_history_import_row_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_open_cases(self):
        """What came in with this file."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("lapor_history.lapor_history_action")
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_download_refused(self):
        """The refused rows with their reasons, as a file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/refused_file/baris-ditolak.csv"
            "?download=true",
            "target": "self",
        }

    def _check_may(self, *states):
        """Refuse who does not coordinate the office, and what is too late or too early.

        :raises AccessError: for others
        """
        self.check_access("write")
        user = self.env.user
        for record in self:
            if not (
                record.managing_unit_id in user.lapor_coordinated_unit_ids
                or user.has_group("lapor_base.group_lapor_admin")
            ):
                raise AccessError(
                    self.env._(
                        "Whoever coordinates complaints in %s takes in its register.",
                        record.managing_unit_id.name,
                    )
                )
            if record.state not in states:
                raise UserError(
                    self.env._("“%s” has moved on meanwhile. Reload the page.", record.file_name)
                )

    def _lock(self):
        """One at a time: who comes second begins anew with what is now so."""
        # As the system: a lock shows nothing.
        self.sudo().lock_for_update()
        self.invalidate_recordset()

    @api.model
    def _anchored_rows(self):
        """What was taken back, by whom and why, is anchored once and for all."""
        # As the system: fingerprints only.
        return {
            record.id: event_hash(
                "",
                {
                    "digest": record.file_digest or None,
                    "reason": record.withdraw_reason,
                    "at": fields.Datetime.to_string(record.withdrawn_at),
                    "by": record.withdrawn_by_id.id,
                },
            )
            for record in self.sudo().search([("state", "=", "withdrawn")])
        }

    @api.autovacuum
    def _gc_cells(self):
        """What stood in refused rows is thrown away after 30 days, who complained, too."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE lapor_history_import_row staged SET cells = NULL
                     FROM lapor_history_import file
                    WHERE file.id = staged.import_id AND file.done_at < %s
                      AND staged.cells IS NOT NULL""",
                limit,
            )
        )
        self.env["lapor.history.import.row"].invalidate_model(["cells"])
        # A file that nobody went on with holds identities, too.
        left = self.search([("state", "in", ("draft", "checked")), ("write_date", "<", limit)])
        left.unlink()

    def _fault_sentence(self, code):
        """Why a file cannot be read, and what to do."""
        return {
            "empty": self.env._("The file holds no table. Choose another one, or another sheet."),
            "large": self.env._("The file is larger than 10 MB. Divide it, for example by years."),
            "unfolds": self.env._("The file unfolds to more than 100 MB. Divide it."),
            "old": self.env._(
                "This is a workbook of an old Excel (.xls) or one with a password. Save it as "
                ".xlsx without a password."
            ),
            "kind": self.env._("This is neither an Excel workbook (.xlsx) nor a CSV file."),
            "broken": self.env._(
                "The file is damaged. Open it in a spreadsheet program and save it anew as .xlsx."
            ),
            "rows": self.env._(
                "The sheet has more than %s rows. Divide it, for example by years.", sheet.MOST_ROWS
            ),
            "columns": self.env._(
                "The sheet has more than %s columns. Delete those that are not needed.",
                sheet.MOST_COLUMNS,
            ),
            "characters": self.env._("The sheet holds too much text. Divide it."),
            "sheet": self.env._("The workbook has no sheet with this number."),
        }[code]


def _inert(text):
    """A text that no spreadsheet program takes for a formula."""
    text = str(text)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text
