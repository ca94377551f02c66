from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from . import common

FORBIDDEN = ("base.group_system", "base.group_erp_manager", "lapor_base.group_lapor_admin")


@tagged("post_install", "-at_install")
class TestRoleGroups(common.LaporCase):
    """A role makes its holder an officer of Lapor, and never more than that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.privilege = cls.env.ref("lapor_base.res_groups_privilege_lapor_role")
        cls.group = cls.env["res.groups"].create(
            {
                "name": "Camat",
                "privilege_id": cls.privilege.id,
                "implied_ids": [Command.link(cls.env.ref("lapor_base.group_lapor_user").id)],
            }
        )
        cls.role = cls.env["lapor.role"].create(
            {"name": "Camat", "code": "camat", "group_id": cls.group.id}
        )

    def test_every_role_of_the_addons_gives_a_group_that_it_may(self):
        for role in self.env["lapor.role"].with_context(active_test=False).search([]):
            self.assertTrue(role.group_id._is_lapor_role_group(), role.name)

    def test_no_other_group_of_the_database_can_be_given(self):
        own = self.env["lapor.role"].with_context(active_test=False).search([]).group_id
        for group in self.env["res.groups"].search([("id", "not in", own.ids)]):
            with self.subTest(group=group.full_name), self.assertRaises(ValidationError):
                self.role.group_id = group
            self.assertEqual(self.role.group_id, self.group)

    def test_group_of_a_role_never_comes_to_imply_more(self):
        foreign = self.env["res.groups"].create({"name": "Bukan Lapor"})
        below = self.env.ref("lapor_base.group_lapor_user")
        more = [self.env.ref(name) for name in FORBIDDEN]
        for group in (*more, foreign):
            for changed in (self.group, below, self.env.ref("lapor_base.group_lapor_intake")):
                if group in changed.all_implied_by_ids:
                    continue
                with self.subTest(group=group.name, changed=changed.name):
                    with self.assertRaises(ValidationError), self.env.cr.savepoint():
                        changed.implied_ids += group
                    with self.assertRaises(ValidationError), self.env.cr.savepoint():
                        group.implied_by_ids += changed
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.group.privilege_id = False
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            foreign.privilege_id = self.privilege
            foreign.implied_ids = self.env.ref("base.group_system")
            self.role.group_id = foreign

    def test_roles_are_the_system_administrator_s(self):
        own = self.role.with_user(self.administrator)
        for act in (
            lambda: own.write({"oversees": True}),
            lambda: own.unlink(),
            lambda: own.create(
                {"name": "X", "code": "x", "group_id": self.env.ref("base.group_system").id}
            ),
            lambda: self.group.with_user(self.administrator).write({"name": "Y"}),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertTrue(self.role.with_user(self.env.ref("base.user_admin")).has_access("write"))

    def test_position_never_gives_or_takes_a_group_of_odoo(self):
        """Also where the database was changed behind the program."""
        system = self.env.ref("base.group_system")
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        self.env.cr.execute(
            "UPDATE lapor_role SET group_id = %s WHERE id = %s", [system.id, self.role.id]
        )
        self.env.invalidate_all()
        position = self.env["lapor.position"].create(
            {
                "name": "Camat",
                "unit_id": self.opd.id,
                "role_id": self.role.id,
                "user_id": self.outsider.id,
            }
        )
        self.assertFalse(self.outsider.has_group("base.group_system"))
        position.with_user(self.administrator).user_id = admin
        position.with_user(self.administrator).user_id = False
        self.assertTrue(admin.has_group("base.group_system"))
        self.assertTrue(admin.has_group("lapor_base.group_lapor_admin"))

    def test_group_of_a_role_is_given_by_the_position_alone(self):
        held = self.operator.lapor_position_ids.role_id.group_id
        self.assertEqual(len(held), 1)
        self.assertNotIn(held, self.outsider.all_group_ids)
        self.outsider.group_ids += held
        self.assertNotIn(held, self.outsider.all_group_ids)
        copy = self.operator.copy({"login": "salinan", "name": "Salinan"})
        self.assertNotIn(held, copy.all_group_ids)
        self.operator.group_ids = self.env.ref("base.group_user")
        self.assertIn(held, self.operator.all_group_ids)
