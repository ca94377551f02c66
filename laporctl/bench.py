"""``bench``: what the program costs, measured beside its rivals by whoever wants to see it.

Each bench is a module of ``laporctl.benches`` with ``HELP``, ``SIZE`` and ``run(bench)``; it asks
for databases of its own, runs scripts in Odoo's shell on them (``inside/``) and gives figures back.
"""

import argparse
import datetime
import importlib
import json
import os
import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import database, tested
from .commands import prepare
from .locks import exclusive
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import Stage, say
from .table import table
from .venv import test_venv

NAMES = ("acts", "fuzz", "growth", "mail", "reports", "sla", "year")


def bench(project: Project, options: argparse.Namespace) -> int:
    """Run one bench, print its figures and keep them in the state folder.

    :returns: 0, or 1 when the bench found something wrong
    """
    module = load(options.name)
    prepare(project)
    with (
        server(project) as pg,
        exclusive(project.state / "bench.lock", "waiting for another bench of this checkout"),
    ):
        # Some benches live on what the tests are made of, which needs the tests' packages.
        odoo = Installation(project, pg, test_venv(project))
        run = Bench(options.name, odoo, options.size or module.SIZE, options.fuzz)
        try:
            module.run(run)
        finally:
            run.clean()
        run.keep()
    return 1 if run.wrong else 0


def load(name: str) -> Any:
    """The module of a bench."""
    return importlib.import_module(f".benches.{name}", __package__)


class Bench:
    """One run of a bench: its databases, and what it found.

    :param size: how many complaints each act is measured with
    :param fuzz: damaged mails instead of costs (bench ``mail``)
    """

    def __init__(self, name: str, odoo: Installation, size: int, fuzz: bool = False):
        self.name, self.odoo, self.size, self.fuzz = name, odoo, size, fuzz
        self.log = odoo.project.state / f"bench-{name}.log"
        self.log.write_text("")
        self.wrong: list[str] = []
        self._databases: list[str] = []
        self._found: dict[str, list[dict[str, Any]]] = {}

    def copied(self, source: str, kind: str) -> str:
        """A database of this bench's own, a copy of ``source``; gone when the bench ends."""
        name = f"lapor_bench_{kind}_{self.odoo.project.short_id}"
        database.copy(self.odoo, source, name)
        database.query(self.odoo.pg, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        self._databases.append(name)
        return name

    def ours(self) -> str:
        """A database with our addons as they are now."""
        return self.copied(tested.ensure_installed(self.odoo), "ours")

    def measure(
        self, who: str, name: str, script: str, options: tuple[str, ...] = (), **arguments: Any
    ) -> list[dict[str, Any]]:
        """Run a script in Odoo's shell on the database ``name``; keep the figures it reports.

        :param who: whose figures these are, for the table
        :param options: more options of Odoo's command line
        :returns: dicts with ``act``, ``count``, ``queries``, ``seconds``, ``note``; one with
            ``wrong`` says what must not be
        """
        with Stage(f"{who}: {script}"):
            return self.note(
                who,
                self.odoo.run_inside(name, script, self.log, options=options, **arguments),
            )

    def measure_all(self, who: str, script: str, jobs: dict[str, dict[str, Any]]) -> None:
        """As ``measure``, for several databases, as many at a time as there are processors.

        :param jobs: database to the script's arguments
        """
        with (
            Stage(f"{who}: {script}, {len(jobs)} times"),
            ThreadPoolExecutor(os.cpu_count()) as pool,
        ):
            running = [
                pool.submit(self.odoo.run_inside, name, script, self.log, **arguments)
                for name, arguments in jobs.items()
            ]
            for one in running:
                self.note(who, one.result())

    def note(self, who: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keep what a script reported; returns the figures in it."""
        self.wrong += [item["wrong"] for item in found if "wrong" in item]
        figures = [item for item in found if "act" in item]
        self._found.setdefault(who, []).extend(figures)
        return figures

    def show(self) -> None:
        """Print a line for each act, with the figures of everybody beside each other."""
        acts = list(dict.fromkeys(item["act"] for found in self._found.values() for item in found))
        head = ["Act"]
        for who in self._found:
            head += [f"{who}: number", "queries", "each", "seconds", ""]
        rows = []
        for act in acts:
            row = [act]
            for found in self._found.values():
                row += cells(next((item for item in found if item["act"] == act), None))
            rows.append(row)
        say(table(head, rows))
        for sentence in self.wrong:
            say(f"WRONG: {sentence}")

    def keep(self) -> None:
        """Write the figures, and on what they were measured, to ``bench/<name>.json``."""
        folder = self.odoo.project.state / "bench"
        folder.mkdir(exist_ok=True)
        version = database.query(self.odoo.pg, "SHOW server_version")[0][0]
        facts = {
            "bench": self.name,
            "size": self.size,
            "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "odoo": self.odoo.odoo.key,
            "postgresql": version,
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "figures": self._found,
            "wrong": self.wrong,
        }
        path: Path = folder / f"{self.name}.json"
        path.write_text(json.dumps(facts, indent=2) + "\n")
        say(f"Kept in {path}")

    def clean(self) -> None:
        """Drop the databases."""
        for name in self._databases:
            database.discard(self.odoo, name)


def cells(item: dict[str, Any] | None) -> list[str]:
    """One side's cells of an act; empty where it has none."""
    if item is None:
        return ["", "", "", "", ""]
    count, queries = item.get("count"), item.get("queries")
    each = f"{queries / count:.2f}" if count and queries is not None else ""
    seconds = item.get("seconds")
    return [
        str(count if count is not None else ""),
        str(queries if queries is not None else ""),
        each,
        f"{seconds:.2f}" if seconds is not None else "",
        item.get("note", ""),
    ]


def size(text: str) -> int:
    """A number of complaints from the command line."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def describe() -> str:
    """The benches there are, a line each."""
    return "\n".join(f"  {name:6} {load(name).HELP}" for name in NAMES)
