import hashlib
import json
import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.lapor_privacy_mixin import LEFT_FIELDS, LEFT_OF
from ..tools.personal_data import MASK
from .leaks import NO_WORDS, TEXTS, LeaksCase

PERSON = {"name": "Zaskia Wulandari", "phone": "0812-9876-5432", "nik": "6371014505900003"}
SAYING = "Kata Bu Zaskia Wulandari (0812-9876-5432, NIK 6371014505900003) begitu; Zaskiawan tidak."
TELLING = ("Zaskia ", "Wulandari", "9876-5432", "6371014505900003")

# Where the identity is kept on purpose, readable by nobody or only when it is opened.
KEPT = {
    "lapor.complainant",
    ("lapor.response", "sealed_subject"),
    ("lapor.response", "sealed_body"),
    ("lapor.response.version", "sealed_subject"),
    ("lapor.response.version", "sealed_body"),
    ("lapor.inspection", "sealed_content"),
    ("lapor.complaint.version", "before"),
    ("lapor.complaint.version", "after"),
}


@tagged("post_install", "-at_install")
class TestHiddenLater(LeaksCase):
    """A case that becomes anonymous when much has been written: nothing of it tells who
    complained any more, whatever part of it, also one that an addon adds."""

    def _plant(self, records, marker):
        """The saying in every free text, except what the program writes about others."""
        self.env.flush_all()
        left = LEFT_FIELDS | LEFT_OF.get(records._name, set())
        names = [
            name
            for name, field in records._fields.items()
            if field.type in TEXTS
            and field.store
            and not field.compute
            and not field.translate
            and name not in NO_WORDS | left
        ]
        if records._name not in ("lapor.event", "lapor.paper", "lapor.mail.receipt"):
            for name in names:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s || id WHERE id IN %s",
                        SQL.identifier(records._table),
                        SQL.identifier(name),
                        f"{marker} ",
                        tuple(records.ids),
                    )
                )
            self.planted[records._name] = (records.ids, names)
        self.env.invalidate_all()

    def _told_anywhere(self):
        """Where in the database the identity stands, in records made since the test began."""
        self.env.flush_all()
        found = set()
        for model, floor in self.floors.items():
            own = self.env[model]
            # The bus has carried it to whom it was told then, and is emptied every day.
            if not own._auto or own._transient or model == "bus.bus":
                continue
            for name, field in own._fields.items():
                if not field.store or field.type not in (*TEXTS, "json") or not field.column_type:
                    continue
                told = self.env.execute_query(
                    SQL(
                        "SELECT 1 FROM %s WHERE id > %s AND %s::text LIKE ANY(%s) LIMIT 1",
                        SQL.identifier(own._table),
                        floor,
                        SQL.identifier(name),
                        [f"%{word}%" for word in TELLING],
                    )
                )
                if told and not {model, (model, name)} & KEPT:
                    found.add((model, name))
        return found

    def test_whatever_was_written_tells_nothing_any_more(self):
        self.planted = {}
        complainant = self.env["lapor.complainant"].with_user(self.operator).create(PERSON)
        case = self._plant_case(SAYING, complainant_id=complainant.id)
        before = self._told_anywhere()
        # The walk can fail: it finds the saying in each kind of place.
        self.assertLessEqual(
            {
                ("lapor.complaint.step", "note"),
                ("lapor.disposition", "note"),
                ("lapor.disposition.line", "reason"),
                ("lapor.hold", "note"),
                ("lapor.misroute", "reason"),
                ("lapor.inspection", "findings"),
                ("lapor.inspection.person", "secret_name"),
                ("lapor.inspection.person", "statement"),
                ("lapor.closing", "note"),
                ("lapor.promise", "what"),
                ("lapor.delivery", "proof"),
                ("lapor.response", "return_note"),
                ("lapor.response.paraf", "note"),
                ("mail.activity", "note"),
                ("ir.attachment", "name"),
                ("mail.message", "body"),
            },
            before,
        )
        # An event never had it: it could not be changed.
        self.assertNotIn(("lapor.event", "data"), before)
        case.env.cr.execute(
            "UPDATE lapor_complaint SET phase = 'handling', outcome = NULL WHERE id = %s", [case.id]
        )
        self.env.invalidate_all()
        case.with_user(self.operator).sudo(False).is_anonymous = True
        self.assertEqual(self._told_anywhere(), set())
        # Only the words that tell are gone, and the identity keeps them all.
        for model, (ids, names) in self.planted.items():
            for record in self.env[model].sudo().browse(ids):
                for name in names:
                    if name in ("sealed_subject", "sealed_body", "res_model"):
                        continue
                    with self.subTest(model=model, name=name):
                        self.assertIn(MASK, str(record[name]))
                        self.assertIn("Zaskiawan tidak", str(record[name]))
        self.assertIn("Zaskia Wulandari (0812-9876-5432", complainant.sudo().original_text)

    def test_namesakes_among_the_officers_keep_their_names(self):
        complainant = self.env["lapor.complainant"].with_user(self.operator).create(PERSON)
        self.head.name = "Ir. Wulandari"
        case = self._make_complaint(complainant_id=complainant.id)
        self._walk_to(case, "3")
        case.with_user(self.operator).is_anonymous = True
        self.assertEqual(case.sudo().disposition_ids.from_name, "Ir. Wulandari")

    def test_report_that_is_being_signed_can_still_be_signed(self):
        complainant = self.env["lapor.complainant"].with_user(self.operator).create(PERSON)
        case = self._make_complaint(complainant_id=complainant.id)
        self._walk_to(case, "3")
        visit = case.sudo().current_step_id
        report = (
            self.env["lapor.inspection"]
            .with_user(self.engineer)
            .sudo()
            ._begin(visit, {"place": "Pasar", "findings": SAYING, "conclusion": "Benar"})
        )
        report._submit()
        digest = report.text_hash
        case.with_user(self.operator).is_anonymous = True
        self.assertNotIn("Wulandari", report.findings)
        own = report.with_user(self.engineer).sudo(False)
        self.assertFalse(own._has_field_access(own._fields["sealed_content"], "read"))
        own.action_sign()
        self.assertEqual((report.state, report.text_hash), ("done", digest))
        self.assertEqual(report._content_hash(), digest)

    def test_no_fingerprint_lets_a_hidden_name_be_tried_out(self):
        complainant = self.env["lapor.complainant"].with_user(self.operator).create(PERSON)
        case = self._make_complaint(complainant_id=complainant.id)
        self._walk_to(case, "3")
        digested = []

        def watched(text=b"", **keywords):
            if b"Wulandari" in bytes(text):
                digested.append(bytes(text))
            return digest(text, **keywords)

        digest = hashlib.sha256
        with patch.object(hashlib, "sha256", watched):
            report = (
                self.env["lapor.inspection"]
                .with_user(self.engineer)
                .sudo()
                ._begin(
                    case.sudo().current_step_id,
                    {"place": "Pasar", "findings": SAYING, "conclusion": "Benar"},
                )
            )
            report._submit()
            report.with_user(self.engineer).sudo(False).action_sign()
            self._advance(case, self.engineer, response={"body": f"<p>{SAYING}</p>"})
            self._advance(case, self.opd_head, sign=True)
            response = case.sudo().response_ids
            case.with_user(self.operator).is_anonymous = True
            self.env.flush_all()
        self.assertTrue(response.text_hash and report.text_hash and digested)
        # Salted, and of what was received byte for byte: nobody who may not know has them.
        plain = {digest(text).hexdigest() for text in digested}
        shown = {report.text_hash, *report.member_ids.mapped("text_hash")}
        shown |= {response.text_hash, *response.version_ids.mapped("text_hash")}
        shown |= {
            said
            for event in case.event_ids
            for said in re.findall(r"[0-9a-f]{64}", json.dumps(event.data or {}))
        }
        self.assertTrue(shown)
        self.assertFalse(plain & shown)

    def test_corrected_name_is_masked_in_what_the_complainant_wrote_and_nowhere_else(self):
        complainant = (
            self.env["lapor.complainant"].with_user(self.operator).create({"name": "Saskia"})
        )
        case = self._make_complaint(
            complainant_id=complainant.id, is_anonymous=True, description=SAYING
        )
        self.assertIn("Wulandari", case.sudo().description)
        for _turn in range(2):
            case.with_user(self.operator).action_hold([], SAYING, delivery_note="Ditelepon")
            self._agree(case)
        case.with_user(self.operator).place = "Rumah Ibu Wulandari"
        complainant.sudo().write(PERSON)
        self.assertNotIn("Wulandari", case.sudo().description)
        # Whoever wrote these may not know the name: he would see by them that it is the one.
        self.assertIn("Wulandari", case.sudo().hold_id.note)
        self.assertEqual(case.sudo().place, "Rumah Ibu Wulandari")
