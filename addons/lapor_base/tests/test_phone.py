from lxml import etree

from odoo.tests import TransactionCase, tagged

OFFICERS_FORMS = (
    "lapor.complaint",
    "lapor.response",
    "lapor.disposition",
    "lapor.disposition.line",
    "lapor.inspection",
    "lapor.merge",
    "lapor.advance",
    "lapor.archive.ask",
    "lapor.disposition.mass",
    "lapor.response.review",
)


@tagged("post_install", "-at_install")
class TestPhone(TransactionCase):
    """A list is cut off at 390 pixels: what officers use every day has another view there."""

    def test_menus_open_what_fits(self):
        root = self.env.ref("lapor_base.lapor_menu_root")
        settings = self.env.ref("lapor_base.lapor_menu_configuration")
        menus = self.env["ir.ui.menu"].search(
            [("id", "child_of", root.id), "!", ("id", "child_of", settings.id)]
        )
        administrators = self.env.ref("lapor_base.group_lapor_admin")
        wide = [
            menu.complete_name
            for menu in menus
            if menu.action
            and menu.action._name == "ir.actions.act_window"
            and menu.group_ids != administrators
            and menu.action.mobile_view_mode not in menu.action.view_mode.split(",")
        ]
        self.assertEqual(wide, [])

    def test_lists_in_forms_have_cards(self):
        wide = []
        for model in OFFICERS_FORMS:
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            wide += [
                f"{model}.{node.getparent().get('name')}"
                for node in arch.iter("list")
                if node.getparent().find("kanban") is None
            ]
        self.assertEqual(wide, [])
