import json
from collections import Counter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.lapor_privacy_mixin import MAX_PERSONAL
from ..tools.mail_reader import read_mail
from ..tools.personal_data import MASK, count_personal, mask_personal
from .leaks import TEXTS, LeaksCase

ONE = {
    "name": "Zaskia Wulandari",
    "phone": "0812-9876-5432",
    "nik": "6371014505900003",
    "email": "zaskia@warga.example",
}
OTHER = {
    "name": "Bonar Siregar",
    "phone": "0857-1111-2222",
    "nik": "6371010101800004",
    "email": "bonar@warga.example",
}
#: What somebody would write who wants to know which of the two it is.
TOKENS = [*ONE.values(), *OTHER.values(), "Zaskia", "Wulandari", "Bonar", "Siregar", MASK]
PROBE = "Kata " + "; ".join((*ONE.values(), *OTHER.values())) + "; Bu Zaskia dan Pak Bonar."


@tagged("post_install", "-at_install")
class TestNoOracle(LeaksCase):
    """Two anonymous cases that differ in nothing but who complained: whatever somebody writes into
    them, by whatever act, the same comes out of both."""

    def _make_complaint(self, user=None, **values):
        for name in ("name", "description", "place"):
            values.pop(name, None)
        return super()._make_complaint(**({"user": user} if user else {}), **values)

    def _plant(self, records, marker):
        """Only what acts write is looked at, nothing that is put past them."""

    def _new_case(self, person):
        complainant = self.env["lapor.complainant"].with_user(self.operator).create(person)
        return {"complainant_id": complainant.id, "is_anonymous": True}

    def _write_everything(self, person):
        case = self._plant_case(PROBE, **self._new_case(person)).sudo()
        case.env.cr.execute(
            "UPDATE lapor_complaint SET phase = 'handling', outcome = NULL WHERE id = %s", [case.id]
        )
        self.env.invalidate_all()
        own = case.with_user(self.operator).sudo(False)
        for name, field in own._fields.items():
            if field.type not in TEXTS or not field.store or field.readonly:
                continue
            with self.env.cr.savepoint():
                try:
                    own[name] = PROBE
                    own[name] = f"{PROBE} Lagi."
                    self.env.flush_all()
                except (UserError, AccessError):
                    self.env.invalidate_all()
        for sender in ("Tetangga <tetangga@lain.example>", "Zaskia Wulandari <z@lain.example>"):
            raw = (
                f"From: {sender}\nSubject: Re: [{case.number}] {PROBE}\nTo: x@y.example\n"
                f"Message-Id: <{len(sender)}@lain.example>\nDate: Mon, 2 Nov 2026 08:15:00 +0700\n"
                f"\n{PROBE}\n"
            ).encode()
            case._post_mail(read_mail(raw), colleague=self.engineer)
            case._post_mail(read_mail(raw), proven=False)
            case.env["lapor.mail.gateway"]._receive(raw)
        held = case.env["lapor.mail.held"].search([("complaint_id", "=", case.id)])
        self.assertTrue(held)
        held[:1].with_user(self.operator).sudo(False).action_release()
        self.flush_tracking()
        # What leaves the house is the same, too.
        out = [case._public_text(PROBE), case._draft_outside("lapor_base.notice_forwarded", "PLN")]
        return case, out

    def _seen(self, person):
        """What each reader finds of the tokens, and where."""
        found = Counter()
        floors = self.floors
        with self.env.cr.savepoint() as point:
            type(self)._set_floors()
            case, out = self._write_everything(person)
            self.env.flush_all()
            self.env.invalidate_all()
            found["out", self._pattern(out)] += 1
            for login in ("operator", "head", "engineer", "administrator", "overseer"):
                for name, floor in self.floors.items():
                    own = self.env[name].with_user(self.people[login])
                    if name in ("lapor.complainant", "res.partner", "bus.bus"):
                        continue
                    if not (own._auto and own.has_access("read")):
                        continue
                    records = own.with_context(active_test=False).search([("id", ">", floor)])
                    names = [
                        field.name
                        for field in own._fields.values()
                        if field.type in (*TEXTS, "json") and own._has_field_access(field, "read")
                    ]
                    for record in records:
                        for field, value in record.read(names)[0].items():
                            if pattern := self._pattern(value):
                                found[login, name, field, pattern] += 1
            point.rollback()
        self.env.invalidate_all()
        type(self).floors = floors
        return found

    @classmethod
    def _set_floors(cls):
        cls.env.flush_all()
        cls.floors = {
            name: cls.env.execute_query(
                SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(cls.env[name]._table))
            )[0][0]
            for name in cls.floors
            if cls.env[name]._auto
        }

    def _pattern(self, value):
        text = json.dumps(value, default=str, ensure_ascii=False)
        return tuple((token, text.count(token)) for token in TOKENS if token in text)

    def test_whatever_is_written_comes_back_the_same_whoever_complained(self):
        one, other = self._seen(ONE), self._seen(OTHER)
        # The walk can fail: it sees what was written.
        self.assertGreater(len(one), 30)
        self.assertEqual(one - other, Counter())
        self.assertEqual(other - one, Counter())

    def test_events_hold_no_words_of_anybody(self):
        case = self._plant_case("uji", **self._new_case(ONE)).sudo()
        told = [
            (event.data or {}).get(key) for event in case.event_ids for key in ("note", "reason")
        ]
        self.assertTrue(any(told))
        for value in filter(None, told):
            self.assertEqual(set(value), {"hash", "length"})

    def test_what_was_typed_before_it_became_anonymous_is_hidden_once(self):
        case = self._make_complaint(
            complainant_id=self.env["lapor.complainant"]
            .with_user(self.operator)
            .create(dict(ONE))
            .id
        )
        case.with_user(self.operator).description = "Saya Zaskia Wulandari."
        case.with_user(self.operator).is_anonymous = True
        self.assertEqual(case.description, f"Saya {MASK}.")
        # From here on nothing is compared, not even when the identity is written once more.
        case.with_user(self.operator).description = "Zaskia atau Bonar."
        case.with_user(self.operator).message_post(body="Zaskia atau Bonar?")
        case.sudo().complainant_id.write({"name": "Zaskia Wulandari, S.E."})
        case.sudo().write({"is_anonymous": True})
        self.assertEqual(case.description, "Zaskia atau Bonar.")
        self.assertIn("Zaskia atau Bonar?", str(case.sudo().message_ids.mapped("body")))

    def test_number_that_stands_there_stays_when_the_text_is_edited(self):
        values = self._new_case(ONE)
        case = LeaksCase._make_complaint(
            self, description="Pungutan ke rek BRI 001201000123501.", **values
        )
        own = case.with_user(self.operator)
        own.description = "Pungutan, ke rek BRI 0012-0100-0123-501, dan 081200001111."
        self.assertEqual(own.description, f"Pungutan, ke rek BRI 0012-0100-0123-501, dan {MASK}.")

    def test_many_numbers_are_refused_recorded_and_told(self):
        case = self._make_complaint(**self._new_case(ONE))
        numbers = ", ".join(f"0812555{number:05}" for number in range(MAX_PERSONAL + 1))
        self.assertEqual(count_personal(numbers), MAX_PERSONAL + 1)
        own = case.with_user(self.operator)
        self.env.flush_all()
        self.env.cr.postrollback.clear()
        for name in ("description", "name", "place"):
            text = numbers if name == "description" else numbers.replace(", ", " ")
            with self.assertRaisesRegex(UserError, "at most"):
                own.write({name: text[:250] if name != "description" else text})
        for way in (
            lambda: own.message_post(body=numbers),
            lambda: own.action_hold([], numbers, delivery_note="Ditelepon"),
        ):
            with self.assertRaisesRegex(UserError, "at most"):
                way()
        hooks = self.env.cr.postrollback._funcs
        self.assertTrue(hooks)
        events = len(case.sudo().event_ids)
        with self.enter_registry_test_mode():
            for hook in list(hooks):
                hook()
        self.env.cr.postrollback.clear()
        self.env.invalidate_all()
        new = case.sudo().event_ids[events:]
        self.assertEqual(new.mapped("code"), ["identity_refused"])
        self.assertEqual(new.user_id, self.operator)
        self.assertIn(self.operator.name, str(case.sudo().reveal_ids.mapped("user_id.name")))
        # Whoever knows the identity, and whose case is open, writes what he likes.
        open_case = self._make_complaint().with_user(self.operator)
        open_case.description = numbers
        self.assertEqual(open_case.description, numbers)

    def test_masking_by_class_is_the_same_for_everybody(self):
        self.assertEqual(
            mask_personal("Telp 0812-9876-5432, a@b.example", (), stands="081298765432"),
            f"Telp 0812-9876-5432, {MASK}",
        )
