from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

#: How long a held mail may wait before the superior is told.
PATIENCE = timedelta(days=1)


class LaporMailHeld(models.Model):
    """The pen as work: what waits is counted where the coordinator begins the day, and what waits
    for more than a day is told to the superior."""

    _inherit = "lapor.mail.held"

    score = fields.Integer(
        string="Likelihood of a Person",
        readonly=True,
        index=True,
        help="How likely it is that a person waits behind it, of a hundred: what is decided first.",
    )

    @api.model
    def _waiting_domain(self, company):
        """Held mails of a government on which somebody has to decide: not what servers report and
        what comes back from ourselves."""
        return [
            ("company_id", "=", company.id),
            ("state", "=", "held"),
            ("complaint_id", "=", False),
            ("rule_id.nobody_waits", "=", False),
        ]

    @api.model
    def waiting_for_me(self):
        """What the page on which a coordinator begins the day says of held mails.

        :returns: dict of ``count``, ``oldest`` (the date, formatted) and ``action`` that opens
            exactly these mails; False for whoever decides on none, or where none waits
        """
        company = self.env.user.lapor_coordinated_unit_ids.company_id[:1]
        if not company or not self.has_access("write"):
            return False
        domain = self._waiting_domain(company)
        waiting = self.search(domain, order="id")
        if not waiting:
            return False
        action = self.env["ir.actions.act_window"]._for_xml_id("lapor_base.lapor_mail_held_action")
        return {
            "count": len(waiting),
            "oldest": format_date(self.env, waiting[0].create_date),
            "action": {**action, "domain": domain, "context": {}},
        }

    @api.model
    def _overdue_for(self, user):
        """Held mails that have waited for more than a day at somebody to whom a user is superior.

        As the system: a superior who decides on no mails learns how many wait, not what they say.
        """
        Held, overdue = self.sudo(), self.sudo().browse()
        limit = fields.Datetime.now() - PATIENCE
        for company in user.lapor_position_ids.company_id:
            position = Held._pen_position(company)
            while position and position.parent_id and not position.parent_id.holder_id:
                position = position.parent_id
            if position.parent_id.holder_id == user:
                overdue |= Held._waiting(company).filtered(lambda held: held.create_date < limit)
        return overdue
