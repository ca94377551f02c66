"""``verify``: whether the evidence in a database holds, row by row."""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import database, demo
from .commands import need_database, prepare
from .errors import LaporError
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import say

HOLDS, BROKEN = 0, 1


def verify(project: Project, options: argparse.Namespace) -> int:
    """Verify all evidence of a database, and name everything that is broken.

    :returns: 0 when all holds, 1 when something is broken
    :raises LaporError: when there is no such database
    """
    prepare(project)
    with server(project) as pg:
        name = options.database or demo.NAME
        if options.database and not database.exists(pg, name):
            raise LaporError(f"there is no database {name}")
        if not options.database:
            need_database(pg)
        odoo = Installation(project, pg)
        log = project.state / "verify.log"
        progress = project.state / "verify.progress"
        progress.unlink(missing_ok=True)
        with telling(progress):
            [result] = odoo.run_inside(
                name,
                "verify_events",
                log,
                anchor=options.anchor or "",
                progress=str(progress),
            )
    lines, status = told(result, options.anchor)
    say("\n".join(lines))
    return status


@contextmanager
def telling(progress: Path, every: float = 1.0) -> Iterator[None]:
    """Tell on a terminal what a long run is at, line by line of a file that it writes."""
    done = threading.Event()

    def follow() -> None:
        told_lines = 0
        while not done.wait(every):
            lines = progress.read_text().splitlines() if progress.exists() else []
            for kind in lines[told_lines:]:
                print(f"  {kind} …", file=sys.stderr, flush=True)
            told_lines = len(lines)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def told(result: dict[str, Any], anchor: str | None = None) -> tuple[list[str], int]:
    """What to print, and the exit status.

    :param result: as of ``lapor.event._verify``, with ``anchor_known`` (when the anchor with the
        fingerprint ``anchor`` was made, or False)
    """
    lines = [one["sentence"] for one in result["broken"]]
    if anchor and not result["anchor_known"]:
        lines.append(f"The anchor {anchor} is not in this database: its evidence was replaced.")
    status = BROKEN if lines else HOLDS
    verdict = f"broken in {len(lines)} places" if lines else "everything holds"
    lines += [f"{number:>8} {kind}" for kind, number in result["checked"] if number]
    if result["recorded"]:
        lines.append(
            f"{result['recorded']} of them are older than 19.0.1.3.0: they are proved from the "
            "upgrade on, as it found them."
        )
    if result["skipped"]:
        lines.append(
            f"{result['skipped']} numbers of complaints were given to none: an intake that failed "
            "skips one."
        )
    if anchor and result["anchor_known"] and status == HOLDS:
        lines.append(
            f"All that was recorded until {result['anchor_known']} UTC is what that fingerprint "
            "was made of."
        )
    lines.append(f"{result['events']} events of {result['complaints']} complaints: {verdict}.")
    if result["anchor"]:
        lines.append(f"Newest anchor, {result['anchored_at']} UTC: {result['anchor']}")
        lines.append("Keep it elsewhere; later ask: ./lapor verify --anchor FINGERPRINT")
    else:
        lines.append("Nothing is anchored yet: events cut off at the end would not show.")
    return lines, status
