import base64

from odoo.addons.lapor_base.tests.common import LaporCase


class HistoryCase(LaporCase):
    """An office with its old register."""

    def _import(self, content, user=None, name="register.csv", **values):
        """A file that was handed in and read.

        :param user: who does it; the operator when None
        """
        record = (
            self.env["lapor.history.import"]
            .with_user(user or self.operator)
            .create(
                {
                    "managing_unit_id": self.manager.id,
                    "upload": base64.b64encode(content),
                    "file_name": name,
                    **values,
                }
            )
        )
        record.action_read()
        return record

    def _verdicts(self, record):
        return record.row_ids.sorted("number").mapped("verdict")

    def _cases(self, **domain):
        return self.env["lapor.history"].search(
            [
                ("managing_unit_id", "=", self.manager.id),
                *((name, "=", value) for name, value in domain.items()),
            ]
        )
