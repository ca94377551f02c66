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
