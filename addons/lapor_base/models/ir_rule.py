from odoo import api, models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    """What somebody is told who opens a record of ours that is not for him.

    The core's words name the record in debug mode, which everybody may switch on, and take every
    rule that speaks of a government for a matter of switching to it: the web client then opens
    the government that is open already, and loads the page again, without end.
    """

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        return domain & self.env[model_name]._common_domain(mode)

    def _make_access_error(self, operation, records):
        common = records._common_records() if operation != "read" else records.browse()
        if common and not common._writes_common():
            return AccessError(
                self.env._(
                    "“%(name)s” is for all governments: only the system administrator changes "
                    "it. For a text of your own, duplicate it: the copy belongs to your "
                    "government.",
                    # Common records are read by all who may read the list.
                    name=common[:1].sudo().display_name,
                )
            )
        if not records._name.startswith("lapor."):
            return super()._make_access_error(operation, records)
        # Only for the log line and what the core cleans up: its words are not used.
        told = getattr(super()._make_access_error(operation, records), "context", None) or {}
        env = self.with_context(self.env.user.context_get()).env
        error = AccessError(
            env._(
                "This is not open to you (%(what)s). Only those see or change it who handle or "
                "coordinate it. If it is your task, ask the administrator to check your position.",
                what=env["ir.model"]._get(records._name).name,
            )
        )
        company = told.get("suggested_company")
        if company and company["id"] not in self.env.companies.ids:
            error.context = {"suggested_company": company}
        return error
