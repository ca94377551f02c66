from odoo import api, models
from odoo.tools import consteq

from odoo.addons.lapor_base.tools.tracking_code import normal_tracking_code

# What the complainant is told of the events of the case; nothing else of them.
TOLD = {
    "received": "Aduan diterima",
    "disposition": "Diteruskan kepada unit yang menangani",
    "handed_outside": "Diteruskan kepada instansi di luar pemerintah daerah",
    "held": "Menunggu kelengkapan dari Anda",
    "resumed": "Dilanjutkan",
    "inspection": "Pemeriksaan lapangan dilakukan",
    "response_delivered": "Tanggapan disampaikan kepada Anda",
    "merged": "Digabungkan dengan aduan yang sama",
    "promised": "Penyelesaian dijadwalkan",
    "closed": "Aduan ditutup",
    "reopened": "Aduan dibuka kembali",
}
# Told once, the first time.
ONCE = {"disposition"}
STATUSES = {
    "waiting": "Diterima dan sedang diperiksa",
    "disposed": "Sudah diteruskan kepada unit yang menangani",
    "process": "Sedang ditindaklanjuti",
    "pending": "Menunggu kelengkapan dari Anda",
    "done": "Selesai",
    "archived": "Ditutup tanpa tindak lanjut",
}


class LaporTrackingMixin(models.AbstractModel):
    """How complainants follow their own case: by its number and the code that only they have."""

    _name = "lapor.tracking.mixin"
    _description = "Tracking by Complainants"

    @api.model
    def _track(self, number, code):
        """The case of a pair, as the system; empty for any wrong pair, whatever is wrong in it.

        :param str number: of the complaint, as somebody typed it
        :param str code: its tracking code, as somebody typed it
        :rtype: lapor.complaint
        """
        code = normal_tracking_code(code or "")
        # As the system: the code is the right to know what :meth:`_tracking_facts` tells.
        case = self.sudo().search([("tracking_code", "=", code)], limit=1)
        typed = "".join((number or "").upper().split()).encode()
        return case if case and consteq(typed, case.number.upper().encode()) else case.browse()

    def _tracking_facts(self):
        """What the public page tells: where the case stands and since when. Neither what it is
        about, nor who complained, nor who handles it.

        :returns: dict with ``number``, ``unit``, ``status``, ``outcome``, ``waits_until``,
            ``promised`` and ``events`` (moment and words, oldest first)
        """
        self.ensure_one()
        # Nothing leaves but what stands in the dict below.
        case = self.sudo().with_context(lang="id_ID")
        words = dict(case._fields["outcome"]._description_selection(case.env))
        events, told = [], set()
        for event in case.event_ids.sorted("sequence"):
            if event.code not in TOLD or event.code in told & ONCE:
                continue
            if event.code == "response_delivered" and (event.data or {}).get("kind") == "ack":
                continue
            told.add(event.code)
            events.append((event.at, TOLD[event.code]))
        return {
            "number": case.number,
            "unit": case.managing_unit_id,
            "status": STATUSES.get(case.sp4n_status, ""),
            "outcome": words.get(case.outcome, "") if case.phase == "closed" else "",
            "waits_until": case.hold_until if case.is_on_hold else False,
            "promised": case.promise_date,
            "events": events,
        }
