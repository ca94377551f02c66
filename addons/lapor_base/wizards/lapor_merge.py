from odoo import api, fields, models


class LaporMerge(models.TransientModel):
    """The dialog of merging: which complaints, and which of them is the main one.

    It proposes one: of a list, or of those that a single complaint resembles, the one that has
    come furthest. Whoever merges may choose another one.
    """

    _name = "lapor.merge"
    _description = "Merge Complaints"
    _inherit = ["lapor.done.mixin"]

    complaint_ids = fields.Many2many("lapor.complaint", string="Complaints", required=True)
    is_single = fields.Boolean(compute="_compute_is_single")
    main_id = fields.Many2one(
        "lapor.complaint",
        string="Main Complaint",
        compute="_compute_main_id",
        store=True,
        readonly=False,
    )
    is_proposed = fields.Boolean(compute="_compute_is_proposed")
    main_domain = fields.Json(compute="_compute_main_domain")
    main_name = fields.Char(related="main_id.name", string="Title")
    main_text = fields.Text(related="main_id.description", string="Text")
    main_step = fields.Char(related="main_id.step_name")
    note = fields.Text()

    @api.depends("complaint_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.complaint_ids) == 1

    @api.depends("complaint_ids")
    def _compute_main_domain(self):
        for wizard in self:
            one = wizard.complaint_ids[:1]
            if not wizard.is_single:
                wizard.main_domain = [("id", "in", wizard.complaint_ids.ids)]
                continue
            wizard.main_domain = [
                ("id", "not in", wizard.complaint_ids.ids),
                ("company_id", "=", one.company_id.id),
                ("is_misconduct", "=", one.is_misconduct),
                ("phase", "!=", "closed"),
                ("main_id", "=", False),
                ("is_secret", "=", False),
            ]

    @api.depends("complaint_ids")
    def _compute_main_id(self):
        for wizard in self:
            cases = wizard.complaint_ids._origin
            chosen = self.env["lapor.complaint"].browse(self.env.context.get("lapor_main_id"))
            if wizard.is_single:
                wizard.main_id = chosen.exists() or cases.similar_ids._likeliest_main()
            else:
                wizard.main_id = cases._likeliest_main()

    @api.depends("main_id", "complaint_ids")
    def _compute_is_proposed(self):
        for wizard in self:
            wizard.is_proposed = (
                wizard.is_single and wizard.main_id in wizard.complaint_ids._origin.similar_ids
            )

    def action_confirm(self):
        """Merge and close the dialog."""
        self.ensure_one()
        supporters = self.complaint_ids - self.main_id
        supporters.action_merge(self.main_id.id, note=self.note)
        if self.is_single:
            return {"type": "ir.actions.act_window_close"}
        return self._close_telling(
            self.env._(
                "%(count)s complaints support %(main)s now. “Separate again” in each undoes it.",
                count=len(supporters),
                main=self.main_id.number,
            )
        )
