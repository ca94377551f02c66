from odoo import api, models
from odoo.tools import SQL


class LaporResponse(models.Model):
    """A signed letter is what the event of its signature says, whatever came later."""

    _inherit = "lapor.response"

    def _evidence_name(self):
        return f"“{self.number or self.id}”"

    def _fits(self, known):
        # A text that does not fit its own fingerprint is not even sent.
        changed = self.text_hash and not self._is_as_signed()
        return not changed and super()._fits(known)

    @api.model
    def _broken_evidence(self):
        yield from super()._broken_evidence()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, signed.data IS NULL FROM lapor_response r
                  LEFT JOIN LATERAL (
                      SELECT data FROM lapor_event
                       WHERE complaint_id = r.complaint_id AND code = 'response_signed'
                         AND (data ->> 'response')::int = r.id
                    ORDER BY sequence LIMIT 1) signed ON TRUE
                 WHERE (signed.data IS NULL AND (r.state = 'signed' OR r.signed_at IS NOT NULL))
                    OR (signed.data ->> 'hash', signed.data ->> 'number')
                       IS DISTINCT FROM (r.text_hash, r.number) AND signed.data IS NOT NULL
              ORDER BY r.id
                """
            )
        )
        whys = {
            "unsigned": self.env._("nobody has signed it"),
            "signature": self.env._("it is not what was signed"),
        }
        for res_id, missing in rows:
            response = self.browse(res_id)
            reason = "unsigned" if missing else "signature"
            yield self._break(
                response.complaint_id, res_id, response._evidence_name(), reason, whys[reason]
            )
