import base64
import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .common import PaperCase

FORGED = b"%PDF-1.7 palsu"
REFUSED = "differs from what was frozen"
REFUSED_TO_OFFICERS = "berbeda dari yang dibekukan"


@tagged("post_install", "-at_install")
class TestFrozenFiles(PaperCase, HttpCase):
    """A frozen file is handed out as it was frozen or not at all, whichever way it is asked for."""

    def setUp(self):
        super().setUp()
        complaint = self._walk_to(self._make_complaint(), "5")
        self.response = complaint.sudo().response_ids
        self.paper = self.response.paper_ids
        self.operator.password = "kata-sandi-uji"
        self.env["lapor.event"]._prove_rest()
        self.env.flush_all()

    def _file(self, record, name):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", name),
            ]
        )

    def _exchange(self, attachment):
        """Other bytes on the disk: no row says so."""
        read = type(attachment)._file_read
        wanted = attachment.store_fname
        patched = patch.object(
            type(attachment),
            "_file_read",
            lambda model, name, *args: FORGED if name == wanted else read(model, name, *args),
        )
        patched.start()
        self.addCleanup(patched.stop)
        self.env.invalidate_all()

    def _addresses(self):
        return (
            f"/web/content/lapor.paper/{self.paper.id}/content",
            f"/web/content/lapor.paper/{self.paper.id}/content?download=1",
            f"/web/content/{self._file(self.paper, 'content').id}",
            f"/web/content?model=lapor.paper&id={self.paper.id}&field=content",
            f"/report/pdf/lapor_reports.letter/{self.response.id}",
        )

    def _rpc(self, method, *args, **kwargs):
        answer = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": "lapor.paper",
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def _reads(self):
        ids = self.paper.ids
        return (
            ("read", [ids, ["content"]], {}),
            ("web_read", [ids], {"specification": {"content": {}}}),
            ("search_read", [[("id", "in", ids)], ["content"]], {}),
        )

    def test_right_bytes_are_handed_out(self):
        self.authenticate(self.operator.login, "kata-sandi-uji")
        content = base64.b64decode(self.paper.with_context(bin_size=False).content)
        for address in self._addresses():
            with self.subTest(address):
                answer = self.url_open(address)
                self.assertEqual((answer.status_code, answer.content), (200, content))
        self.assertEqual(self.response._letter_to_mail(), content)

    @mute_logger("odoo.http")
    def test_forged_bytes_are_refused_with_a_sentence(self):
        self.authenticate(self.operator.login, "kata-sandi-uji")
        self._exchange(self._file(self.paper, "content"))
        self._refused_everywhere()

    @mute_logger("odoo.http")
    def test_forged_bytes_with_a_forged_fingerprint_are_refused_too(self):
        self.authenticate(self.operator.login, "kata-sandi-uji")
        other = self.env["ir.attachment"].create({"name": "lain.pdf", "raw": FORGED})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s WHERE id = %s",
                other.store_fname,
                other.checksum,
                self._file(self.paper, "content").id,
            )
        )
        self.env.cr.execute(
            "UPDATE lapor_paper SET sha256 = encode(sha256(%s), 'hex') WHERE id = %s",
            [FORGED, self.paper.id],
        )
        self.env.invalidate_all()
        self._refused_everywhere()

    def _refused_everywhere(self):
        for address in self._addresses():
            with self.subTest(address):
                answer = self.url_open(address)
                self.assertIn(answer.status_code, range(400, 500))
                self.assertNotIn(FORGED, answer.content)
                self.assertRegex(answer.text, f"{REFUSED}|{REFUSED_TO_OFFICERS}")
        for method, args, kwargs in self._reads():
            with self.subTest(method):
                answer = self._rpc(method, *args, **kwargs)
                message = answer["error"]["data"]["message"]
                self.assertRegex(message, f"{REFUSED}|{REFUSED_TO_OFFICERS}")
        for way in (self.paper._bytes, self.response._letter_to_mail):
            with self.assertRaisesRegex(UserError, REFUSED):
                way()

    @mute_logger("odoo.http")
    def test_final_reports_too(self):
        day = fields.Date.subtract(fields.Date.today(), days=2)
        report = self.env["lapor.periodic"].create(
            {"kind": "custom", "unit_id": self.manager.id, "date_from": day, "date_to": day}
        )
        report.action_finalize()
        self.env.flush_all()
        self.authenticate(self.operator.login, "kata-sandi-uji")
        for name, address in (
            ("pdf", f"/web/content/lapor.periodic/{report.id}/pdf"),
            ("xlsx", f"/lapor/periodic/{report.id}.xlsx"),
        ):
            with self.subTest(name):
                self.assertEqual(self.url_open(address).status_code, 200)
                self._exchange(self._file(report, name))
                answer = self.url_open(address)
                self.assertIn(answer.status_code, range(400, 500))
                self.assertNotIn(FORGED, answer.content)

    def test_report_shows_the_newest_fingerprint(self):
        self.env["lapor.event.anchor"]._anchor()
        newest = self.env["lapor.event.anchor"].search([], limit=1)
        day = fields.Date.subtract(fields.Date.today(), days=2)
        report = self.env["lapor.periodic"].create(
            {"kind": "monthly", "unit_id": self.manager.id, "date_from": day, "date_to": day}
        )
        report.action_compute()
        words = self._printed("periodic", report)
        self.assertIn("Sidik jari catatan bukti per", words)
        self.assertIn(newest.digest, words.replace(" ", ""))
