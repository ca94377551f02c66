"""The demo database: made, upgraded, made anew."""

import datetime
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from . import database, dumps, passwords
from .addons import fingerprint, our_addons
from .disk import need_room
from .errors import LaporError
from .odoo import Installation, complaints
from .postgres import Postgres
from .stage import Stage, say
from .template import ensure_template, template_name

NAME = os.environ.get("LAPOR_DB") or "lapor"
# Whose demo officers have cases to work on.
GOVERNMENTS = {"lapor_bantul", "lapor_balangan", "lapor_kapuas"}
# What the comment of a database begins with that this command made.
REMARK = "made by ./lapor:"
# Part of the key of its dump, beside the scripts in inside/: raise it when the way it is made
# changes otherwise.
RECIPE = 4


def ensure_demo(odoo: Installation, demo: bool) -> None:
    """Make the demo database if there is none; tell when the code has moved on since."""
    if not database.exists(odoo.pg, NAME):
        need_room(odoo.project.state, 0.5, "the database")
        create_demo(odoo, demo)
        return
    need_ours(odoo)
    if made_from(odoo.pg) != fingerprint(odoo.project):
        say("The addons have changed since the database was made; to take that in: ./lapor update")


def create_demo(odoo: Installation, demo: bool) -> None:
    """Make the demo database, replacing the one there is only when the new one is finished.

    One that was made today from the same code is taken from the cache.

    :param demo: with the demo data of our addons (their users can log in)
    :raises LaporError: when an addon cannot be installed
    """
    print_of_code = fingerprint(odoo.project)
    addons = our_addons(odoo.project)
    temporary = f"lapor_new_{odoo.project.short_id}"
    log = odoo.project.state / "create.log"
    log.write_text("")

    def build() -> None:
        database.copy(odoo, ensure_template(odoo), temporary)
        odoo.run_inside(temporary, "prepare_office", log)
        set_demo_flags(odoo.pg, temporary, demo)
        if addons:
            odoo.run_inside(temporary, "install", log, addons=addons, demo=demo)
        set_demo_flags(odoo.pg, temporary, False, keep=addons)
        if demo and set(addons) >= GOVERNMENTS:
            odoo.run_inside(temporary, "demo_cases", log)
        odoo.run_inside(temporary, "build_assets", log, tests=False)

    # demo data speak of today and yesterday
    text = f"{RECIPE} {template_name(odoo)} {print_of_code} {demo} {datetime.date.today()}"
    scripts = (Path(__file__).parent / "inside").glob("*.py")
    text += "".join(path.read_text() for path in sorted(scripts))
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    with Stage(f"database {NAME} ({', '.join(addons) or 'no addons yet'})") as stage:
        if dumps.restored_or_built(odoo, odoo.project.cache / "demo" / key, temporary, build):
            stage.note = "from the cache"
        database.renew_secrets(odoo.pg, temporary)
        remember(odoo, temporary, demo, print_of_code)
        passwords.renew(odoo.project, odoo.pg, NAME, temporary)
        database.finish(odoo, temporary, NAME)
    warn(log)


def reset_demo(odoo: Installation, demo: bool) -> None:
    """Make the demo database anew.

    :raises LaporError: when the one that is there was not made by this command
    """
    if database.exists(odoo.pg, NAME):
        need_ours(odoo)
        if not database.remark(odoo.pg, NAME).startswith(REMARK):
            raise LaporError(
                f"the database {NAME} was not made by ./lapor and is not deleted; "
                "choose another name with LAPOR_DB"
            )
    create_demo(odoo, demo)


def update_demo(odoo: Installation) -> None:
    """Upgrade our addons in the demo database and install those that are new.

    :raises LaporError: when there is no database, or an upgrade fails
    """
    if not database.exists(odoo.pg, NAME):
        raise LaporError("there is no database yet; make it with: ./lapor run")
    need_ours(odoo)
    log = odoo.project.state / "update.log"
    log.write_text("")
    print_of_code = fingerprint(odoo.project)
    ours = our_addons(odoo.project)
    states = dict(database.query(odoo.pg, "SELECT name, state FROM ir_module_module", NAME))
    installed = [name for name in ours if states.get(name) not in (None, "uninstalled")]
    new = [name for name in ours if name not in installed]
    demo = has_demo(odoo.pg)
    with Stage(f"upgrade of {', '.join(ours)}"):
        set_demo_flags(odoo.pg, NAME, demo)
        options = ["-u", ",".join(installed), "--i18n-overwrite"] if installed else []
        options += ["-i", ",".join(new)] if new else []
        if options:
            odoo.call("-d", NAME, *options, "--stop-after-init", "--no-http", log=log)
        set_demo_flags(odoo.pg, NAME, False, keep=ours)
        odoo.run_inside(NAME, "build_assets", log, tests=False)
        remember(odoo, NAME, demo, print_of_code)
    warn(log)


