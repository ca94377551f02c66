import re
from pathlib import Path

from lxml import etree

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

ADDED = re.compile(r"""\.add\(\s*["']([\w.]+)["']""")


@tagged("post_install", "-at_install")
class TestWidgets(TransactionCase):
    """Screens use widgets that there are: the web client shows a plain value for any other."""

    def _known(self):
        """What the scripts of all installed addons put into registries."""
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        for name in installed.mapped("name"):
            for path in Path(get_module_path(name), "static", "src").glob("**/*.js"):
                yield from ADDED.findall(path.read_text())

    def test_widgets_of_our_screens_exist(self):
        known, used = set(self._known()), {}
        views = self.env["ir.ui.view"].search([("model", "=like", "lapor.%")])
        for view in views:
            arch = etree.fromstring(view.arch)
            for node in arch.iter("field", "widget", "button"):
                widget = node.get("widget") or (node.tag == "widget" and node.get("name"))
                if widget:
                    used.setdefault(widget, view.xml_id)
        self.assertIn("CopyClipboardButton", used)
        self.assertEqual({name: used[name] for name in used.keys() - known}, {})
