"""An office that is really committed, for tests of several transactions that do not see each
other; and how it is taken out again, evidence and all."""

import uuid

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

#: Tables whose rows stay, unless their triggers are switched off.
APPEND_ONLY = ("lapor_event", "lapor_appointment", "lapor_complaint_version")


def unused_code():
    """A complaint code that no other government has, also none that an earlier run has left."""
    return f"S{uuid.uuid4().hex[:7]}"


def commit(registry, act):
    with registry.cursor() as cr:
        return act(api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"}))


def make_office(env, count, name="Serentak"):
    """An office of its own with so many complaints, each with a response to sign.

    :param str name: of the government
    :returns: ids of its company, its unit, its head (user) and its complaints
    """
    company = env["res.company"].create({"name": f"Pemkab {name}", "lapor_code": unused_code()})
    env.user.company_ids += company
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    office = env["lapor.unit"].create(
        {
            "name": "Kantor Serentak",
            "code": "SRT",
            "kind": "manager",
            "company_id": company.id,
            "archive_code": "555",
            "letter_pattern": "{code}/{seq:02}/IKP/{roman}/{year}",
        }
    )
    position = {}
    for role in ("admin_layanan", "kepala_dinas"):
        user = env["res.users"].create(
            {
                "name": f"Serentak {role}",
                "login": f"serentak_{role}",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "notification_type": "inbox",
            }
        )
        position[role] = env["lapor.position"].create(
            {
                "name": role,
                "unit_id": office.id,
                "role_id": env.ref(f"lapor_base.role_{role}").id,
                "user_id": user.id,
            }
        )
    sop = make_sop(env, office)
    cases = env["lapor.complaint"].create(
        [
            {
                "name": f"Serentak {number}",
                "description": "Uji",
                "is_anonymous": True,
                "company_id": company.id,
                "intake_unit_id": office.id,
            }
            for number in range(count)
        ]
    )
    draft = sop.step_ids[0].transition_ids
    for case in cases:
        case.with_user(position["admin_layanan"].holder_id).action_advance(
            draft.id, response={"body": f"<p>Tanggapan {case.number}</p>"}
        )
    return company.id, office.id, position["kepala_dinas"].holder_id.id, cases.ids


SIGNING = (("draft", "admin_layanan"), ("sign", "kepala_dinas"), ("receive", "admin_layanan"))


def make_sop(env, office, steps=SIGNING, **values):
    """An SOP in force, one step after the other.

    :param steps: pairs of kind of step and role
    :param values: of every step
    """
    sop = env["lapor.sop"].create({"name": "Serentak", "unit_id": office.id})
    made = env["lapor.sop.step"]
    for number, (kind, role) in enumerate(steps, 1):
        actor = env["lapor.sop.actor"].create(
            {
                "sop_id": sop.id,
                "name": f"{role} {number}",
                "role_id": env.ref(f"lapor_base.role_{role}").id,
            }
        )
        made += made.create(
            {
                "sop_id": sop.id,
                "number": str(number),
                "sequence": number,
                "name": kind,
                "short_name": kind,
                "actor_id": actor.id,
                "kind_id": env.ref(f"lapor_base.kind_{kind}").id,
                **values,
            }
        )
    for step, target in zip(made, [*made[1:], None], strict=True):
        demands = step.kind_id if not target and step.kind == "publish" else step.kind_id.browse()
        env["lapor.sop.transition"].create(
            {
                "step_id": step.id,
                "name": "Lanjut",
                "kind": "forward" if target else "close",
                "to_step_id": target.id if target else False,
                "outcome": False if target else "handled",
                "demand_ids": [(6, 0, demands.ids)],
            }
        )
    sop.action_activate()
    return sop


def remove_office(registry, company_id):
    """Take out again what had to be committed, evidence and all."""
    with registry.cursor() as cr:
        cr.execute(
            SQL(
                """SELECT DISTINCT table_name FROM information_schema.columns
                    WHERE column_name = 'company_id' AND table_name LIKE 'lapor%%'
                      AND table_schema = 'public'"""
            )
        )
        tables = [name for (name,) in cr.fetchall()]
        for table in APPEND_ONLY:
            cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        cr.execute(
            SQL(
                """UPDATE lapor_complaint SET current_step_id = NULL, hold_id = NULL,
                          misroute_id = NULL, main_id = NULL WHERE company_id = %s""",
                company_id,
            )
        )
        cr.execute(
            SQL(
                """UPDATE lapor_response SET next_paraf_id = NULL, mail_id = NULL, origin_id = NULL
                    WHERE company_id = %s""",
                company_id,
            )
        )
        cr.execute(
            SQL(
                """DELETE FROM mail_activity WHERE lapor_position_id IN
                          (SELECT id FROM lapor_position WHERE company_id = %s)
                       OR res_model = 'lapor.complaint' AND res_id IN
                          (SELECT id FROM lapor_complaint WHERE company_id = %s)""",
                company_id,
                company_id,
            )
        )
        cr.execute(
            SQL(
                """DELETE FROM mail_message WHERE model = 'lapor.complaint' AND res_id IN
                   (SELECT id FROM lapor_complaint WHERE company_id = %s)""",
                company_id,
            )
        )
        left = tables
        while left:
            blocked = [table for table in left if not _try_delete(cr, table, company_id)]
            assert len(blocked) < len(left), f"cannot be removed: {blocked}"
            left = blocked
        for table in APPEND_ONLY:
            cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
        env = api.Environment(cr, SUPERUSER_ID, {})
        users = env["res.users"].search([("company_id", "=", company_id)])
        company = env["res.company"].browse(company_id)
        partners = users.partner_id | company.partner_id
        users.unlink()
        env["ir.sequence"].search([("company_id", "=", company_id)]).unlink()
        company.unlink()
        partners.unlink()


def _try_delete(cr, table, company_id):
    try:
        with cr.savepoint(flush=False):
            cr.execute(
                SQL("DELETE FROM %s WHERE company_id = %s", SQL.identifier(table), company_id),
                log_exceptions=False,
            )
    except Exception:  # whatever still refers to it goes first
        return False
    return True
