import email
import email.policy
import random
import re
from collections import Counter

from odoo.tests import BaseCase, tagged

from ..tools import allowance, sop_check
from ..tools.event_chain import broken_links, event_hash
from ..tools.letter_number import check_pattern, format_number
from ..tools.mail_headers import machine_marks
from ..tools.tracking_code import ALPHABET, new_tracking_code, normal_tracking_code


def _first_broken(links):
    """The sequence at which a single chain breaks, or None."""
    found = list(broken_links((1, *link) for link in links))
    return found[0][1] if found else None


@tagged("post_install", "-at_install")
class TestAllowance(BaseCase):
    """Times as the documents print and add them."""

    def test_one_allowance_is_printed_in_the_language_asked_for(self):
        for amount, unit, lang, expected in (
            (60, "minute", "id", "60 menit"),
            (8, "hour", "id", "8 jam"),
            (5, "working_day", "id", "5 hari"),
            (14, "calendar_day", "id", "14 hari kalender"),
            (60, "minute", "en", "60 minutes"),
            (5, "working_day", "en", "5 days"),
            (0, "working_day", "id", ""),
        ):
            self.assertEqual(allowance.format_allowance(amount, unit, lang), expected)

    def test_unknown_unit_is_an_error_even_for_nothing(self):
        for amount in (0, 3):
            with self.assertRaisesRegex(ValueError, "minggu"):
                allowance.format_allowance(amount, "minggu")
        with self.assertRaisesRegex(ValueError, "minggu"):
            allowance.format_total([(1, "minggu")], "carried")

    def test_totals_of_the_three_founding_documents(self):
        bantul = [(10, "minute"), (60, "minute"), (120, "minute"), (660, "minute")]
        bantul += [(120, "minute"), (60, "minute"), (30, "minute")]
        self.assertEqual(allowance.format_total(bantul, "minutes"), "1060")
        balangan = [(60, "minute")] * 6 + [(5, "working_day"), (2, "working_day")]
        balangan += [(60, "minute"), (30, "minute"), (60, "minute")]
        self.assertEqual(allowance.format_total(balangan, "carried"), "7 hari 8 jam 30 menit")
        self.assertEqual(allowance.format_total([(3, "working_day")] * 3, "carried"), "9 hari")

    def test_minutes_are_carried_into_hours_but_hours_never_into_days(self):
        self.assertEqual(allowance.format_total([(59, "minute")], "carried"), "59 menit")
        self.assertEqual(allowance.format_total([(60, "minute")], "carried"), "1 jam")
        self.assertEqual(allowance.format_total([(61, "minute")], "carried"), "1 jam 1 menit")
        self.assertEqual(
            allowance.format_total([(30, "hour"), (90, "minute")], "carried"), "31 jam 30 menit"
        )

    def test_working_days_and_calendar_days_are_not_added_to_each_other(self):
        self.assertEqual(
            allowance.format_total([(2, "calendar_day"), (3, "working_day")], "carried"),
            "3 hari 2 hari kalender",
        )

    def test_total_in_minutes_takes_hours_and_refuses_days(self):
        self.assertEqual(allowance.format_total([(2, "hour"), (5, "minute")], "minutes"), "125")
        for unit in ("working_day", "calendar_day"):
            with self.assertRaises(ValueError):
                allowance.format_total([(1, unit)], "minutes")
        with self.assertRaisesRegex(ValueError, "weeks"):
            allowance.format_total([], "weeks")

    def test_nothing_adds_up_to_nothing(self):
        self.assertEqual(allowance.format_total([], "carried"), "")
        self.assertEqual(allowance.format_total([], "minutes"), "0")


