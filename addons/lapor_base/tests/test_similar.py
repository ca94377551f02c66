from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from ..tools.likeness import score, similarity, trigrams
from . import common


@tagged("post_install", "-at_install")
class TestLikeness(TransactionCase):
    """The arithmetic of resemblance, the same here and in the database."""

    def test_trigrams_are_those_of_the_database(self):
        if not self.env.registry.has_trigram:
            self.skipTest("the database has no pg_trgm")
        texts = [
            "Jalan berlubang",
            "jalan BERLUBANG di depan pasar, Paringin!",
            "RT 03/RW_02",
            "Lampu jalan padam",
            "a",
            "",
        ]
        # What a letter is beyond ASCII depends on the database's LC_CTYPE: with "C" none is.
        self.env.cr.execute("SELECT show_trgm('é') <> '{}'")
        if self.env.cr.fetchone()[0]:
            texts.append("é ñ 😡")
        for one in texts:
            for other in texts:
                self.env.cr.execute("SELECT similarity(%s, %s)", (one, other))
                self.assertAlmostEqual(
                    similarity(one, other), self.env.cr.fetchone()[0], 5, f"{one!r} {other!r}"
                )

    def test_similarity_goes_from_nothing_to_the_same(self):
        self.assertEqual(similarity("jalan rusak", "Rusak, jalan!"), 1)
        self.assertEqual(similarity("jalan", "xyz"), 0)
        self.assertEqual(similarity("", "jalan"), 0)
        self.assertEqual(trigrams("pos"), {"  p", " po", "pos", "os "})

    def test_place_category_and_time_weigh_beside_the_text(self):
        base = score(0.4, ("", ""), 0, False)
        self.assertGreater(score(0.4, ("Pasar", "Pasar"), 0, False), base)
        self.assertGreater(score(0.4, ("", ""), 0, True), base)
        self.assertLess(score(0.4, ("", ""), 1, False), base)
        self.assertEqual(score(0.4, ("", ""), 5, False), score(0.4, ("", ""), 1, False))


@tagged("post_install", "-at_install")
class TestSimilar(common.LaporCase):
    """Possible duplicates: a hint, and of nothing that the reader may not see."""

    def _hole(self, name="Jalan berlubang di depan pasar Paringin", **values):
        values.setdefault("description", "Lubang besar, sudah dua orang jatuh dari motor.")
        return self._make_complaint(name=name, place="Pasar Paringin", **values)

    def _lamp(self, **values):
        return self._make_complaint(
            name="Lampu penerangan padam", description="Gelap sekali setiap malam.", **values
        )

    def _similar(self, complaint, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return complaint.with_user(user or self.operator).similar_ids

    def test_complaints_on_the_same_thing_are_found_and_others_not(self):
        first, _lamp = self._hole(), self._lamp()
        second = self._hole(name="Lubang di jalan depan pasar Paringin")
        self.assertEqual(self._similar(second), first)
        self.assertEqual(self._similar(first), second)
        self.assertEqual(second.with_user(self.operator).similar_count, 1)

    def test_without_the_extension_the_newest_are_compared_here(self):
        first, _lamp = self._hole(), self._lamp()
        second = self._hole(name="Lubang di jalan depan pasar Paringin")
        registry = self.env.registry
        had = registry.has_trigram
        self.addCleanup(setattr, registry, "has_trigram", had)
        registry.has_trigram = False
        self.assertEqual(self._similar(second), first)

    def test_what_is_no_duplicate_any_more_is_not_hinted_at(self):
        first, second = self._hole(), self._hole()
        second.with_user(self.operator).action_merge(first.id)
        self.assertFalse(self._similar(first))
        self.assertFalse(self._similar(second))
        second.with_user(self.operator).action_separate()
        self._walk_to(first, None)
        self.assertFalse(self._similar(second), "closed")

    def test_time_apart_is_the_offices_setting(self):
        self._hole(received_at="2026-01-05 02:00:00")
        late = self._hole(received_at="2026-02-20 02:00:00")
        self.assertFalse(self._similar(late))
        self.manager.similar_days = 60
        self.assertTrue(self._similar(late))
        self.manager.similar_days = 0
        self.assertFalse(self._similar(late))

    def test_nobody_gets_a_hint_of_what_he_may_not_see(self):
        hidden = self._hole()
        shown = self._walk_to(self._hole(), "3")
        self.assertEqual(self._similar(shown), hidden)
        self.assertFalse(self._similar(shown, self.engineer))
        misconduct = self._hole(is_misconduct=True)
        self.assertNotIn(misconduct, self._similar(shown))
        self.assertFalse(self._similar(misconduct))

    def test_text_for_comparing_is_read_by_nobody(self):
        complaint = self._hole()
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                complaint.with_user(user).read(["match_text"])
            with self.assertRaises(AccessError):
                complaint.with_user(user).search([("match_text", "like", "Paringin")])

    def test_hint_comes_before_the_complaint_is_saved(self):
        known = self._hole()
        with Form(self.env["lapor.complaint"].with_user(self.operator)) as form:
            form.name = "Jalan berlubang di depan pasar Paringin"
            self.assertEqual(form.similar_count, 1)
            self.assertEqual(form.similar_ids.ids, known.ids)
            form.description = "Ada lubang besar."
            form.category_id = self.category

    def test_merging_from_the_hint(self):
        main, other = self._hole(), self._hole()
        action = (
            main.with_user(self.operator)
            .with_context(lapor_complaint_id=other.id)
            .action_merge_into_similar()
        )
        wizard = self.env["lapor.merge"].with_user(self.operator)
        wizard = wizard.with_context(action["context"]).create({})
        self.assertEqual((wizard.main_id, wizard.complaint_ids), (main, other))
        wizard.action_confirm()
        self.assertEqual(other.main_id, main)

    def test_hint_costs_a_bounded_number_of_queries(self):
        for _number in range(12):
            self._hole()
        complaint = self._hole().with_user(self.operator)
        self._similar(complaint)
        self.env.invalidate_all()
        complaint.read(["name", "place", "description", "category_id"])
        with self.assertQueryCount(12):
            self.assertEqual(len(complaint.similar_ids), 5)
