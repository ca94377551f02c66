"""``verify``: whether the evidence in a database holds, chain by chain."""

import argparse
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
    """Verify all chains and anchors of a database, and name every broken link.

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
        [result] = odoo.run_inside(name, "verify_events", log, anchor=options.anchor or "")
    lines, status = told(result, options.anchor)
    say("\n".join(lines))
    return status


def told(result: dict[str, Any], anchor: str | None = None) -> tuple[list[str], int]:
    """What to print, and the exit status.

    :param result: as of ``lapor.event._verify``, with ``anchor_known`` (whether ``anchor`` was
        found among the anchors)
    """
    lines = [one["sentence"] for one in result["broken"]]
    if anchor and not result["anchor_known"]:
        lines.append(f"The anchor {anchor} is not in this database: its evidence was replaced.")
    status = BROKEN if lines else HOLDS
    verdict = "broken" if lines else "every chain holds"
    lines.append(f"{result['events']} events of {result['complaints']} complaints: {verdict}.")
    if result["anchor"]:
        lines.append(f"Newest anchor, {result['anchored_at']} UTC: {result['anchor']}")
        lines.append("Keep it elsewhere; later ask: ./lapor verify --anchor FINGERPRINT")
    else:
        lines.append("Nothing is anchored yet: events cut off at the end would not show.")
    return lines, status
