"""``mail``: hand messages to the gateway as a mail server's pipe would."""

import argparse
import base64
import sys
from typing import Any

from . import demo
from .commands import need_database, prepare
from .errors import LaporError
from .given import opened
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import say

TAKEN, HELD, FAILED = 0, 1, 2


def mail(project: Project, options: argparse.Namespace) -> int:
    """Give each file to the gateway and print one line about it.

    :returns: 0 when all were taken in, 1 when some were held, 2 when one failed
    """
    messages = [read(name) for name in options.files]
    prepare(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        need_database(pg)
        log = project.state / "mail.log"
        encoded = [base64.b64encode(message).decode() for message in messages]
        results = odoo.run_inside(demo.NAME, "take_mail", log, messages=encoded)
    status = TAKEN
    for name, result in zip(options.files, results, strict=True):
        line, one = outcome(result)
        say(f"{name}: {line}")
        status = max(status, one)
    return status


def read(name: str) -> bytes:
    """The message in the file ``name``, or on standard input for ``-``.

    :raises LaporError: when it cannot be read, or is empty
    """
    try:
        with sys.stdin.buffer if name == "-" else opened(name) as file:
            content = file.read()
    except OSError as error:
        raise LaporError(f"cannot read {name}: {error.strerror}") from error
    if not content.strip():
        raise LaporError(f"{name} is empty")
    return content


def outcome(result: dict[str, Any]) -> tuple[str, int]:
    """What to print about one message, and its exit status.

    :param result: ``status`` (new, reply, note, report, duplicate, held, failed), ``number``
        and ``reason``
    """
    if result["status"] in ("new", "reply", "note", "report"):
        return str(result["number"]), TAKEN
    if result["status"] == "duplicate":
        # A mail that was held before has no number.
        return f"{result['number'] or '–'} — {result['reason']}", TAKEN
    if result["status"] == "held":
        return f"disimpan — {result['reason']}", HELD
    return f"gagal — {result['reason']}", FAILED
