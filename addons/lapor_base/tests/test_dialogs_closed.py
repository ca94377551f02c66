from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .leaks import LeaksCase

WORD = "Zqxterkunci"


@tagged("post_install", "-at_install")
class TestDialogsClosed(LeaksCase):
    """No dialog shows a paper of a case to somebody who may not read it, whatever he gives it.

    Walks the registry: a new dialog, and a new field of one, is covered by itself.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        planter = cls("test_no_dialog_tells_of_a_paper_that_its_user_may_not_read")
        cls.case = planter._plant_case(WORD)

    def _dialogs(self):
        """Pairs of a dialog and its fields that hold papers of cases."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._is_lapor_dialog() and not model._abstract:
                yield model, model._paper_fields()

    def _paper(self, model):
        """A paper of the hidden case, if it has one of this model."""
        if model == "lapor.complaint":
            return self.case
        if model == "lapor.complainant":
            return self.case.complainant_id
        return self.env[model].search([("complaint_id", "=", self.case.id)], limit=1)

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_no_dialog_tells_of_a_paper_that_its_user_may_not_read(self):
        self.case.with_user(self.operator).is_misconduct = True
        self.env.flush_all()
        self.env.invalidate_all()
        asked = set()
        for user in (self.engineer, self.outsider, self.administrator, self.overseer):
            self.assertFalse(self.case.with_user(user).has_access("read"))
            for dialog, fields in self._dialogs():
                for name in fields:
                    paper = self._paper(dialog._fields[name].comodel_name)
                    if not paper:
                        continue
                    asked.add(dialog._name)
                    single = dialog._fields[name].type == "many2one"
                    value = paper.id if single else [Command.set(paper.ids)]
                    with self.subTest(dialog._name, field=name, user=user.login):
                        self._refuse(dialog.with_user(user), name, value)
        self.assertGreater(len(asked), 15)

    def _refuse(self, dialog, name, value):
        """No way in: by its form, by the context, by creating and by writing it."""
        words = {
            field.name: {}
            for field in dialog._fields.values()
            if field.type in ("char", "text", "html", "selection")
        }
        in_context = dialog.with_context(**{f"default_{name}": value})
        for way in (
            lambda: dialog.onchange({name: value}, [name], words),
            lambda: in_context.onchange({}, [], words),
            lambda: dialog.create({name: value}).read(list(words)),
            lambda: in_context.create({}).read(list(words)),
        ):
            try:
                with self.env.cr.savepoint():
                    told = way()
            except AccessError:
                continue
            except Exception as error:  # a dialog may lack what it needs
                told = str(error)
            self.assertNotIn(WORD, str(told))

    def test_dialog_of_a_case_that_is_hidden_meanwhile_is_closed(self):
        dialog = (
            self.env["lapor.merge"]
            .with_user(self.engineer)
            .create({"complaint_ids": [Command.set(self.case.ids)]})
        )
        self.assertTrue(dialog.has_access("read"))
        self.case.with_user(self.operator).is_misconduct = True
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dialog.read(["note"])

    def test_dialog_shows_its_papers_to_whoever_may_read_them(self):
        told = (
            self.env["lapor.merge"]
            .with_user(self.operator)
            .onchange({"main_id": self.case.id}, ["main_id"], {"main_text": {}})
        )
        self.assertIn(WORD, told["value"]["main_text"])
