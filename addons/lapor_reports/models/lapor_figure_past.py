from odoo import api, fields, models
from odoo.tools import SQL


class LaporFigurePast(models.Model):
    """What something was called, or where a complaint belonged, until a moment.

    Reports on a past period take names and facts from here, so that a renamed category or a
    corrected place changes no month that is over. Written and read by the system only.
    """

    _name = "lapor.figure.past"
    _description = "Former Value for Figures"
    _order = "until, id"

    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    field = fields.Char(required=True)
    value = fields.Json(help="The value before, as figures count or print it.")
    until = fields.Datetime(required=True, help="When another value took its place.")

    _value_idx = models.Index("(model, field, res_id, until)")

    @api.model
    def _values_at(self, model, field, ids, moment):
        """Values at a moment of those records whose value has changed since.

        :param str model: name of the model
        :param str field: one of its kept fields
        :param ids: of the records; all of the model when None
        :param moment: naive UTC
        :returns: {id: value}
        """
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (res_id) res_id, value FROM lapor_figure_past
                        WHERE model = %s AND field = %s AND until >= %s
                          AND (%s OR res_id = ANY(%s))
                        ORDER BY res_id, until, id""",
                    model,
                    field,
                    moment,
                    ids is None,
                    list(ids or []),
                )
            )
        )
