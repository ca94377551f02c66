"""Passwords of the served database: the administrator's is random, a demo user's is the login."""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

from . import cluster, database
from .postgres import Postgres
from .project import Project

# What Odoo uses for a new password (odoo.addons.base.models.res_users.MIN_ROUNDS).
ROUNDS = 600_000
ADMIN = "admin"


def hashed(password: str) -> str:
    """``password`` as Odoo stores it."""
    salt = secrets.token_bytes(16)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$pbkdf2-sha512${ROUNDS}${_text(salt)}${_text(digest)}"


def matches(password: str, stored: str) -> bool:
    """Whether ``stored``, from Odoo's database, is ``password``."""
    parts = stored.split("$")
    if len(parts) != 5 or parts[1] != "pbkdf2-sha512":
        # Odoo takes a plain one, too, until its user first logs in
        return hmac.compare_digest(stored.encode(), password.encode())
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), _bytes(parts[3]), int(parts[2]))
    return hmac.compare_digest(digest, _bytes(parts[4]))


def file_of(project: Project, name: str) -> Path:
    """The file with the first password of the administrator of the database ``name``."""
    return project.state / f"{name}-admin-password"


def renew(project: Project, pg: Postgres, name: str, temporary: str = "") -> None:
    """Give the administrator of the database ``name`` a random password.

    It is kept beside its place until :func:`settle` finds that the database is in its place.

    :param temporary: the database's name until it is finished
    """
    password = secrets.token_urlsafe(12)
    cluster.write_secret(_beside(project, name), password)
    text = database.literal(hashed(password))
    database.query(
        pg,
        f"UPDATE res_users SET password = {text} WHERE login = {database.literal(ADMIN)}",
        temporary or name,
    )


def settle(project: Project, pg: Postgres, name: str) -> str:
    """Put a new password's file in its place; returns the password if it is new, else nothing.

    An administrator of before, whose password everybody knew, gets another one.
    """
    stored = _stored(pg, name)
    if stored and matches(ADMIN, stored):
        renew(project, pg, name)
        stored = _stored(pg, name)
    beside = _beside(project, name)
    if not beside.exists():
        return ""
    password = beside.read_text().strip()
    if not matches(password, stored):
        # of a database that was killed before it was finished
        beside.unlink()
        return ""
    beside.replace(file_of(project, name))
    return password


def known(pg: Postgres, name: str) -> str | None:
    """The login of a user of the database ``name`` whose password is that login, or None."""
    sql = "SELECT login, password FROM res_users WHERE active AND password <> '' ORDER BY id"
    rows = database.query(pg, sql, name)
    return next((login for login, stored in rows if matches(login, stored)), None)


def _stored(pg: Postgres, name: str) -> str:
    sql = f"SELECT password FROM res_users WHERE login = {database.literal(ADMIN)}"
    rows = database.query(pg, sql, name)
    return rows[0][0] if rows else ""


def _beside(project: Project, name: str) -> Path:
    return project.state / f"{name}-admin-password.new"


def _text(data: bytes) -> str:
    return base64.b64encode(data, b"./").decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), b"./")
