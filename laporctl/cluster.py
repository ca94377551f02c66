"""The roles of the embedded PostgreSQL: one that administers, and Odoo's, which may do neither.

Odoo's role owns its databases and nothing else: it is no superuser (nothing in SQL reaches a file
or a program of the machine), makes no roles and no databases. What needs more is asked for by this
command, as the admin role, whose password lies in the state folder.
"""

import secrets
import subprocess
from collections.abc import Callable
from pathlib import Path

from .errors import LaporError
from .project import Project

USER = "lapor"
ADMIN = "lapor_admin"
# While it makes a cluster of before into one with two roles.
CONVERTER = "lapor_converter"
# Databases that are made from others whenever they are missing.
MADE_ANEW = ("lapor_tested_", "lapor_untested_", "lapor_test_", "lapor_tmp_", "lapor_bench_")
# The socket's folder lets in nobody but the account that Odoo runs as.
ACCESS = f"""\
local all {USER} trust
local all all scram-sha-256
"""


def password_file(project: Project) -> Path:
    """Where the admin role's password is kept; it is written when the cluster has its roles."""
    return project.state / "postgres-admin-password"


def new_password() -> str:
    """A random password."""
    return secrets.token_urlsafe(24)


def write_secret(path: Path, text: str) -> None:
    """Write ``text`` to a file that only its owner may read, at once or not at all."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    temporary.write_text(f"{text}\n")
    temporary.replace(path)


# Runs SQL in a database as a role, and returns the lines of the answer.
Ask = Callable[[str, str, str], list[str]]


def asker(psql: Path, environment: dict[str, str]) -> Ask:
    """How to ask a server: with ``psql``, reached through ``environment``.

    :raises LaporError: (when asked) with the server's words
    """

    def ask(role: str, database: str, sql: str) -> list[str]:
        command = [psql, "-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        done = subprocess.run(
            command,
            input=sql,
            capture_output=True,
            text=True,
            env={**environment, "PGUSER": role, "PGDATABASE": database},
            check=False,
        )
        if done.returncode:
            raise LaporError(f"PostgreSQL: {' '.join(done.stderr.strip().splitlines()[:1])}")
        return done.stdout.splitlines()

    return ask


def make_roles(ask: Ask) -> None:
    """Make Odoo's role in a cluster that was made by the admin role."""
    if not ask(ADMIN, "postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{USER}'"):
        ask(ADMIN, "postgres", f"CREATE ROLE {USER} LOGIN")


def convert(ask: Ask, adopt: str, password: str) -> None:
    """Make a cluster whose superuser was Odoo's role into one with two roles.

    What was done before a kill is not done again. The cluster still trusts whoever connects.

    :param adopt: the SQL that gives a database's tables to Odoo's role
    """
    if _is_superuser(ask, USER):
        if not ask(USER, "postgres", _exists(CONVERTER)):
            ask(USER, "postgres", f"CREATE ROLE {CONVERTER} SUPERUSER LOGIN")
        # the first role of a cluster stays its superuser: it is renamed
        ask(CONVERTER, "postgres", f"ALTER ROLE {USER} RENAME TO {ADMIN}")
    ask(ADMIN, "postgres", f"DROP ROLE IF EXISTS {CONVERTER}")
    ask(ADMIN, "postgres", f"ALTER ROLE {ADMIN} PASSWORD '{password}'")
    make_roles(ask)
    names = "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0')"
    for name in ask(ADMIN, "postgres", f"{names} AND datname <> 'template1'"):
        if name.startswith(MADE_ANEW):
            ask(ADMIN, "postgres", f'DROP DATABASE "{name}" WITH (FORCE)')
        else:
            ask(ADMIN, "postgres", f'ALTER DATABASE "{name}" OWNER TO {USER}')
            ask(ADMIN, name, adopt)


def _is_superuser(ask: Ask, role: str) -> bool:
    sql = f"SELECT 1 FROM pg_roles WHERE rolname = '{role}' AND rolsuper"
    try:
        return bool(ask(role, "postgres", sql))
    except LaporError:
        # there is no such role
        return False


def _exists(role: str) -> str:
    return f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"
