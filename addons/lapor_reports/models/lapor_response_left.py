from odoo import api, models

#: Key under which a transaction keeps what left in it.
LEFT = "lapor_reports.left"
#: What nobody signed is no surat dinas.
SYSTEM_TITLES = {
    "final": "JAWABAN MELALUI SISTEM",
    "interim": "JAWABAN SEMENTARA MELALUI SISTEM",
    "out_of_authority": "JAWABAN MELALUI SISTEM",
    "request": "PERMINTAAN KELENGKAPAN MELALUI SISTEM",
    "handover": "PENERUSAN MELALUI SISTEM",
}


class LaporResponse(models.Model):
    """What leaves without a signature is no letter, and stays as it left: its paper is frozen at
    the end of the transaction in which it left."""

    _inherit = "lapor.response"

    def _is_letter(self):
        """Whether it is a surat dinas, or a draft of one: signed and numbered, or to be signed by
        the SOP. Whatever else leaves is an answer through the system."""
        # Who signs, and whether the SOP asks for it, stands on the paper.
        response = self.sudo()
        if response.number:
            return True
        awaits = response.kind == "final" and response.state in ("draft", "submitted")
        return (
            awaits
            and not response.origin_id
            and not response._left_at()
            and response.complaint_id._needs_signature()
        )

    def _left_at(self):
        """When it left for the first time: sent, or handed to whoever brings it; None before."""
        # As the system: the moment stands on the paper.
        response = self.sudo()
        moments = [*response.delivery_ids.mapped("at"), response.delivered_at]
        return min(filter(None, moments), default=None) if response.state != "void" else None

    def _system_facts(self, unit):
        """What stands on an answer through the system instead of number and signature.

        :param unit: ``lapor.unit`` that sent it
        """
        # The name of an office and of a channel, which whoever gets it knows.
        response = self.sudo()
        first = response.delivery_ids.sorted("attempt").filtered(
            lambda delivery: delivery.state != "failed"
        )[:1]
        channel = first.channel_id or response.channel_id
        return {
            "title": SYSTEM_TITLES.get(response.kind, "PEMBERITAHUAN MELALUI SISTEM"),
            "sender": unit.sudo().name,
            "moment": response._left_at(),
            "channel": channel.with_context(lang="id_ID").name,
        }

    def _attempt(self, visit, channel, state, **details):
        delivery = super()._attempt(visit, channel, state, **details)
        self._freeze_at_commit()
        return delivery

    def _record(self, code, visit, data=None):
        result = super()._record(code, visit, data)
        if code == "response_delivered":
            self._freeze_at_commit()
        return result

    def _freeze_at_commit(self):
        """Freeze what leaves in this transaction at its end: once for each, as it is then."""
        left = self.filtered(lambda response: response.kind != "ack")
        if not left:
            return
        precommit = self.env.cr.precommit
        if LEFT not in precommit.data:
            precommit.data[LEFT] = set()
            # As the system: what left is evidence, whoever sent it.
            precommit.add(self.env["lapor.response"].sudo()._freeze_left)
        precommit.data[LEFT].update(left.ids)

    @api.model
    def _freeze_left(self):
        left = self.browse(sorted(self.env.cr.precommit.data.pop(LEFT, ()))).exists()
        for response in left:
            if response._is_freezable() and not response.paper_ids:
                response._freeze_letter()

    def _is_freezable(self):
        """Whether its paper is one for ever: signed, or left. An acknowledgement only says that a
        number was sent."""
        self.ensure_one()
        if self.state == "void" or self.kind == "ack":
            return False
        return bool(self.number and self.state == "signed" or self._left_at())
