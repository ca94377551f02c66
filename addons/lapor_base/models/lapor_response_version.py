from odoo import api, fields, models

from ..tools.text_diff import compare_texts


class LaporResponseVersion(models.Model):
    """The text of a response as it was submitted once: who, when, and why it came back.

    Written by the acts of ``lapor.response`` only, and never again but for the return.
    """

    _name = "lapor.response.version"
    _description = "Version of a Response"
    _inherit = ["lapor.response.seal.mixin", "lapor.evidence.mixin"]
    _order = "response_id, number desc"
    _check_company_auto = True
    _lapor_proved = (
        "response_id",
        "complaint_id",
        "number",
        "subject",
        "body",
        "sealed_subject",
        "sealed_body",
        "author_id",
        "author_title",
        "submitted_at",
        "text_hash",
        "return_note",
        "returned_by_id",
        "returned_title",
        "returned_at",
        "previous_id",
    )

    response_id = fields.Many2one("lapor.response", required=True, ondelete="restrict", index=True)
    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    number = fields.Integer(string="Version", required=True)
    subject = fields.Char(required=True)
    body = fields.Html(required=True)
    author_id = fields.Many2one("res.users", string="Drafted By", required=True)
    author_title = fields.Char(help="Title at that moment, with Plt. or Plh.")
    submitted_at = fields.Datetime(string="Submitted On", required=True)
    text_hash = fields.Char(
        string="Fingerprint", required=True, help="Keyed fingerprint of subject and text."
    )
    return_note = fields.Text(help="Why it was returned.")
    returned_by_id = fields.Many2one("res.users")
    returned_title = fields.Char()
    returned_at = fields.Datetime(string="Returned On")
    previous_id = fields.Many2one("lapor.response.version", ondelete="restrict")
    previous_body = fields.Html(related="previous_id.body", string="Version Before")
    changes = fields.Html(compute="_compute_changes", help="Against the version before.")

    _number_uniq = models.UniqueIndex("(response_id, number)")

    @api.depends("response_id.subject", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(subject)s, version %(number)s",
                subject=version.subject,
                number=version.number,
            )

    @api.depends("previous_id", "body")
    def _compute_changes(self):
        for version in self:
            before = version.previous_id
            version.changes = (
                compare_texts(str(before.body), str(version.body)) if before else False
            )

    @api.model
    def _keep(self, response, visit):
        """Keep the response's text of this moment.

        :rtype: lapor.response.version
        """
        return self.create(
            {
                "response_id": response.id,
                "complaint_id": response.complaint_id.id,
                "number": response.version,
                "previous_id": response.version_ids.sorted("number")[-1:].id,
                "subject": response.subject,
                "body": response.body,
                "author_id": response.author_id.id,
                "author_title": visit._doing_position()._signing_as(self.env.user)["title"],
                "submitted_at": fields.Datetime.now(),
                "text_hash": self._hash(response.subject, response.body),
            }
        )

    @api.model
    def _hash(self, subject, body):
        return self.env["lapor.complaint.version"]._seal(f"{subject}\n{body}")
