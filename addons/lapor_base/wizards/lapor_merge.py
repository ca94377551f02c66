from odoo import api, fields, models


class LaporMerge(models.TransientModel):
    """The dialog of merging: which complaints, and which of them is the main one.

    Of a list it proposes the oldest; of a single complaint the main one is searched for.
    """

    _name = "lapor.merge"
    _description = "Merge Complaints"

    complaint_ids = fields.Many2many("lapor.complaint", string="Complaints", required=True)
    is_single = fields.Boolean(compute="_compute_is_single")
    main_id = fields.Many2one(
        "lapor.complaint",
        string="Main Complaint",
        compute="_compute_main_id",
        store=True,
        readonly=False,
    )
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
            candidates = wizard.complaint_ids.filtered(
                lambda complaint: complaint.phase != "closed" and not complaint.is_secret
            )
            proposed = self.env["lapor.complaint"].browse(self.env.context.get("lapor_main_id"))
            wizard.main_id = (
                proposed.exists()
                if wizard.is_single
                else candidates.sorted(
                    lambda complaint: (
                        not complaint.supporter_count,
                        complaint.received_at,
                        complaint.id,
                    )
                )[:1]
            )

    def action_confirm(self):
        """Merge and close the dialog."""
        self.ensure_one()
        (self.complaint_ids - self.main_id).action_merge(self.main_id.id, note=self.note)
        return {"type": "ir.actions.act_window_close"}
