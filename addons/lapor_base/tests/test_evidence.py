from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import samples
from .chains import ChainCase

DRAFT = {"response": {"body": "<p>Lampu sudah kami ganti.</p>"}}
NOTE = {"note": "Sudah diperiksa"}
PROOF = {"delivery": {"note": "Diterima sendiri oleh pelapor"}}
INSPECTION = {
    "date": "2026-01-05",
    "place": "Pasar",
    "findings": "Lampu mati",
    "conclusion": "Aduan benar",
}


@tagged("post_install", "-at_install")
class TestEvidence(ChainCase):
    """No step is left without what its kind demands, and none asks for more."""

    def _disposition(self):
        return {"disposition": {"lead_position_id": self.operator_position.id, "note": "Tinjau"}}

    def _table(self):
        """Every kind of step: (kinds before it, what is missing, what completes it).

        Kinds without a sentence are complete by being left.
        """
        return {
            "intake": (["receive"], None, {}),
            "register": ([], "Choose the category", None),
            "verify": ([], "result of the examination", NOTE),
            "report": ([], None, {}),
            "direct": ([], "Issue a disposition", self._disposition()),
            "receive": ([], None, {}),
            "handle": ([], "Describe the follow-up", NOTE),
            "inspect": ([], "inspection report", {"inspection": INSPECTION}),
            "draft": ([], "Draft the response", DRAFT),
            "sign": (["draft"], "Sign the response", {"sign": True}),
            "send": (["draft", "sign"], "no signed response", None),
            "interim": (
                [],
                "interim response first",
                {"response": {**DRAFT["response"], "kind": "interim"}, **PROOF},
            ),
            "publish": (["draft"], "Deliver the response", PROOF),
            "confirm": ([], None, {}),
        }

    def _walk(self, complaint, kinds):
        for kind in kinds:
            self._do(complaint, **(self._table()[kind][2] or {}))

    def test_every_kind_has_a_line_in_the_table(self):
        kinds = self.env["lapor.step.kind"].search([])
        self.assertEqual(set(self._table()), set(kinds.mapped("code")))

    def test_each_kind_is_refused_without_its_evidence_and_accepted_with_it(self):
        for kind, (before, sentence, evidence) in self._table().items():
            if evidence is None:
                continue  # register and send have tests of their own
            with self.subTest(kind):
                self._make_chain(*before, kind)
                complaint = self._make_complaint()
                self._walk(complaint, before)
                self.assertEqual(self._kind(complaint), kind)
                if sentence:
                    for empty in ({}, {"note": " \n "}):
                        if evidence is NOTE or empty == {}:
                            with self.assertRefused(sentence):
                                self._do(complaint, **empty)
                    self.assertEqual(self._kind(complaint), kind)
                self._do(complaint, **evidence)
                self.assertEqual(self._kind(complaint), "receive")

    def test_refusal_names_the_complaint_and_every_missing_thing(self):
        self._make_chain("verify", demands=["handle", "inspect"])
        complaint = self._make_complaint()
        with self.assertRaises(UserError) as caught:
            self._do(complaint)
        message = caught.exception.args[0]
        self.assertIn(complaint.number, message)
        self.assertEqual(message.count("•"), 3)

    def test_registering_needs_category_and_complainant_or_anonymity(self):
        self._make_chain("register")
        complaint = self._make_complaint(category_id=False, complainant_id=False)
        with self.assertRefused("Choose the category"):
            self._do(complaint)
        complaint.category_id = self.category
        with self.assertRefused("complainant's identity"):
            self._do(complaint)
        complaint.is_anonymous = True
        self._do(complaint)
        self.assertEqual(self._kind(complaint), "receive")

    def test_sending_on_needs_a_signed_response(self):
        self._make_chain("draft", "send", "sign")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        with self.assertRefused("no signed response"):
            self._do(complaint)
        self._make_chain("draft", "sign", "send")
        complaint = self._make_complaint()
        self._walk(complaint, ["draft", "sign"])
        self._do(complaint)
        self.assertEqual(self._kind(complaint), "receive")

    def test_follow_up_may_be_shown_by_files_alone(self):
        self._make_chain("handle")
        complaint = self._make_complaint()
        photo = self._attachment(self.operator)
        self._do(complaint, attachment_ids=photo.ids)
        self.assertEqual(complaint.step_ids[0].attachment_ids, photo)

    def test_note_of_the_step_is_kept(self):
        self._make_chain("verify")
        complaint = self._make_complaint()
        self._do(complaint, note="  Lokasi benar\r\ndi RT 03  ")
        visit = complaint.step_ids[0]
        self.assertEqual(visit.note, "Lokasi benar\ndi RT 03")
        self.assertEqual(visit.done_by_id, self.operator)
        self.assertTrue(visit.done_at)

    def test_note_that_no_database_can_keep_is_cleaned(self):
        self._make_chain("verify", "verify")
        complaint = self._make_complaint()
        self._do(complaint, note="Benar\x00\ud800 \u202esekali")
        self.assertEqual(complaint.step_ids[0].note, "Benar sekali")
        with self.assertRefused("result of the examination"):
            self._do(complaint, note="\x00\x01")

    def test_what_the_move_does_not_ask_for_is_refused(self):
        """Else any step could answer the complainant, or hand the case to another office."""
        surplus = {
            "response": DRAFT["response"],
            "delivery": {"note": "Diserahkan"},
            "sign": True,
            "inspection": INSPECTION,
            **self._disposition(),
        }
        self._make_chain("verify", "verify")
        complaint = self._make_complaint()
        for name, value in [*surplus.items(), ("delivery", {})]:
            with self.subTest(name), self.assertRefused(f"does not ask for: {name}"):
                self._do(complaint, note="Benar", **{name: value})
        self._do(complaint, note="Benar", **dict.fromkeys(surplus))
        for papers in ("response_ids", "disposition_ids", "inspection_ids"):
            self.assertFalse(complaint[papers])

    # Files

    def _attachment(self, user, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": "foto.jpg", "raw": samples.JPEG, **values})
        )

    def test_files_that_the_user_may_not_read_are_refused(self):
        foreign = self._attachment(self.head)
        self._make_chain("handle", "inspect")
        complaint = self._make_complaint()
        with self.assertRaises(AccessError):
            self._do(complaint, note="Lihat foto", attachment_ids=foreign.ids)
        self._do(complaint, **NOTE)
        with self.assertRaises(AccessError):
            self._do(complaint, inspection={**INSPECTION, "attachment_ids": foreign.ids})
        photo = self._attachment(self.operator)
        self._do(complaint, inspection={**INSPECTION, "attachment_ids": photo.ids})
        self.assertEqual(complaint.inspection_ids.attachment_ids, photo)

    def test_files_given_as_evidence_can_be_read_by_whoever_reads_the_case(self):
        """Uploads of a dialog belong to nobody but their uploader until the case takes them."""
        self._make_chain("handle", "inspect", "confirm")
        complaint = self._make_complaint()
        photo, drawing = (
            self._attachment(self.operator),
            self._attachment(self.operator, res_model="lapor.advance"),
        )
        self._do(complaint, attachment_ids=photo.ids)
        self._do(complaint, inspection={**INSPECTION, "attachment_ids": drawing.ids})
        for attachment in (photo, drawing):
            self.assertTrue(attachment.with_user(self.head).has_access("read"))
            self.assertFalse(attachment.with_user(self.outsider).has_access("read"))

    def test_files_of_another_record_stay_its_own(self):
        self._make_chain("handle")
        first, second = self._make_complaint(), self._make_complaint()
        photo = self._attachment(self.operator, res_model=first._name, res_id=first.id)
        self._do(second, attachment_ids=photo.ids)
        self.assertEqual((photo.res_model, photo.res_id), (first._name, first.id))

    # Dispositions

    def _foreign_position(self):
        company = self.env["res.company"].create({"name": "Pemkab Sebelah"})
        unit = self.env["lapor.unit"].create(
            {"name": "PUPR Sebelah", "code": "PS", "kind": "opd", "company_id": company.id}
        )
        return self._make_position("Kepala", unit, "kepala_opd")

    def test_disposition_stays_inside_the_government(self):
        foreign = self._foreign_position()
        self._make_chain("direct")
        complaint = self._make_complaint()
        own = self.opd_head_position.id
        for values in (
            {"lead_position_id": foreign.id},
            {"lead_position_id": own, "helper_position_ids": foreign.ids},
            {"lead_position_id": own, "copy_position_ids": foreign.ids},
            {"lead_position_id": own, "unit_id": foreign.unit_id.id},
        ):
            with self.assertRefused("another government"):
                self._do(complaint, disposition={"note": "Tinjau", **values})
        self.assertFalse(complaint.disposition_ids)

    def test_disposition_needs_somebody_in_charge_who_is_still_there(self):
        self._make_chain("direct")
        complaint = self._make_complaint()
        gone = self._make_position("Lama", self.opd, "admin_opd")
        gone.active = False
        for lead in (False, 99999999, gone.id):
            with self.assertRaises(UserError):
                self._do(complaint, disposition={"note": "Tinjau", "lead_position_id": lead})
        self.assertFalse(complaint.disposition_ids)

    def test_only_known_parts_are_taken(self):
        self._make_chain("direct", "inspect")
        complaint = self._make_complaint()
        surprises = {"from_user_id": self.head.id, "agenda_number": "7", "state": "done"}
        for name, value in surprises.items():
            with self.assertRefused(name):
                self._do(complaint, disposition={**self._disposition()["disposition"], name: value})
        self._do(complaint, **self._disposition())
        for name, value in {"state": "draft", "complaint_id": 1}.items():
            with self.assertRefused(name):
                self._do(complaint, inspection={**INSPECTION, name: value})

    def test_disposition_is_written_down_in_full(self):
        self._make_chain("direct")
        complaint = self._make_complaint()
        instruction = self.env["lapor.instruction"].create({"name": "Tinjau lapangan"})
        self._do(
            complaint,
            disposition={
                "lead_position_id": self.opd_head_position.id,
                "helper_position_ids": [self.engineer_position.id, self.opd_head_position.id],
                "copy_position_ids": [self.head_position.id, self.engineer_position.id],
                "instruction_ids": instruction.ids,
                "note": "Segera",
                "urgency": "urgent",
                "date_due": fields.Date.today() + timedelta(days=7),
            },
        )
        disposition = complaint.disposition_ids
        self.assertEqual(disposition.from_user_id, self.operator)
        self.assertEqual(disposition.from_title, "Admin Layanan")
        self.assertEqual(disposition.direction, "sideways")
        self.assertEqual(disposition.urgency, "urgent")
        self.assertEqual(disposition.agenda_number, "1")
        self.assertEqual(
            [(line.kind, line.position_id) for line in disposition.line_ids],
            [
                ("lead", self.opd_head_position),
                ("helper", self.engineer_position),
                ("copy", self.head_position),
            ],
        )
        self.assertLessEqual(self.opd | self.bidang, complaint.involved_unit_ids)
        message = complaint.message_ids.filtered(
            lambda post: post.subtype_id == self.env.ref("lapor_base.mt_disposition")
        )
        self.assertIn("Segera", message.body)
        self.assertIn("Tinjau lapangan", message.body)
        self.assertEqual(
            message.notified_partner_ids,
            (self.opd_head | self.engineer | self.head).partner_id,
        )

    # Inspections

    def test_inspection_lacks_no_part_and_lies_not_in_the_future(self):
        self._make_chain("inspect")
        complaint = self._make_complaint()
        for name in INSPECTION:
            with self.subTest(name), self.assertRefused("still lacks"):
                self._do(complaint, inspection={**INSPECTION, name: False})
        today = self.manager._local_now().date()
        for day in (today + timedelta(days=1), fields.Date.to_string(today + timedelta(days=400))):
            with self.assertRefused("future"):
                self._do(complaint, inspection={**INSPECTION, "date": day})
        self._do(complaint, inspection={**INSPECTION, "date": today})
        inspection = complaint.inspection_ids
        self.assertEqual((inspection.state, inspection.date), ("done", today))
        self.assertEqual(inspection.team_ids, self.operator)

    def test_inspection_of_an_earlier_visit_does_not_count(self):
        self._make_chain("inspect", "inspect")
        complaint = self._make_complaint()
        self._do(complaint, inspection=INSPECTION)
        with self.assertRefused("inspection report"):
            self._do(complaint)
