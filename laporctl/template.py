"""The database that all others are copied from: the Odoo addons that ours build on, in Indonesian.

Making it takes half a minute, so its dump goes to the cache folder, where other checkouts find it.
"""

import hashlib

from . import database, dumps
from .addons import foundations
from .locks import exclusive
from .odoo import Installation
from .stage import Stage

PREFIX = "lapor_template_"
# Part of the key: raise it when the way the template is made changes.
RECIPE = 2


def template_name(odoo: Installation) -> str:
    """The name of the template database, which tells what is in it."""
    text = f"{RECIPE} {odoo.odoo.key} {' '.join(foundations(odoo.project))}"
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()[:8]


def ensure_template(odoo: Installation) -> str:
    """The name of the template database on this server; restored or made when missing."""
    addons = foundations(odoo.project)
    name = template_name(odoo)
    with exclusive(odoo.project.state / "template.lock", "waiting for the template database"):
        if database.exists(odoo.pg, name):
            return name
        temporary = f"lapor_tmp_{odoo.project.short_id}"
        database.discard(odoo, temporary)
        with Stage(f"database template ({', '.join(addons)})") as stage:
            cached = odoo.project.cache / "template" / name
            if dumps.restored_or_built(
                odoo, cached, temporary, lambda: build(odoo, addons, temporary)
            ):
                stage.note = "from the cache"
        if odoo.pg.embedded:
            for old in database.names(odoo.pg, PREFIX):
                database.discard(odoo, old)
        database.finish(odoo, temporary, name)
    return name


def build(odoo: Installation, addons: list[str], name: str) -> None:
    """Install ``addons`` with the Indonesian language into the new database ``name``."""
    log = odoo.project.state / "template.log"
    log.write_text("")
    database.create(odoo.pg, name)
    database.query(odoo.pg, "CREATE EXTENSION IF NOT EXISTS pg_trgm", name)
    odoo.call(
        "-d",
        name,
        "-i",
        ",".join(addons),
        "--load-language=id_ID",
        "--stop-after-init",
        "--no-http",
        log=log,
    )
