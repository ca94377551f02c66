from odoo import api, fields, models


class LaporInspectionPerson(models.Model):
    """Somebody who was asked during an inspection.

    A name that is to be kept secret is told to the team and the coordinators only; the name of
    an anonymous complainant is not kept here at all.
    """

    _name = "lapor.inspection.person"
    _description = "Person Asked in an Inspection"
    _inherit = ["lapor.inspection.part.mixin"]
    _order = "inspection_id, sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("complainant", "Complainant"),
            ("witness", "Witness"),
            ("concerned", "Concerned Party"),
            ("official", "Official"),
            ("other", "Other"),
        ],
        string="As",
        required=True,
        default="witness",
    )
    name = fields.Char(compute="_compute_name", inverse="_inverse_name")
    secret_name = fields.Char(groups=fields.NO_ACCESS)
    is_name_secret = fields.Boolean(
        string="Keep the Name Secret",
        default=True,
        help="The name is told to the team and the coordinators only.",
    )
    statement = fields.Text()

    @api.depends("secret_name", "kind", "is_name_secret", "inspection_id.complaint_id.is_anonymous")
    @api.depends_context("uid")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for person in self:
            # The name is hidden or shown here, by who reads.
            hidden = person.sudo()
            # A complainant may have become anonymous since.
            known = (
                hidden.secret_name
                and not person._is_anonymous()
                and (not person.is_name_secret or person._knows_names(self.env.user))
            )
            person.name = hidden.secret_name if known else labels.get(person.kind)

    def _inverse_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for person in self:
            self.check_access("write")
            nameless = person._is_anonymous() or person.name == labels[person.kind]
            given = False if nameless else person.name
            # The field itself is closed to everybody; who may write the report writes the name.
            person.sudo().secret_name = given

    def _is_anonymous(self):
        # Answers yes or no, to hide a name.
        person = self.sudo()
        return person.kind == "complainant" and person.inspection_id.complaint_id.is_anonymous

    def _knows_names(self, user):
        # Answers yes or no about a user.
        inspection = self.sudo().inspection_id
        return user in inspection.member_ids.user_id or inspection.complaint_id._may_coordinate(
            user
        )