@tagged("post_install", "-at_install")
class TestSopCheck(BaseCase):
    """The checker finds each oddity once, and invents none."""

    def _straight(self, numbers, **values):
        """Steps with these printed numbers, one arrow from each to the next and an end."""
        steps = [sop_check.Step(key, number, **values) for key, number in enumerate(numbers, 1)]
        arrows = [
            sop_check.Transition(step.key, step.key + 1 if step != steps[-1] else None)
            for step in steps
        ]
        return steps, arrows

    def _codes(self, *arguments):
        return [(oddity.code, oddity.values) for oddity in sop_check.check_sop(*arguments)]

    def test_sound_document_has_no_oddity(self):
        steps, arrows = self._straight(["1", "2.", " 3 "])
        self.assertEqual(self._codes(steps, arrows, "3 hari", "3  Hari"), [])

    def test_document_without_steps_has_only_that_oddity(self):
        self.assertEqual(self._codes([], [], "", ""), [("no_steps", {})])

    def test_bantul_numbers_are_reported_as_printed(self):
        steps, arrows = self._straight(["1", "3", "4", "5", "6", "5", "6"])
        self.assertEqual(
            self._codes(steps, arrows, "1060", "1060"),
            [
                ("number_double", {"number": "5"}),
                ("number_double", {"number": "6"}),
                ("number_missing", {"number": 2}),
                ("number_order", {"numbers": "1, 3, 4, 5, 6, 5, 6"}),
            ],
        )

    def test_empty_numbers_are_counted(self):
        steps, arrows = self._straight(["1", "", " . "])
        self.assertEqual(self._codes(steps, arrows, "1", "1"), [("number_empty", {"count": 2})])

    def test_step_without_role_or_time_is_named(self):
        steps, arrows = self._straight(["1"], name="Terima aduan")
        steps = [sop_check.Step(1, "1", "Terima aduan", has_role=False, has_allowance=False)]
        self.assertEqual(
            self._codes(steps, arrows, "1", "1"),
            [
                ("no_role", {"step": "1 (Terima aduan)"}),
                ("no_allowance", {"step": "1 (Terima aduan)"}),
            ],
        )

    def test_total_that_is_missing_or_differs_is_reported(self):
        steps, arrows = self._straight(["1"])
        self.assertEqual(
            self._codes(steps, arrows, "", "9 hari"),
            [("total_not_printed", {"computed": "9 hari"})],
        )
        self.assertEqual(
            self._codes(steps, arrows, "8 hari", "9 hari"),
            [("total_differs", {"printed": "8 hari", "computed": "9 hari"})],
        )

    def test_step_without_way_in_or_way_out_is_named(self):
        steps = [sop_check.Step(key, str(key)) for key in (1, 2, 3)]
        arrows = [sop_check.Transition(1, 2), sop_check.Transition(1, None)]
        self.assertEqual(
            self._codes(steps, arrows, "1", "1"),
            [
                ("unreachable", {"step": "3"}),
                ("dead_end", {"step": "2"}),
                ("dead_end", {"step": "3"}),
            ],
        )

    def test_circle_without_exit_is_a_dead_end(self):
        steps = [sop_check.Step(key, str(key)) for key in (1, 2)]
        arrows = [sop_check.Transition(1, 2), sop_check.Transition(2, 1)]
        self.assertEqual(
            [code for code, _values in self._codes(steps, arrows, "1", "1")],
            ["dead_end", "dead_end"],
        )

    def test_rejecting_incomplete_complaints_is_reported(self):
        steps = [sop_check.Step(1, "1")]
        arrows = [sop_check.Transition(1, None, rejects=True), sop_check.Transition(1, None)]
        self.assertEqual(
            self._codes(steps, arrows, "1", "1"), [("rejects_incomplete", {"step": "1"})]
        )

    def test_superseded_rule_is_reported_with_its_successor(self):
        steps, arrows = self._straight(["1"])
        self.assertEqual(
            self._codes(steps, arrows, "1", "1", [("Lama", "Baru")]),
            [("superseded", {"rule": "Lama", "by": "Baru"})],
        )

    def test_long_numbers_are_codes_and_leave_no_gap(self):
        steps, arrows = self._straight(["1", "20180001", "2"])
        self.assertEqual(self._codes(steps, arrows, "1", "1"), [])

    def test_checker_never_raises_and_reports_every_double_and_missing_number(self):
        chance = random.Random(2018)
        odd = ["", " ", ".", "a.", "2a", "²", "½", "-1", "0", "1.1", "2018", "9" * 5000, "2 – 3"]
        for _turn in range(500):
            numbers = [
                chance.choice(odd) if chance.random() < 0.2 else str(chance.randint(1, 12))
                for _step in range(chance.randint(1, 12))
            ]
            steps = [
                sop_check.Step(
                    key, number, "x" * chance.randint(0, 60), *chance.choices([0, 1], k=2)
                )
                for key, number in enumerate(numbers)
            ]
            keys = range(len(steps))
            arrows = [
                sop_check.Transition(
                    chance.choice(keys),
                    chance.choice([*keys, None, 99]),
                    rejects=chance.random() < 0.2,
                )
                for _arrow in range(chance.randint(0, 20))
            ]
            found = sop_check.check_sop(steps, arrows, chance.choice(odd), chance.choice(odd))
            plain = [number.strip().rstrip(".") for number in numbers]
            double = {number for number, count in Counter(plain).items() if number and count > 1}
            self.assertEqual(self._numbers(found, "number_double"), double)
            row = {int(number) for number in plain if re.fullmatch(r"\d{1,3}", number)}
            missing = set(range(1, max(row, default=0) + 1)) - row
            self.assertEqual(self._numbers(found, "number_missing"), missing)
            self.assertEqual(
                [oddity.values["count"] for oddity in found if oddity.code == "number_empty"],
                [plain.count("")] if "" in plain else [],
            )

    def _numbers(self, found, code):
        return {oddity.values["number"] for oddity in found if oddity.code == code}


