"""Databases: asking, creating, copying, renaming and dropping them, through psql as the admin."""

import shutil
import subprocess
from pathlib import Path

from .cluster import USER
from .errors import LaporError
from .odoo import Installation
from .postgres import Postgres

# psql's exit status when it does not reach the server.
NO_CONNECTION = 2


def query(pg: Postgres, sql: str, database: str = "postgres") -> list[list[str]]:
    """The rows of ``sql``, each a list of texts (an empty text for NULL).

    :raises LaporError: with the server's words
    """
    done = _psql(pg, sql, database)
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no answer"]
        words = words[0].removeprefix("psql: error: ")
        if "permission denied to create database" in words:
            words = "the role may not make databases; let it: ALTER ROLE … CREATEDB"
        if done.returncode == NO_CONNECTION and not pg.embedded:
            words += "; your PG* variables name this server, without PGHOST there is one built in"
        raise LaporError(f"PostgreSQL: {words}")
    return [line.split("\x1f") for line in done.stdout.removesuffix("\n").split("\x1e") if line]


def exists(pg: Postgres, name: str) -> bool:
    """Whether there is a database ``name``."""
    return bool(query(pg, f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}"))


def names(pg: Postgres, prefix: str) -> list[str]:
    """The databases whose names begin with ``prefix``."""
    rows = query(
        pg, f"SELECT datname FROM pg_database WHERE starts_with(datname, {literal(prefix)})"
    )
    return [row[0] for row in rows]


def create(pg: Postgres, name: str, template: str = "template0") -> None:
    """Create ``name``, empty or as a copy of ``template``."""
    options = f" TEMPLATE {quoted(template)}"
    if template == "template0":
        options += " LC_COLLATE 'C' ENCODING 'unicode'"
    if pg.embedded:
        options += f" OWNER {quoted(USER)}"
    query(pg, f"CREATE DATABASE {quoted(name)}{options}")


def drop(pg: Postgres, name: str) -> None:
    """Drop ``name``, whoever is connected to it, if it is there."""
    query(pg, f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def remark(pg: Postgres, name: str) -> str:
    """The comment stored with a database: what it was made from."""
    rows = query(
        pg,
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = {literal(name)}",
    )
    return rows[0][0] if rows else ""


def set_remark(pg: Postgres, name: str, text: str) -> None:
    """Store ``text`` with a database."""
    query(pg, f"COMMENT ON DATABASE {quoted(name)} IS {literal(text)}")


def renew_secrets(pg: Postgres, name: str) -> None:
    """Give a copied database an identity and a signing key of its own."""
    query(
        pg,
        "UPDATE ir_config_parameter SET value = gen_random_uuid() "
        "WHERE key IN ('database.uuid', 'database.secret')",
        name,
    )


def copy(odoo: Installation, source: str, target: str) -> None:
    """Make ``target`` a copy of the database ``source`` with its attachments."""
    drop(odoo.pg, target)
    odoo.remove_filestore(target)
    create(odoo.pg, target, source)
    if odoo.filestore(source).is_dir():
        copy_files(odoo.filestore(source), odoo.filestore(target))


def finish(odoo: Installation, temporary: str, name: str) -> None:
    """Give the finished database ``temporary`` its final ``name``.

    The attachments go first: a kill in between leaves a name without a database, which the
    next creation replaces.
    """
    drop(odoo.pg, name)
    odoo.remove_filestore(name)
    if odoo.filestore(temporary).is_dir():
        odoo.filestore(temporary).rename(odoo.filestore(name))
    query(odoo.pg, f"ALTER DATABASE {quoted(temporary)} RENAME TO {quoted(name)}")


def discard(odoo: Installation, name: str) -> None:
    """Drop a database with its attachments."""
    drop(odoo.pg, name)
    odoo.remove_filestore(name)


def copy_files(source: Path, target: Path) -> None:
    """Copy a folder of attachments; they are never changed, so hard links do."""
    shutil.copytree(source, target, copy_function=link_or_copy)


def link_or_copy(source: str, target: str) -> None:
    """Hard-link a file, or copy it where that is impossible (another disk)."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def literal(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _psql(pg: Postgres, sql: str, database: str) -> subprocess.CompletedProcess[str]:
    command = [pg.binaries / "psql", "-X", "-q", "-A", "-t", "-w", "-F", "\x1f", "-R", "\x1e"]
    command += ["-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]
    return subprocess.run(
        command, input=sql, capture_output=True, text=True, env=pg.admin_env(), check=False
    )
