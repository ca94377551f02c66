"""How Odoo is called: its configuration file, its command line, its log."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from .errors import LaporError
from .locks import held
from .odoo_tree import Odoo, find_odoo
from .postgres import Postgres
from .project import Project
from .venv import python_of, run_venv

# Odoo starts processes of its own by calling this script again, so it has to be a file.
SCRIPT = """\
import sys

sys.path.insert(0, {library!r})
sys.path.pop(1)

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""

# A server for one developer: one process with threads, nothing listens but what is asked for.
CONF = """\
[options]
addons_path = {addons_path}
data_dir = {data_dir}
list_db = False
max_cron_threads = 1
workers = 0
limit_time_real = 600
limit_time_cpu = 600
"""

# How values go into a script inside Odoo's shell and come back, apart from what else is printed.
MARK = "@lapor@"
PROLOGUE = f"""\
import json
import sys

sys.path.append({{root!r}})
ARGUMENTS = json.loads({{arguments!r}})


def report(value):
    print({MARK!r} + json.dumps(value), flush=True)


"""

EXCEPTION = re.compile(r"^[\w.]*(Error|Exception|Warning|Exit)\b")
LEVEL = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (WARNING|ERROR|CRITICAL) (\S+) (.*)")


class Installation:
    """Odoo, our addons and the files it keeps, ready to be called.

    :param venv: the environment it runs in, when not the plain one
    """

    def __init__(self, project: Project, pg: Postgres, venv: Path | None = None):
        self.project = project
        self.pg = pg
        self.odoo: Odoo = find_odoo(project)
        self.venv = venv or run_venv(project)
        self.data = project.make_state() / "odoo-data"
        self.script = project.state / "odoo"
        self.conf = project.state / "odoo.conf"
        self._write_files()

    @property
    def addons_path(self) -> str:
        """Odoo's addons and ours, separated by commas."""
        return ",".join(str(path) for path in (*self.odoo.addons, self.project.addons))

    def command(self, *arguments: str, python: Path | None = None) -> list[str]:
        """The command line that calls Odoo; a sub-command's name comes first."""
        head = [str(python or python_of(self.venv)), str(self.script)]
        if arguments and not arguments[0].startswith("-"):
            head.append(arguments[0])
            arguments = arguments[1:]
        return [*head, "-c", str(self.conf), *arguments]

    def filestore(self, database: str) -> Path:
        """The folder of a database's attachments."""
        return self.data / "filestore" / database

    def call(self, *arguments: str, log: Path, script: str = "") -> str:
        """Run Odoo to its end with its log in ``log``; returns what it printed.

        :param script: Python code for ``shell``, given on standard input
        :raises LaporError: when it fails, with its last error
        """
        with log.open("a") as errors:
            done = subprocess.run(
                self.command(*arguments),
                input=script,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self.pg.env(),
                pass_fds=held(),
                check=False,
            )
        if done.returncode:
            raise LaporError(f"Odoo failed: {last_words(log)}. Details: {log}")
        return done.stdout

    def run_inside(
        self, database: str, name: str, log: Path, options: tuple[str, ...] = (), **arguments: Any
    ) -> list[Any]:
        """Run ``inside/<name>.py`` in Odoo's shell on ``database``.

        :param options: more options of Odoo's command line
        :param arguments: what the script finds in its variable ``ARGUMENTS``; plain JSON
        :returns: what it gave to ``report()``, one item each call
        """
        script = (Path(__file__).parent / "inside" / f"{name}.py").read_text()
        prologue = PROLOGUE.format(root=str(self.project.root), arguments=json.dumps(arguments))
        command = ("shell", "-d", database, "--no-http", *options)
        output = self.call(*command, log=log, script=prologue + script)
        lines = output.splitlines()
        return [json.loads(line[len(MARK) :]) for line in lines if line.startswith(MARK)]

    def remove_filestore(self, database: str) -> None:
        """Forget the attachments of a database that is gone."""
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def _write_files(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self.script.write_text(SCRIPT.format(library=str(self.odoo.library)))
        self.conf.write_text(CONF.format(addons_path=self.addons_path, data_dir=self.data))
        self.conf.chmod(0o600)


def complaints(log: Path, offset: int = 0) -> list[str]:
    """The lines of level WARNING and above in Odoo's ``log`` after the byte ``offset``."""
    with log.open(errors="replace") as handle:
        handle.seek(offset)
        return [line.rstrip("\n") for line in handle if LEVEL.match(line)]


def last_words(log: Path, offset: int = 0) -> str:
    """The most telling line of a failed run's log: its last exception, else its last line.

    :param offset: from which byte on the log speaks of that run
    """
    with log.open(errors="replace") as handle:
        handle.seek(offset)
        lines = [line for line in handle.read().splitlines() if line.strip()]
    raised = [line for line in lines if EXCEPTION.match(line)]
    return (raised or lines or ["it said nothing"])[-1].strip()
