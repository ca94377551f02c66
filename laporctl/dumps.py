"""Databases kept in the cache folder, for the embedded server of other checkouts.

A server of the user's own may be too old for these dumps and holds its databases anyway.
"""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from . import database
from .errors import LaporError
from .locks import complete_folder, held
from .odoo import Installation, last_words

# Seconds after which a dump that was not used is thrown away.
LIFETIME = 14 * 24 * 3600


def restored_or_built(
    odoo: Installation, folder: Path, name: str, build: Callable[[], None]
) -> bool:
    """Make the database ``name`` from the dump in ``folder``, or by ``build`` and dump it there.

    :returns: whether the dump was used
    """
    if odoo.pg.embedded and folder.is_dir():
        database.discard(odoo, name)
        restore(odoo, folder, name)
        folder.touch()
        return True
    build()
    if odoo.pg.embedded:
        folder.parent.mkdir(parents=True, exist_ok=True)
        complete_folder(folder, lambda temporary: dump(odoo, name, temporary))
        prune(folder)
    return False


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


def prune(kept: Path) -> None:
    """Throw away the dumps beside ``kept`` that nobody used for long."""
    for other in kept.parent.iterdir():
        if other != kept and other.is_dir() and time.time() - other.stat().st_mtime > LIFETIME:
            shutil.rmtree(other, ignore_errors=True)


def _tool(odoo: Installation, tool: str, *arguments: object) -> None:
    log = odoo.project.state / "dumps.log"
    with log.open("w") as output:
        command = [str(odoo.pg.binaries / tool), *map(str, arguments)]
        # a restore is thousands of commits; until it is finished none of them has to last
        options = "-c synchronous_commit=off -c maintenance_work_mem=128MB"
        done = subprocess.run(
            command,
            stdout=output,
            stderr=output,
            env={**odoo.pg.env(), "PGOPTIONS": options},
            check=False,
            pass_fds=held(),
        )
    if done.returncode:
        raise LaporError(f"{tool} failed: {last_words(log)}. Details: {log}")