def set_demo_flags(pg: Postgres, name: str, demo: bool, keep: Sequence[str] = ()) -> None:
    """Say of the installed addons, but not those in ``keep``, whether they have demo data.

    Odoo loads an addon's demo data only where those it builds on have theirs. Theirs is about
    American companies and has no place here: they are said to have it just while ours load.
    """
    kept = ", ".join(database.literal(addon) for addon in keep) or "''"
    database.query(
        pg,
        f"UPDATE ir_module_module SET demo = {demo} WHERE state = 'installed' "
        f"AND name NOT IN ({kept})",
        name,
    )


def remember(odoo: Installation, name: str, demo: bool, print_of_code: str) -> None:
    """Store with the database what it was made from, and by which checkout."""
    text = f"{REMARK} demo={'yes' if demo else 'no'} checkout={odoo.project.short_id}"
    database.set_remark(odoo.pg, name, f"{text} addons={print_of_code}")


def need_ours(odoo: Installation) -> None:
    """Make sure that the database on a server of the user's own is not another checkout's.

    :raises LaporError: naming the way out; its files are with the other one
    """
    made_by = re.search(r" checkout=(\w+)", database.remark(odoo.pg, NAME))
    if not odoo.pg.embedded and made_by and made_by[1] != odoo.project.short_id:
        raise LaporError(
            f"the database {NAME} on this server belongs to another checkout, which has its "
            "files; choose another name with LAPOR_DB"
        )


def has_demo(pg: Postgres) -> bool:
    """Whether the database was made with demo data."""
    return "demo=yes" in database.remark(pg, NAME)


def made_from(pg: Postgres) -> str:
    """The fingerprint of the addons that the database was made from."""
    return database.remark(pg, NAME).rpartition("addons=")[2]


def warn(log: Path) -> None:
    """Tell how many lines of a finished installation's ``log`` deserve a look."""
    lines = complaints(log)
    for line in lines[:3]:
        say(f"  {line[:160]}")
    if lines:
        say(f"  {len(lines)} warnings or errors in {log}")


def logins(pg: Postgres) -> list[tuple[str, ...]]:
    """The demo users: government, role, office, login and password; empty without demo data."""
    tables = database.query(pg, "SELECT to_regclass('lapor_position')", NAME)
    if not has_demo(pg) or not tables or not tables[0][0]:
        return []
    columns = "SELECT attname FROM pg_attribute WHERE attrelid = 'lapor_role'::regclass"
    if ["name"] not in database.query(pg, columns, NAME):
        return []
    rows = database.query(
        pg,
        f"""
        SELECT c.name, {translated(pg, "lapor_role")}, {translated(pg, "lapor_unit")},
               u.login, u.login
          FROM lapor_position p
          JOIN res_users u ON u.id = p.holder_id
          JOIN lapor_role ON lapor_role.id = p.role_id
          JOIN lapor_unit ON lapor_unit.id = p.unit_id
          JOIN res_company c ON c.id = lapor_unit.company_id
         WHERE u.active AND u.login <> 'admin'
         ORDER BY c.id, lapor_role.sequence, lapor_role.id, u.login
        """,
        NAME,
    )
    return [tuple(row) for row in rows]


def translated(pg: Postgres, table: str) -> str:
    """The SQL expression of a table's ``name`` in Indonesian, translated or plain."""
    kind = database.query(
        pg,
        "SELECT format_type(atttypid, NULL) FROM pg_attribute "
        f"WHERE attrelid = '{table}'::regclass AND attname = 'name'",
        NAME,
    )
    if kind == [["jsonb"]]:
        return f"COALESCE({table}.name->>'id_ID', {table}.name->>'en_US')"
    return f"{table}.name"
