from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.likeness import SCORE_LIMIT, TEXT_LIMIT, score, similarity

TEXT_LENGTH = 250
# Shorter texts resemble half of all complaints.
TEXT_LEAST = 12
CANDIDATES = 20
HINTS = 5
# How many of the newest cases are compared one by one where the database cannot do it.
COMPARED_HERE = 300


class LaporSimilarMixin(models.AbstractModel):
    """Possible duplicates: open complaints that resemble one in text, place and time.

    A hint only, and only of complaints that the reader may see anyway. PostgreSQL's ``pg_trgm``
    finds them with an index; where the database lacks that extension, the newest cases of the
    same category are compared here. How far back is looked is a setting of the managing office
    (``lapor.unit.similar_days``; 0: never).
    """

    _name = "lapor.similar.mixin"
    _description = "Possible Duplicates"
    _inherit = ["lapor.supporter.mixin"]

    # For the database to compare; whoever reads the case reads its title and its text.
    match_text = fields.Char(
        compute="_compute_match_text",
        store=True,
        index="trigram",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    similar_ids = fields.Many2many(
        "lapor.complaint", compute="_compute_similar_ids", string="Possible Duplicates"
    )
    similar_count = fields.Integer(compute="_compute_similar_ids")

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"match_text"}

    @api.depends("name", "place", "description")
    def _compute_match_text(self):
        for complaint in self:
            complaint.match_text = complaint._get_match_text()

    def _get_match_text(self):
        parts = (self.name or "", self.place or "", self.description or "")
        return " ".join(" ".join(parts).split())[:TEXT_LENGTH]

    @api.depends("name", "place", "description", "category_id", "phase", "main_id", "is_misconduct")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_ids(self):
        for complaint in self:
            complaint.similar_ids = complaint._find_similar()
            complaint.similar_count = len(complaint.similar_ids)

    def _find_similar(self):
        """Open complaints that the reader may see and that resemble this one, the likest first.

        :rtype: lapor.complaint
        """
        self.ensure_one()
        text = self._get_match_text()
        # How far back is looked is the office's setting, not a right of the reader.
        days = self._similar_unit().sudo().similar_days
        if days <= 0 or self.phase == "closed" or self.main_id or len(text) < TEXT_LEAST:
            return self.browse()
        received_at = self.received_at or fields.Datetime.now()
        span = timedelta(days=days)
        domain = Domain(
            [
                ("id", "!=", self._origin.id or 0),
                ("company_id", "=", (self.company_id or self.env.company).id),
                ("is_misconduct", "=", self.is_misconduct),
                ("phase", "!=", "closed"),
                ("main_id", "=", False),
                ("received_at", ">=", received_at - span),
                ("received_at", "<=", received_at + span),
            ]
        )
        likeness = self._match_candidates(text, domain)
        found = {
            other: score(
                likeness[other.id],
                (self.place or "", other.place or ""),
                abs((other.received_at - received_at) / span),
                bool(self.category_id) and other.category_id == self.category_id,
            )
            for other in self.browse(likeness)
        }
        likest = sorted(found, key=lambda other: (-found[other], other.id))[:HINTS]
        return self.browse(other.id for other in likest if found[other] >= SCORE_LIMIT)

    def _similar_unit(self):
        """The office whose setting applies, also before the case is saved."""
        if self.managing_unit_id:
            return self.managing_unit_id
        # A setting of the office, used and not shown.
        return (
            self.env["lapor.unit"]
            .sudo()
            .search(
                [
                    ("kind", "=", "manager"),
                    ("company_id", "=", (self.company_id or self.env.company).id),
                ],
                limit=1,
            )
        )

    def _match_candidates(self, text, domain):
        """Complaints of a domain whose texts resemble one, as far as the reader may see them.

        :param str text: see :meth:`_get_match_text`
        :param domain: ``Domain``
        :returns: dict of complaint id to similarity of the texts
        """
        Complaint = self.env["lapor.complaint"]
        registry = self.env.registry
        if not registry.has_trigram:
            if self.category_id:
                domain &= Domain("category_id", "=", self.category_id.id)
            newest = Complaint.search(domain, limit=COMPARED_HERE, order="received_at desc")
            found = {other.id: similarity(text, other._get_match_text()) for other in newest}
            return {key: value for key, value in found.items() if value >= TEXT_LIMIT}
        # As the reader: the record rules are part of the query.
        query = Complaint._search(domain)
        column = registry.unaccent(
            SQL.identifier(query.table, "match_text", to_flush=Complaint._fields["match_text"])
        )
        given = registry.unaccent(SQL("%s", text))
        query.add_where(SQL("%s %% %s", column, given))
        likeness = SQL("similarity(%s, %s)", column, given)
        query.order = SQL("%s DESC", likeness)
        query.limit = CANDIDATES
        return dict(
            self.env.execute_query(query.select(SQL.identifier(query.table, "id"), likeness))
        )

    def action_merge_into_similar(self):
        """The dialog of merging, from the list of possible duplicates of a complaint: that one
        (``lapor_complaint_id`` of the context) would support this one."""
        self.ensure_one()
        self.check_access("read")
        complaint = self.browse(self.env.context.get("lapor_complaint_id") or []).exists()
        action = complaint.action_open_merge()
        action["context"]["lapor_main_id"] = self.id
        return action
