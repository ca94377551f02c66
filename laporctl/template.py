"""The database that all others are copied from: the Odoo addons that ours build on, in Indonesian.

Making it takes half a minute, so its dump goes to the cache folder, where other checkouts find it.
"""

import hashlib
import subprocess
from pathlib import Path

from . import database
from .addons import foundations
from .errors import LaporError
from .locks import complete_folder, exclusive
from .odoo import Installation, last_words
from .stage import Stage

PREFIX = "lapor_template_"
# Part of the key: raise it when the way the template is made changes.
RECIPE = 2


def ensure_template(odoo: Installation) -> str:
    """The name of the template database on this server; restored or made when missing."""
    addons = foundations(odoo.project)
    text = f"{RECIPE} {odoo.odoo.key} {' '.join(addons)}"
    key = hashlib.sha256(text.encode()).hexdigest()[:8]
    name = PREFIX + key
    with exclusive(odoo.project.state / "template.lock", "waiting for the template database"):
        if database.exists(odoo.pg, name):
            return name
        temporary = f"lapor_tmp_{odoo.project.short_id}"
        database.discard(odoo, temporary)
        cached = odoo.project.cache / "template" / key
        if odoo.pg.embedded and cached.is_dir():
            with Stage("database template, from the cache"):
                restore(odoo, cached, temporary)
        else:
            with Stage(f"database template ({', '.join(addons)})"):
                build(odoo, addons, temporary)
                if odoo.pg.embedded:
                    complete_folder(cached, lambda folder: dump(odoo, temporary, folder))
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


def dump(odoo: Installation, name: str, folder: Path) -> None:
    """Write the database ``name`` and its attachments to ``folder``."""
    _tool(odoo, "pg_dump", "-Fc", "-Z1", "-f", folder / "base.dump", name)
    files = odoo.filestore(name)
    if files.is_dir():
        database.copy_files(files, folder / "filestore")


def restore(odoo: Installation, folder: Path, name: str) -> None:
    """Make the database ``name`` from what :func:`dump` wrote to ``folder``."""
    database.create(odoo.pg, name)
    _tool(odoo, "pg_restore", "-j2", "--no-owner", "-d", name, folder / "base.dump")
    if (folder / "filestore").is_dir():
        database.copy_files(folder / "filestore", odoo.filestore(name))


def _tool(odoo: Installation, tool: str, *arguments: object) -> None:
    log = odoo.project.state / "template.log"
    with log.open("a") as output:
        command = [str(odoo.pg.binaries / tool), *map(str, arguments)]
        done = subprocess.run(command, stdout=output, stderr=output, env=odoo.pg.env(), check=False)
    if done.returncode:
        raise LaporError(f"{tool} failed: {last_words(log)}. Details: {log}")
