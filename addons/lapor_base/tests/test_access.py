from odoo.tests import new_test_user, tagged

from . import common

ROLES = (
    "operator head opd_admin opd_head engineer outsider inspector overseer administrator "
    "employee portal public"
).split()

# Who may read, write, create and unlink (r w c u) the records of a case that the managing
# office (operator, head) registered and gave to the engineer of an OPD (opd_admin, opd_head).
# Acts are checked besides: nobody writes a field that only acts may write.
RIGHTS = """
"""


@tagged("post_install", "-at_install")
class TestAccess(common.LaporCase):
    """Access follows the position, for every model of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._make_officer("employee", "Pegawai Biasa")
        cls.portal = new_test_user(cls.env, "lapor_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")

    def _case(self, **values):
        """A case that has every kind of paper."""
        complaint = self._make_complaint(**values)
        complaint.with_user(self.operator).action_hold(
            self.env["lapor.missing.item"].search([], limit=1).ids, delivery_note="Ditelepon"
        )
        complaint.with_user(self.operator).action_resume()
        self._walk_to(complaint, "5")
        self.env["lapor.inspection"]._record(
            complaint.current_step_id,
            {"date": "2026-01-05", "place": "Pasar", "findings": "Benar", "conclusion": "Benar"},
        )
        return self.env["lapor.complaint"].browse(complaint.id)

    def test_x(self):
        pass
