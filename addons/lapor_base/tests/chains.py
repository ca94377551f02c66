from odoo.fields import Command

from . import common

# Who does a step of this kind in the chains below; the operator unless said otherwise.
DOERS = {"sign": "head", "confirm": "head"}


class ChainCase(common.LaporCase):
    """SOPs made of a few steps of given kinds, one after the other, in the managing office.

    The last step is always one of receiving, so that every kind is left by its own forward
    arrow."""

    @classmethod
    def _make_chain(cls, *kinds, demands=None, **doers):
        """Put an SOP with these kinds in force instead of the one before.

        :param demands: what the first arrow demands besides
        :param doers: kind="operator" or "head", where it differs
        """
        cls.env["lapor.sop"].search(
            [("unit_id", "=", cls.manager.id), ("state", "=", "active")]
        ).action_retire()
        sop = cls.env["lapor.sop"].create({"name": "Rantai", "unit_id": cls.manager.id})
        actors = {
            "operator": cls._make_actor(sop, "Admin", "admin_layanan", "managing"),
            "head": cls._make_actor(sop, "Kepala", "kepala_dinas", "managing"),
        }
        steps = [
            cls._make_step(
                sop,
                str(number),
                kind.capitalize(),
                actors[doers.get(kind) or DOERS.get(kind, "operator")],
                kind,
                "intake",
                60,
                "minute",
            )
            for number, kind in enumerate((*kinds, "receive"), 1)
        ]
        for step, target in zip(steps, [*steps[1:], None], strict=True):
            cls._make_arrow(step, target, "Lanjut", "forward" if target else "close")
        if demands:
            steps[0].transition_ids.demand_ids = [
                Command.link(cls.env.ref(f"lapor_base.kind_{kind}").id) for kind in demands
            ]
        sop.action_activate()
        return sop

    def _do(self, complaint, note=None, **evidence):
        """The step's forward arrow, by whoever has the step."""
        visit = complaint.sudo().current_step_id
        kind = "forward" if visit.sop_step_id.transition_ids[0].kind == "forward" else "close"
        return self._advance(complaint, visit.user_id, kind, note=note, **evidence)

    def _kind(self, complaint):
        complaint.invalidate_recordset()
        return complaint.sudo().current_step_id.kind
