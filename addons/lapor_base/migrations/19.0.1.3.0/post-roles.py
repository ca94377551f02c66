import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Groups of the office's own roles become Lapor's; others are given to nobody any more."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    privilege = env.ref("lapor_base.res_groups_privilege_lapor_role")
    for role in env["lapor.role"].search([]):
        group = role.group_id
        if not group.privilege_id:
            cr.execute("SAVEPOINT role_group")
            # Groups of one privilege have different names: the role's code tells them apart.
            cr.execute(
                """
                UPDATE res_groups AS own SET name = (
                       SELECT jsonb_object_agg(key, value || %s) FROM jsonb_each_text(own.name))
                 WHERE id = %s AND EXISTS (
                       SELECT FROM res_groups WHERE privilege_id = %s AND name = own.name)
                """,
                [f" ({role.code or role.id})", group.id, privilege.id],
            )
            cr.execute(
                "UPDATE res_groups SET privilege_id = %s WHERE id = %s", [privilege.id, group.id]
            )
            group.invalidate_recordset()
            if not group._is_lapor_role_group():
                cr.execute("ROLLBACK TO SAVEPOINT role_group")
                group.invalidate_recordset()
            cr.execute("RELEASE SAVEPOINT role_group")
        if not group._is_lapor_role_group():
            _logger.warning(
                "The role %s names the group %s, which is not Lapor's own or brings rights outside "
                "it: no position gives or takes it from now on. Choose another group.",
                role.name,
                group.full_name,
            )
