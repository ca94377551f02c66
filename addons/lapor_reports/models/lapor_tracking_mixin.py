from odoo import api, models
from odoo.tools import consteq

from odoo.addons.lapor_base.tools.case_account import Account, Fact, after
from odoo.addons.lapor_base.tools.tracking_code import normal_tracking_code

# What the complainant is told of the events of the case; nothing else of them.
TOLD = {
    "received": "Aduan diterima",
    "sop_missing": "Aduan diterima",
    "handed_outside": "Diteruskan kepada instansi di luar pemerintah daerah",
    "held": "Menunggu kelengkapan dari Anda",
    "hold_extended": "Batas waktu kelengkapan diperpanjang",
    "resumed": "Dilanjutkan",
    "inspection": "Pemeriksaan lapangan dilakukan",
    "merged": "Digabungkan dengan aduan yang sama",
    "separated": "Ditangani tersendiri lagi",
    "promised": "Penyelesaian dijadwalkan",
    "promise_kept": "Yang dijadwalkan telah dilaksanakan",
    "reopened": "Aduan dibuka kembali",
}
# Only an answer is called one: requests for data, receipts, reminders and notices are none.
SENT = {
    "interim": "Jawaban sementara disampaikan kepada Anda",
    "final": "Tanggapan disampaikan kepada Anda",
}
FORWARDED = "Diteruskan kepada unit yang menangani"
CLOSED = "Aduan ditutup"
# Ends of their own, and what they are called as an event and as the status.
ENDS = {
    "withdrawn": ("Aduan dicabut", "Dicabut"),
    "no_response": ("Aduan dianggap dicabut", "Dianggap dicabut karena tidak dilengkapi"),
    "archived": ("Aduan diarsipkan", "Diarsipkan, tidak ditindaklanjuti"),
    "out_of_authority": (
        "Aduan ditutup: bukan wewenang pemerintah daerah",
        "Ditutup: bukan wewenang pemerintah daerah",
    ),
    "duplicate": (
        "Aduan ditutup bersama aduan yang sama",
        "Ditutup bersama aduan yang sama",
    ),
    "insufficient": (
        "Aduan ditutup tanpa tanggapan karena tidak lengkap dan tidak jelas",
        "Ditutup tanpa tanggapan karena tidak lengkap dan tidak jelas",
    ),
}
STATUSES = {
    "waiting": "Diterima dan sedang diperiksa",
    "disposed": "Sudah diteruskan kepada unit yang menangani",
    "process": "Sedang ditindaklanjuti",
    "pending": "Menunggu kelengkapan dari Anda",
    "done": "Selesai",
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
        ended = case.sp4n_status == "archived" and ENDS.get(case.outcome)
        return {
            "number": case.number,
            "unit": case.managing_unit_id,
            "status": ended[1] if ended else STATUSES.get(case.sp4n_status, ""),
            "outcome": words.get(case.outcome, "") if case.phase == "closed" else "",
            "waits_until": case.hold_until if case.is_on_hold else False,
            "promised": case.promise_date,
            "events": case._told_events(),
        }

    def _told_events(self):
        """What has happened, as its complainant is told: list of (moment, words), oldest first."""
        self.ensure_one()
        told, account = [], Account()
        for event in self.event_ids.sorted("sequence"):
            data = event.data or {}
            before, account = account, after(account, Fact(event.code, event.at, data))
            words = TOLD.get(event.code)
            if event.code == "response_delivered":
                words = SENT.get(data.get("kind"))
            elif event.code in ("disposition", "misroute_rejected"):
                # Passing on inside the office, or among those who handle it, is their affair.
                words = account.given and not before.given and FORWARDED
            elif event.code == "closed":
                ended = not account.is_done and ENDS.get(account.outcome)
                words = ended[0] if ended else CLOSED
            if words:
                told.append((event.at, words))
        return told
