from odoo.tests import Form, tagged

from .test_disposition_parts import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionProposal(DispositionCase):
    """The usual instruction is ticked when a dialog of a disposition opens: nobody needs a click
    more because a disposition has to say what is to be done."""

    def setUp(self):
        super().setUp()
        instructions = self.env["lapor.instruction"]
        self.usual = self.env.ref("lapor_base.instruction_tindak_lanjuti_sesuai_ketentuan")
        instructions.search([]).proposed = False
        self.usual.proposed = True

    def _open(self, action, user):
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _ready(self):
        return self._walk_to(self._make_complaint(category_id=self.category.id), "2")

    def _dialogs(self):
        """Every dialog that issues a disposition, opened: its model, the case, the form."""
        one = self._ready()
        action = one.with_user(self.head).action_start_transition(self._arrow(one, "forward").id)
        yield action["res_model"], one, self._open(action, self.head)
        many = self._ready()
        action = many.with_user(self.head).action_open_mass_disposition()
        yield action["res_model"], many, self._open(action, self.head)
        passed = self._dispose()
        action = passed.with_user(self.outsider).action_open_part_pass_on()
        yield action["res_model"], passed, self._open(action, self.outsider)

    def test_every_dialog_has_it_ticked_and_it_can_be_unticked(self):
        form = self.env.registry["lapor.disposition.form.mixin"]
        dialogs = {
            name
            for name, model in self.env.registry.items()
            if model._transient and isinstance(self.env[name], form)
        }
        self.assertEqual({name for name, *_rest in self._dialogs()}, dialogs)
        for name, case, wizard in self._dialogs():
            with self.subTest(name):
                before = case.sudo().disposition_ids
                self.assertEqual(wizard.instruction_ids[:], self.usual)
                self._choose_lead(wizard)
                wizard.save().action_confirm()
                issued = case.sudo().disposition_ids - before
                self.assertEqual(issued.instruction_ids, self.usual)
        for name, case, wizard in self._dialogs():
            before = case.sudo().disposition_ids
            self._choose_lead(wizard)
            wizard.instruction_ids.clear()
            with self.subTest(name), self.assertRefused("Tick an instruction"):
                wizard.save().action_confirm()
            self.assertEqual(case.sudo().disposition_ids, before)

    def _choose_lead(self, wizard):
        wizard.lead_position_id = wizard.lead_position_id or self.engineer_position

    def test_own_instructions_go_before_the_shared_ones(self):
        own = self.env["lapor.instruction"].create(
            {"name": "Ukur di tempat", "company_id": self.company.id, "proposed": True}
        )
        other = self.env["res.company"].create({"name": "Pemkab Lain", "lapor_code": "LLN"})
        self.env["lapor.instruction"].create(
            {"name": "Milik lain", "company_id": other.id, "proposed": True}
        )
        _name, _case, wizard = next(self._dialogs())
        self.assertEqual(wizard.instruction_ids[:], own)
