from odoo import models

from ..tools import swimlane

SECTIONS = ("legal_basis", "qualification", "relation", "equipment", "warning", "recording")


class LaporSop(models.Model):
    """An SOP printed back in its own layout."""

    _name = "lapor.sop"
    _inherit = ["lapor.sop", "lapor.paper.mixin"]

    def _paper_unit(self):
        # The office whose letterhead is on the sheet.
        return self[:1].sudo().unit_id

    def _sop_sections(self):
        """Header texts: list of (heading, lines), in the order of the form."""
        self.ensure_one()
        lines = self.line_ids.grouped("section")
        return [
            (self[f"label_{name}"], lines.get(name, self.line_ids.browse()).sorted("sequence"))
            for name in SECTIONS
        ]

    def _sop_table(self, paper):
        """The step table with its flow.

        :param paper: the sheet that it is drawn on
        :returns: dict with ``actors`` (columns), ``blocks`` (heading, number of columns),
            ``has_input`` and ``rows``; a row has ``step``, and ``cells`` (one per actor: style,
            shape, whether something leads into it, printed words)
        """
        self.ensure_one()
        actors = self.actor_ids.sorted(lambda actor: (actor.sequence, actor.id))
        steps = self.step_ids.sorted(lambda step: (step.sequence, step.id))
        place = {actor: column for column, actor in enumerate(actors)}
        row_of = {step: row for row, step in enumerate(steps)}
        columns = [place.get(step.actor_id) for step in steps]
        arrows = [
            swimlane.Arrow(row_of[arrow.step_id], row_of[arrow.to_step_id], arrow.kind)
            for arrow in self.transition_ids
            if arrow.to_step_id
        ]
        lines = swimlane.draw(columns, arrows)
        shapes = swimlane.shapes(columns, arrows)
        entered = {arrow.target for arrow in arrows if arrow.source < arrow.target}
        rows = []
        for row, step in enumerate(steps):
            cells = []
            for column, actor in enumerate(actors):
                here = columns[row] == column
                cells.append(
                    {
                        "style": swimlane.background(lines.get((row, column), []), paper.svg),
                        "shape": swimlane.shape_svg(shapes[row], row in entered) if here else "",
                        "words": step.actor_note if step.actor_note_actor_id == actor else "",
                    }
                )
            rows.append({"step": step, "cells": cells})
        return {
            "actors": actors,
            "blocks": self._sop_blocks(actors),
            "has_input": any(steps.mapped("input")),
            "rows": rows,
        }

    def _sop_blocks(self, actors):
        """Headings above several actor columns: list of (heading, number of columns)."""
        blocks = []
        for actor in actors:
            if blocks and blocks[-1][0] == (actor.block or ""):
                blocks[-1][1] += 1
            else:
                blocks.append([actor.block or "", 1])
        return blocks if any(heading for heading, _count in blocks) else []

    def _sop_signature(self):
        """The block below the table, in the document's own words."""
        self.ensure_one()
        return {
            "titles": [self.signatory_title or self.endorsement or ""],
            "name": self.signatory_name or "",
            "rank": self.signatory_rank or "",
            # With or without spaces, as the document has it.
            "nip": self.signatory_nip or "",
        }
