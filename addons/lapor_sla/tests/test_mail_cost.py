from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from odoo.addons.lapor_base.tests.mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailCost(MailIntakeCase):
    """What a mail costs the database with everything in: receipt, complaint, first step with its
    activity, clocks, acknowledgement."""

    def _received(self, raw):
        """Hand a mail over as to a process that has taken in others, but holds no records.

        :returns: (its complaint, the texts of the queries)
        """
        self.env.flush_all()
        self.env.invalidate_all()
        queries, execute = [], Cursor.execute

        def record(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", record):
            result = self.env["lapor.mail.gateway"]._receive(raw)
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.flush_all()
        complaint = self.env["lapor.complaint"].search([("number", "=", result["number"])])
        return complaint, queries

    def test_one_plain_mail(self):
        self._received(self._mail())
        complaint, queries = self._received(
            self._mail("Selokan di RT 05 mampet.", "Selokan", "Siti <siti@warga.example>")
        )
        self.assertTrue(
            complaint.current_step_id and complaint.activity_ids and complaint.clock_ids
        )
        self.assertIn("siti@warga.example", self._acknowledgement(complaint).mail_id.email_to)
        # Two of them order the queue, so that the acknowledgement leaves at once.
        self.assertLessEqual(len(queries), 65, "\n".join(query[:150] for query in queries))

    def test_mail_that_is_known(self):
        raw = self._mail()
        self._received(raw)
        _complaint, queries = self._received(raw)
        # Whoever hands it over is told the number of its complaint.
        self.assertLessEqual(len(queries), 7, "\n".join(query[:150] for query in queries))
