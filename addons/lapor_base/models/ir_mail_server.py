from odoo import api, fields, models
from odoo.tools import email_normalize, escape_psql


class IrMailServer(models.Model):
    """Mails of an office come from the office's own address, whichever server sends them.

    The core puts notifications@… in its place where no server's FROM filter names the address: an
    address that nobody has, that providers refuse, and that no complainant knows. A server whose
    filter names other addresses only is left alone; its form says which offices it misses.
    """

    _inherit = "ir.mail_server"

    lapor_uncovered = fields.Text(
        compute="_compute_lapor_uncovered",
        groups="base.group_system",
        help="Offices whose mails would leave from another address, because of the FROM filters.",
    )

    @api.depends("from_filter", "active")
    def _compute_lapor_uncovered(self):
        # As the system: whoever sets up servers need not read offices, and learns addresses only.
        offices = self.env["lapor.unit"].sudo().search([("kind", "=", "manager")])
        senders = {office._mail_sender() or office.company_id.email_formatted for office in offices}
        self.lapor_uncovered = (
            "\n".join(
                sorted(sender for sender in senders if sender and not self._lapor_keeps(sender))
            )
            or False
        )

    @api.model
    def _lapor_keeps(self, sender):
        """Whether a mail from this address of an office leaves from that address.

        :param str sender: an address, which may have a name
        """
        return self._find_mail_server(sender)[1] == sender

    def _find_mail_server(self, email_from, mail_servers=None):
        server, smtp_from = super()._find_mail_server(email_from, mail_servers)
        # A filter that names other addresses only is a promise to the provider: kept.
        filters = server.from_filter if server else self._get_default_from_filter()
        if smtp_from != email_from and not filters and self._is_office_address(email_from):
            return server, email_from
        return server, smtp_from

    @api.model
    def _is_office_address(self, sender):
        """Whether an office of ours has this address.

        :param str sender: an address, which may have a name
        """
        address = email_normalize(sender)
        if not address:
            return False
        # As the system: the queue is run by whoever sends, for all governments.
        units = self.env["lapor.unit"].sudo().with_context(active_test=False)
        exact = escape_psql(address)
        domain = ["|", ("email", "=ilike", exact), ("email", "=ilike", f"%<{exact}>")]
        if units.search_count(domain, limit=1):
            return True
        local, _at, name = address.partition("@")
        return bool(
            units.search_count(
                [("alias_name", "=", local), ("alias_domain_id.name", "=ilike", escape_psql(name))],
                limit=1,
            )
            or self.env["res.company"]
            .sudo()
            .search_count([("lapor_code", "!=", False), ("email", "=ilike", exact)], limit=1)
        )

    def _alter_message__(self, message, smtp_from, smtp_to_list):
        result = super()._alter_message__(message, smtp_from, smtp_to_list)
        # Only the server that delivers a mail writes this head (RFC 5321, 4.4).
        del message["Return-Path"]
        return result