@tagged("post_install", "-at_install")
class TestEventChain(BaseCase):
    """Whatever is done to a chain shows at the first link that no longer fits."""

    def setUp(self):
        super().setUp()
        self.links, previous = [], ""
        for sequence in range(1, 7):
            facts = {"code": "step_done", "data": {"note": f"catatan {sequence}"}}
            current = event_hash(previous, facts)
            self.links.append((sequence, previous, current, facts))
            previous = current

    def test_untouched_chain_holds(self):
        self.assertIsNone(_first_broken(self.links))
        self.assertIsNone(_first_broken([]))

    def test_changed_fact_is_found_where_it_was_changed(self):
        for place in range(6):
            links = list(self.links)
            sequence, previous, current, _facts = links[place]
            links[place] = (sequence, previous, current, {"code": "closed"})
            self.assertEqual(_first_broken(links), place + 1)

    def test_changed_fact_with_a_new_hash_is_found_at_the_next_link(self):
        links = list(self.links)
        facts = {"code": "closed"}
        links[2] = (3, links[2][1], event_hash(links[2][1], facts), facts)
        self.assertEqual(_first_broken(links), 4)

    def test_removed_event_is_found(self):
        for place in range(5):
            links = self.links[:place] + self.links[place + 1 :]
            self.assertEqual(_first_broken(links), place + 1)

    def test_removed_event_is_found_even_when_the_rest_is_renumbered(self):
        rest = [(sequence - 1, *link) for sequence, *link in self.links[3:]]
        self.assertEqual(_first_broken(self.links[:2] + rest), 3)

    def test_inserted_event_is_found(self):
        facts = {"code": "closed"}
        previous = self.links[2][2]
        forged = (4, previous, event_hash(previous, facts), facts)
        links = self.links[:3] + [forged] + [(s + 1, *link) for s, *link in self.links[3:]]
        self.assertEqual(_first_broken(links), 5)

    def test_swapped_events_are_found(self):
        links = list(self.links)
        links[1], links[2] = (2, *links[2][1:]), (3, *links[1][1:])
        self.assertEqual(_first_broken(links), 2)

    def test_wrong_number_or_wrong_link_back_is_found_alone(self):
        links = [*self.links[:3], (5, *self.links[3][1:])]
        self.assertEqual(_first_broken(links), 4)
        links = list(self.links)
        links[3] = (4, "0" * 64, *links[3][2:])
        self.assertEqual(_first_broken(links), 4)

    def test_hash_does_not_depend_on_the_order_of_facts(self):
        self.assertEqual(event_hash("", {"a": 1, "b": "é"}), event_hash("", {"b": "é", "a": 1}))
        self.assertNotEqual(event_hash("", {"a": 1}), event_hash("0", {"a": 1}))
        self.assertRegex(event_hash("", {}), r"^[0-9a-f]{64}$")

    def test_facts_that_are_no_json_are_an_error(self):
        with self.assertRaises(TypeError):
            event_hash("", {"at": object()})


@tagged("post_install", "-at_install")
class TestTrackingCode(BaseCase):
    """A code survives the telephone and a sheet of paper."""

    def test_new_codes_are_unlike_and_of_the_alphabet(self):
        codes = {new_tracking_code() for _turn in range(500)}
        self.assertEqual(len(codes), 500)
        for code in codes:
            self.assertRegex(code, rf"^([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}$")
            self.assertEqual(normal_tracking_code(code), code)

    def test_alphabet_has_no_letters_that_are_mistaken(self):
        self.assertEqual(len(ALPHABET), 32)
        self.assertFalse(set("ILOU") & set(ALPHABET))

    def test_what_people_type_is_understood(self):
        for typed in (
            "7KQ2-9FXM-01TZ",
            "7kq2 9fxm 01tz",
            "  7kq29fxm01tz\n",
            "7KQ2–9FXM–OITZ",
            "7KQ2.9FXM.olTZ",
        ):
            self.assertEqual(normal_tracking_code(typed), "7KQ2-9FXM-01TZ")

    def test_what_cannot_be_a_code_is_refused(self):
        for typed in ("", None, "7KQ2", "7KQ2-9FXM-01TZ1", "7KQ2-9FXM-01TU", "٧KQ2-9FXM-01TZ"):
            self.assertEqual(normal_tracking_code(typed), "")


