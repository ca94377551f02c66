from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .mails import CITIZEN, MailIntakeCase
from .soundness import unsound

TEXT = "Jalan di depan pasar berlubang, dan sampah di sebelahnya tidak diangkut."


@tagged("post_install", "-at_install")
class TestSplit(MailIntakeCase):
    """Pisah: one complaint about two matters becomes two cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waste = cls.env["lapor.category"].create(
            {"name": "Sampah Uji", "company_id": cls.company.id, "unit_id": cls.other_opd.id}
        )

    def _mailed(self, **values):
        complaint = self._take_in(self._mail(subject="Jalan dan sampah", text=TEXT))
        complaint.sudo().write({"category_id": self.category.id, **values})
        return complaint

    def _split(self, complaint, user=None, name="Sampah tidak diangkut", **values):
        values.setdefault("category_id", self.waste.id)
        with self.mock_mail_gateway():
            second = complaint.with_user(user or self.operator).action_split(name, **values)
        self.env.invalidate_all()
        return second

    def _sound(self, *complaints):
        self.env.flush_all()
        for complaint in complaints:
            self.assertEqual(unsound(complaint.sudo()), [])
            broken = self.env["lapor.complaint.version"]._broken_of(complaint.sudo())
            self.assertEqual(list(broken), [])

    # What becomes of it

    def test_two_cases_with_offices_clocks_letters_and_answers_of_their_own(self):
        first = self._walk_to(self._make_complaint(description=TEXT), "3")
        second = self._split(first)
        self.assertEqual((second.split_from_id, first.split_ids), (first, second))
        self.assertEqual(second.name, "Sampah tidak diangkut")
        self.assertEqual((second.category_id, first.category_id), (self.waste, self.category))
        self.assertEqual(second.received_at, first.received_at)
        self.assertNotEqual(second.number, first.number)
        self.assertNotEqual(second.sudo().tracking_code, first.sudo().tracking_code)
        self.assertEqual(second.sudo().current_step_id.sop_step_id.number, "1")
        self.assertEqual(first.sudo().current_step_id.sop_step_id.number, "3")
        self._sound(first, second)
        self._advance(second, self.operator)
        self._advance(
            second,
            self.head,
            disposition={"lead_position_id": self.outsider_position.id, "note": "Angkut"},
        )
        self.assertEqual((first.unit_id, second.unit_id), (self.opd, self.other_opd))
        self.assertFalse(second.with_user(self.engineer).has_access("read"))
        self.assertFalse(first.with_user(self.outsider).has_access("read"))
        self._walk_to(first, None)
        self.assertEqual((first.outcome, second.phase), ("handled", "handling"))
        self._sound(first, second)

    def test_words_stay_in_both_as_they_were_received(self):
        first = self._make_complaint(description=TEXT)
        first.with_user(self.operator).description = TEXT.replace("berlubang", "rusak")
        second = self._split(first)
        self.assertEqual(second.description, first.description)
        received = second.sudo().version_ids.sorted("number")[0]
        self.assertEqual(received.before["description"], TEXT)
        self.assertEqual(received.before["name"], "Jalan berlubang")
        self.assertIn("berlubang", received.with_user(self.operator).changes)
        self._sound(first, second)

    def test_what_belongs_to_both_goes_along(self):
        first = self._make_complaint(
            description=TEXT,
            place="Pasar",
            is_secret=True,
            is_misconduct=True,
            channel_reference="SP4N-1",
            accused_unit_ids=[Command.set(self.opd.ids)],
        )
        second = self._split(first)
        kept = first.sudo()._tracked_data() - {"name", "category_id", "complainant_id"}
        for name in kept:
            with self.subTest(name):
                self.assertEqual(second.sudo()[name], first.sudo()[name])
        self.assertEqual(second.sudo().shut_out_user_ids, first.sudo().shut_out_user_ids)
        self.assertTrue(second.sudo()._tasks(["misconduct_marked"]), "the inspectorate is told")
        self.assertFalse(second.with_user(self.opd_head).has_access("read"))
        person, other = first.sudo().complainant_id, second.sudo().complainant_id
        self.assertNotEqual(person, other)
        self.assertEqual((person.name, person.phone), (other.name, other.phone))
        self._sound(first, second)

    def test_who_was_shut_out_stays_shut_out(self):
        first = self._make_complaint(is_misconduct=True)
        first.with_user(self.operator).action_name_accused(position_ids=self.head_position.ids)
        self.assertTrue(first.sudo().is_led_by_inspectorate)
        self.head_position.user_id = self.overseer
        second = self._split(first, self.inspector)
        self.assertTrue(second.sudo().is_led_by_inspectorate)
        self.assertFalse(second.with_user(self.head).has_access("read"))
        self.assertFalse(second.with_user(self.operator).has_access("read"))
        self.assertEqual(second.sudo().current_step_id.user_id, self.inspector)

    def test_files_of_the_complainant_go_along_those_of_the_office_do_not(self):
        raw = self._mail(text=TEXT, photo=b"\xff\xd8\xff\xe0foto")
        first = self._take_in(raw)
        first.sudo().category_id = self.category
        self._walk_to(first, "2")
        memo = self.env["ir.attachment"].create(
            {"name": "memo.txt", "raw": b"x", "res_model": first._name, "res_id": first.id}
        )
        # In one transaction everything is made at its beginning.
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date + interval '1 day' WHERE id = %s",
            [memo.id],
        )
        second = self._split(first)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", second.id)]
        )
        self.assertEqual(files.mapped("name"), ["lampu.jpg"])
        self.assertTrue(files.with_user(self.operator).raw)
        self._sound(first, second)

    # Anonymity

    def test_split_tells_nothing_of_an_anonymous_complainant(self):
        first = self._mailed()
        first.with_user(self.operator).is_anonymous = True
        self.env.invalidate_all()
        # By what somebody types into the complaint or its title he learns nothing.
        first.with_user(self.operator).description = f"{TEXT} Apakah Budi atau Tono?"
        second = self._split(first, name="Sampah, Budi atau Tono")
        self.assertEqual(second.name, "Sampah, Budi atau Tono")
        self.assertIn("Budi atau Tono", second.description)
        self.assertFalse(second.with_user(self.operator).can_see_complainant)
        self.assertEqual(second.complainant_name, "Anonymous")
        self.assertEqual(second.sudo().complainant_id.email, CITIZEN)
        self._assert_address_nowhere(second, CITIZEN, "Santoso")
        shown = second.sudo().version_ids.with_user(self.operator)
        self.assertNotIn("Santoso", " ".join(map(str, shown.mapped("changes"))))
        self._sound(first, second)

    # The complainant

    def test_complainant_is_told_both_numbers_once(self):
        first = self._mailed()
        with self.mock_mail_gateway():
            second = first.with_user(self.operator).action_split("Sampah", self.waste.id)
            mails = self._new_mails
        self.assertEqual(len(mails), 1)
        for told in (first.number, second.number, second.sudo().tracking_code, "dua aduan"):
            self.assertIn(told, mails.body_html)
        notice = first.sudo().response_ids.filtered(lambda one: one.kind == "notice")
        self.assertEqual((len(notice), notice.state), (1, "delivered"))
        self.assertNotIn(second.sudo().tracking_code, notice.body)
        self.assertNotIn("Sampah", notice.body)
        self.assertFalse(second.sudo().response_ids)

    def test_without_a_mail_the_notice_waits_for_a_person(self):
        first = self._make_complaint(description=TEXT)
        second = self._split(first)
        notice = first.sudo().response_ids
        self.assertTrue(notice.delivery_waits)
        self.assertIn(second.number, notice.body)
        self.assertNotIn(second.sudo().tracking_code, notice.body)

    # Possible duplicates

    def test_hint_never_proposes_the_two_to_be_merged_again(self):
        text = {"name": "Pipa air bocor di Jalan Merdeka", "description": "Air ke mana-mana."}
        first, stranger = self._make_complaint(**text), self._make_complaint(**text)
        second = self._split(first, name="Pipa air bocor di Jalan Merdeka, trotoar")
        third = self._split(first, name="Pipa air bocor di Jalan Merdeka, pohon")
        self.env.flush_all()
        for case in (first, second, third):
            similar = case.with_user(self.operator)._find_similar()
            self.assertEqual(similar, stranger.with_user(self.operator), case.name)

    # Who may

    def test_only_who_coordinates_or_takes_in(self):
        first = self._walk_to(self._make_complaint(description=TEXT), "3")
        for user in (self.engineer, self.opd_head, self.outsider, self.overseer, self.inspector):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._split(first, user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                first.with_user(user).action_open_split()
        with self.assertRaises(AccessError):
            self._split(first, self.administrator)
        stranger = self._make_officer("pisah", "Pegawai Lain")
        with self.assertRaises(AccessError):
            self._split(first, stranger)
        for user in (self.operator, self.operator2, self.head):
            second = self._split(first, user, name=f"Sampah {user.login}")
            self.assertTrue(second)
            offered = [act["id"] for act in first.with_user(user).act_state["acts"]]
            self.assertIn("split", offered)
        offered = [act["id"] for act in first.with_user(self.engineer).act_state["acts"]]
        self.assertNotIn("split", offered)

    def test_by_rpc_as_by_the_button(self):
        first = self._walk_to(self._make_complaint(description=TEXT), "3")

        def call(user, name):
            with self.mock_mail_gateway():
                return call_kw(
                    self.env["lapor.complaint"].with_user(user),
                    "action_split",
                    [first.ids, name, self.waste.id],
                    {},
                )

        with self.assertRaises(AccessError):
            call(self.engineer, "Sampah")
        second = self.env["lapor.complaint"].browse(call(self.operator, "Sampah"))
        self.assertEqual(second.split_from_id, first)
        with self.assertRefused("already"):
            call(self.operator, "Sampah")
        for method in ("_split", "_unsplit", "_file"):
            with self.assertRaises(AccessError):
                call_kw(first.with_user(self.operator), method, [first.ids], {})

    def test_hidden_cases(self):
        first = self._make_complaint(is_misconduct=True)
        first.with_user(self.operator).action_name_accused(user_ids=self.operator2.ids)
        for user in (self.operator, self.operator2, self.head, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._split(first, user)
        self.assertTrue(self._split(first, self.inspector))

    def test_of_the_other_case_only_the_number_is_told(self):
        first = self._walk_to(self._make_complaint(description=TEXT), "3")
        second = self._split(first)
        second.with_user(self.operator).is_misconduct = True
        self.env.invalidate_all()
        own = first.with_user(self.engineer)
        self.assertFalse(own.split_ids)
        self.assertEqual(own.split_count, 1)
        self.assertFalse(own.action_view_split()["domain"][0][2])
        told = " ".join(map(str, own.message_ids.mapped("body")))
        told += " ".join(str(one.body) + one.subject for one in own.response_ids)
        self.assertIn(second.number, told)
        self.assertNotIn("Sampah", told)

    def test_what_is_not_split(self):
        first = self._make_complaint(description=TEXT)
        for values, words in (
            ({"name": " "}, "title"),
            (
                {"name": first.name, "category_id": self.category.id},
                "Say what the other matter is",
            ),
            ({"classification": "nothing"}, "no such class"),
        ):
            with self.subTest(words), self.assertRefused(words):
                self._split(first, **values)
        second = self._split(first)
        with self.assertRefused(f"already: {second.number}"):
            self._split(first)
        third = self._split(first, name="Ketiga")
        self.assertEqual(first.split_ids, second | third)
        with self.assertRefused(f"matter of {first.number}"):
            self._split(third, name="Keempat")
        main = self._make_complaint()
        second.with_user(self.operator).action_merge(main.id)
        first.with_user(self.operator).action_merge(main.id)
        with self.assertRefused("Separate it first"):
            self._split(first, name="Lagi")
        self._walk_to(main, "5")
        answered = self._walk_to(self._make_complaint(), None)
        with self.assertRefused("closed already"):
            self._split(answered, name="Lagi")
        for vals in ({"split_from_id": main.id}, {"split_ids": []}, {"split_undone_at": False}):
            with self.assertRaises(UserError):
                first.sudo().write(vals)

    def test_dialog_opens_the_other_matter(self):
        first = self._make_complaint(description=TEXT)
        action = first.with_user(self.operator).action_open_split()
        dialog = self.env["lapor.split.ask"].with_user(self.operator)
        dialog = dialog.with_context(action["context"]).create(
            {"name": "Sampah", "category_id": self.waste.id, "classification": "information"}
        )
        result = dialog.action_confirm()
        second = self.env["lapor.complaint"].browse(result["res_id"])
        self.assertEqual((second.name, second.classification), ("Sampah", "information"))
        with self.assertRefused("already"):
            dialog.action_confirm()

    # Undo

    def test_taken_back_while_nobody_has_worked_on_it(self):
        first = self._mailed()
        second = self._split(first)
        with self.assertRaises(AccessError):
            second.with_user(self.engineer).action_unsplit()
        with self.mock_mail_gateway():
            second.with_user(self.operator).action_unsplit()
        self.env.invalidate_all()
        self.assertEqual((second.phase, second.outcome), ("closed", "duplicate"))
        self.assertTrue(second.split_undone_at)
        told = first.sudo().response_ids.sorted("id")[-1]
        self.assertIn(second.number, told.subject)
        self.assertIn("kembali", told.subject)
        self._sound(first, second)
        again = self._split(first)
        self.assertNotEqual(again, second, "the matter may be split off once more")
        with self.assertRefused("was not split off"):
            second.with_user(self.operator).action_unsplit()

    def test_taken_back_before_it_was_told_nothing_is_told(self):
        first = self._make_complaint(description=TEXT)
        second = self._split(first)
        second.with_user(self.operator).action_unsplit()
        self.env.invalidate_all()
        self.assertEqual(len(first.sudo().response_ids), 1)
        self.assertFalse(first.sudo().response_ids.delivery_waits)

    def test_worked_on_it_is_merged_instead(self):
        first = self._make_complaint(description=TEXT)
        second = self._split(first)
        self._advance(second, self.operator)
        with self.assertRefused("Merge it with"):
            second.with_user(self.operator).action_unsplit()
        offered = [act["id"] for act in second.with_user(self.operator).act_state["acts"]]
        self.assertNotIn("unsplit", offered)
        second.with_user(self.operator).action_merge(first.id)
        self.assertEqual(second.main_id, first)
        self._sound(first, second)
