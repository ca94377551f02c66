from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class LaporEventAnchor(models.Model):
    """The newest fingerprint leaves the house every day: whoever keeps it can prove by it that
    nothing before it was written anew (``./lapor verify --anchor``)."""

    _inherit = "lapor.event.anchor"

    @api.model
    def _cron_tell(self):
        """Anchor, and give the newest fingerprint to the inspectorate of each government."""
        self._anchor()
        # A fingerprint tells nothing but itself.
        newest = self.sudo().search([], limit=1)
        if newest:
            for company, inspectors in self._inspectors().items():
                newest._tell(company, inspectors)

    @api.model
    def _inspectors(self):
        """Those who inspect, by government.

        :rtype: dict
        """
        positions = self.env["lapor.position"].search(
            [("role_id.inspects", "=", True), ("holder_id", "!=", False)]
        )
        return {
            company: here.holder_id.filtered("active")
            for company, here in positions.grouped("company_id").items()
        }

    def _tell(self, company, users):
        """Mail the fingerprint, and post it inside. It tells numbers, no case.

        :param company: the government whose cases are counted
        :param users: who gets it
        """
        self.ensure_one()
        ((cases, events),) = self.env.execute_query(
            SQL(
                "SELECT COUNT(DISTINCT complaint_id), COUNT(*) FROM lapor_event "
                "WHERE company_id = %s",
                company.id,
            )
        )
        for user in users:
            reader = self.with_context(lang=user.lang, tz=user.tz)
            facts = {
                "day": format_date(reader.env, fields.Date.context_today(reader)),
                "cases": cases,
                "events": events,
                "digest": self.digest,
            }
            subject = reader.env._("Fingerprint of the evidence, %(day)s", **facts)
            body = Markup("<p>%s</p><p><code>%s</code></p><p>%s</p>") % (
                reader.env._(
                    "%(day)s: %(cases)s complaints, %(events)s events. Newest fingerprint:", **facts
                ),
                self.digest,
                reader.env._(
                    "Keep this message. “./lapor verify --anchor” with this fingerprint proves "
                    "that nothing recorded before it was changed since."
                ),
            )
            # Whoever is notified by mail gets this as a mail; the others get one besides.
            self.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids, subject=subject, body=body
            )
            if user.notification_type == "inbox" and user.email:
                self.env["mail.mail"].create(
                    {
                        "subject": subject,
                        "email_from": company.email_formatted or user.email_formatted,
                        "email_to": user.email_formatted,
                        "body_html": body,
                        "auto_delete": True,
                    }
                )

    @api.model
    def _newest_words(self):
        """The newest fingerprint as printed papers tell it, in Indonesian; "" before any.

        :rtype: str
        """
        # A fingerprint tells nothing but itself.
        newest = self.sudo().search([], limit=1)
        if not newest:
            return ""
        day = format_date(newest.with_context(lang="id_ID").env, newest.at, date_format="d MMMM y")
        return f"Sidik jari catatan bukti per {day}: {newest.digest}"