@tagged("post_install", "-at_install")
class TestLetterNumber(BaseCase):
    """Numbers of letters by the office's own pattern."""

    def _number(self, pattern, **values):
        values = {"seq": 3, "year": 2018, "month": 12, "code": "555", "unit": "IKP", **values}
        return format_number(pattern, **values)

    def test_the_number_on_the_kapuas_document_can_be_made(self):
        self.assertEqual(
            self._number("{code}/{seq:02}/{unit}/{roman}/{year}"), "555/03/IKP/XII/2018"
        )

    def test_every_slot_is_filled(self):
        self.assertEqual(
            self._number(
                "{code}|{seq}|{seq:3}|{unit}|{month}|{month:2}|{roman}|{year}|{year2:02}",
                month=4,
                year=2007,
            ),
            "555|3|003|IKP|4|04|IV|2007|07",
        )

    def test_months_are_roman(self):
        romans = [self._number("{roman}/{seq}/{year}", month=month) for month in (1, 4, 9, 12)]
        self.assertEqual(romans, ["I/3/2018", "IV/3/2018", "IX/3/2018", "XII/3/2018"])

    def test_sequence_is_never_cut(self):
        self.assertEqual(self._number("{seq:03}/{year}", seq=12345), "12345/2018")

    def test_bad_patterns_are_named(self):
        for pattern, reason in (
            ("{seq/{year}", ("braces",)),
            ("{seq}}/{year}", ("braces",)),
            ("{seq:03d}/{year}", ("braces",)),
            ("{seq}/{tahun}", ("slot", "tahun")),
            ("{}/{seq}/{year}", ("slot", "")),
            ("{code}/{year}", ("seq",)),
            ("", ("seq",)),
            # Every year begins at 1 again: without the year numbers would repeat.
            ("{code}/{seq}/{unit}", ("year",)),
        ):
            with self.subTest(pattern=pattern), self.assertRaises(ValueError) as caught:
                check_pattern(pattern)
            self.assertEqual(caught.exception.args, reason)


@tagged("post_install", "-at_install")
class TestMailHeaders(BaseCase):
    """A machine's mail is told from a person's."""

    def _reason(self, *headers, kind="text/plain"):
        lines = [*headers, f"Content-Type: {kind}", "From: budi@warga.example", "", "Isi"]
        message = email.message_from_string("\r\n".join(lines), policy=email.policy.SMTP)
        return next(iter(machine_marks(message).values()), "")

    def test_mail_of_a_person_has_no_reason(self):
        self.assertEqual(self._reason(), "")
        self.assertEqual(self._reason("Auto-Submitted: no"), "")
        self.assertEqual(self._reason("Precedence: normal"), "")
        # Outlook writes this on mails of people.
        self.assertEqual(self._reason("X-Auto-Response-Suppress: None"), "")
        self.assertEqual(self._reason("Return-Path: <budi@warga.example>"), "")

    def test_each_mark_of_a_machine_is_named(self):
        for header, reason in (
            ("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied"),
            ("Auto-Submitted: Auto-Generated; owner=x", "Auto-Submitted: auto-generated"),
            ("Precedence: BULK", "Precedence: bulk"),
            ("Precedence: auto_reply", "Precedence: auto_reply"),
            ("List-Id: <warga.example>", "list-id: <warga.example>"),
            ("X-Autoreply: yes", "x-autoreply: yes"),
            ("Return-Path: <MAILER-DAEMON@x.example>", "Return-Path: <MAILER-DAEMON@x.example>"),
        ):
            with self.subTest(header=header):
                self.assertEqual(self._reason(header), reason)

    def test_delivery_report_is_a_machine_s(self):
        self.assertEqual(
            self._reason(kind='multipart/report; report-type=delivery-status; boundary="x"'),
            "Content-Type: multipart/report",
        )
