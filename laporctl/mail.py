"""``mail``: hand messages to the gateway as a mail server's pipe would."""

import argparse
import base64
import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from . import demo, given
from .commands import need_database, prepare
from .errors import LaporError
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import say

TAKEN, HELD, FAILED = 0, 1, 2
#: Bytes of messages that are handed over at once.
BATCH = 32 * 1024**2
# What became of a message: the word for machines, that for people, the exit status.
FATES = {
    "new": ("new", "aduan baru", TAKEN),
    "reply": ("reply", "pesan pelapor pada aduannya", TAKEN),
    "note": ("note", "catatan internal", TAKEN),
    # What a mail server says of a mail of ours is noted at that mail.
    "report": ("note", "laporan pengiriman", TAKEN),
    "duplicate": ("known", "", TAKEN),
    "held": ("held", "disimpan", HELD),
    "failed": ("refused", "gagal", FAILED),
}


def mail(project: Project, options: argparse.Namespace) -> int:
    """Give each file, and each file of each folder, to the gateway and print one line about it.

    :returns: 0 when all were taken in, 1 when some were held, 2 when one failed
    :raises LaporError: when a folder has no files
    """
    names = given.files(options.files)
    # Only the lines about the messages are on standard output: another program reads them.
    quiet = contextlib.redirect_stdout(sys.stderr) if options.json else contextlib.nullcontext()
    status = TAKEN
    with contextlib.ExitStack() as stack:
        with quiet:
            prepare(project)
            pg = stack.enter_context(server(project))
            odoo = Installation(project, pg)
            need_database(pg)
        for batch in batches(names):
            with quiet:
                results = hand_over(project, odoo, batch)
            for name, result in results:
                line, one = outcome(result)
                say(json_line(name, result) if options.json else f"{name}: {line}")
                status = max(status, one)
    return status


def batches(names: list[str]) -> Iterator[list[tuple[str, bytes | str]]]:
    """The messages in these files, some at a time: pairs of the file's name and its bytes, or the
    sentence that says why it cannot be read."""
    batch, size = [], 0
    for name in names:
        try:
            content = read(name)
        except LaporError as error:
            content = str(error)
        batch.append((name, content))
        size += len(content)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def hand_over(project, odoo, batch) -> list[tuple[str, dict[str, Any]]]:
    """Give a batch to the gateway; pairs of name and result."""
    messages = [content for _name, content in batch if isinstance(content, bytes)]
    encoded = [base64.b64encode(message).decode() for message in messages]
    log = project.state / "mail.log"
    taken = iter(odoo.run_inside(demo.NAME, "take_mail", log, messages=encoded) if encoded else ())
    return [
        (
            name,
            next(taken) if isinstance(content, bytes) else {"status": "failed", "reason": content},
        )
        for name, content in batch
    ]


def read(name: str) -> bytes:
    """The message in the file ``name``, or on standard input for ``-``.

    :raises LaporError: when it cannot be read, or is empty
    """
    try:
        with sys.stdin.buffer if name == "-" else given.opened(name) as file:
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
    _word, said, status = FATES[result["status"]]
    if result["status"] in ("held", "failed"):
        return f"{said} — {result['reason']}", status
    # A mail that was held before has no number.
    return f"{result['number'] or '–'} — {said or result['reason']}", status


def json_line(name: str, result: dict[str, Any]) -> str:
    """One message as a line of JSON.

    ``file``, ``result`` (new, reply, note, held, known, refused), ``reason`` and ``rule`` of what
    held it, ``number`` of its complaint, ``title`` and ``text`` that it says, and the names of its
    ``attachments``; null or empty where there is none.
    """
    return json.dumps(
        {
            "file": name,
            "result": FATES[result["status"]][0],
            "reason": result.get("reason") or None,
            "rule": result.get("rule") or None,
            "number": result.get("number") or None,
            "title": result.get("title") or None,
            "text": result.get("text") or None,
            "attachments": result.get("files") or [],
        },
        ensure_ascii=False,
    )
