"""For the benches in Odoo's shell: the shipped office of Balangan, a holder in each position."""

from typing import Any


def fill_office(env: Any) -> Any:
    """Give each vacant position of the managing office and its government a holder.

    :returns: the government (``res.company``)
    """
    company = env.ref("lapor_balangan.company")
    positions = env["lapor.position"].search(
        [("company_id", "=", company.id), ("holder_id", "=", False)]
    )
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Pejabat {position.id}",
                    "login": f"pejabat{position.id}",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "tz": "Asia/Makassar",
                }
                for position in positions
            ]
        )
    )
    for position, user in zip(positions, users, strict=True):
        position.user_id = user
    return company


def officer(env: Any, role: str) -> Any:
    """The environment of whoever holds a role in Balangan, such as ``admin_layanan``."""
    company = env.ref("lapor_balangan.company")
    position = env["lapor.position"].search(
        [("role_id.code", "=", role), ("company_id", "=", company.id), ("holder_id", "!=", False)],
        limit=1,
    )
    context = {"allowed_company_ids": company.ids, "lang": "id_ID", "tz": "Asia/Makassar"}
    return env(user=position.holder_id, context=context)


def complaints(env: Any, count: int) -> Any:
    """So many complaints, keyed in by this officer in one call."""
    about = category(env).id
    return env["lapor.complaint"].create(
        [
            {
                "name": f"Jalan berlubang {number}",
                "description": "Jalan di depan pasar berlubang besar dan membahayakan.",
                "is_anonymous": True,
                "category_id": about,
            }
            for number in range(count)
        ]
    )


def category(env: Any) -> Any:
    """A category that every government has."""
    return env.ref("lapor_base.category_infrastruktur_jalan_dan_jembatan")


def as_owner(case: Any) -> Any:
    """The case as whoever has its step sees it."""
    return case.with_user(case.sudo().current_step_id.user_id)


def evidence(case: Any, arrow: Any, opd: Any) -> dict[str, Any]:
    """What an arrow asks for.

    :param opd: the ``lapor.unit`` to which complaints are given
    """
    codes = set(arrow._demands().mapped("code"))
    given: dict[str, Any] = {"note": "Sudah diperiksa di tempat."}
    if "direct" in codes:
        step = arrow.to_step_id
        unit = case.sudo().managing_unit_id if step.scope == "managing" else opd
        lead = unit._find_position(step.role_id | step.alternative_role_id)[:1]
        given["disposition"] = {"lead_position_id": lead.id, "note": "Tinjau"}
    if "draft" in codes:
        given["response"] = {"body": "<p>Telah kami perbaiki.</p>"}
    if "sign" in codes:
        given["sign"] = True
    if "publish" in codes:
        given["delivery"] = {"note": "Disampaikan lewat telepon."}
    return given


def roads_office(env: Any, company: Any) -> Any:
    """An office to which complaints are given, with a position for each of its roles."""
    opd = env["lapor.unit"].create(
        {"name": "Dinas Jalan", "code": "DJLN", "kind": "opd", "company_id": company.id}
    )
    for role in ("admin_opd", "kepala_opd", "unit_teknis"):
        role_id = env.ref(f"lapor_base.role_{role}").id
        env["lapor.position"].create({"name": role, "unit_id": opd.id, "role_id": role_id})
    return opd
