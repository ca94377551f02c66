"""Processes that outlive a command: how they are remembered, recognised and ended."""

import contextlib
import json
import os
import signal
import time
from pathlib import Path
from typing import Any


def start_time(pid: int) -> str | None:
    """When the kernel started ``pid`` (clock ticks since boot), or None when it is gone.

    Together with the number it tells a process from a later one with the same number.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def remember(path: Path, pid: int, **facts: Any) -> None:
    """Write ``pid`` and ``facts`` to the file ``path``, at once or not at all."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"pid": pid, "start": start_time(pid), **facts}))
    temporary.replace(path)


def recall(path: Path) -> dict[str, Any] | None:
    """What was remembered in ``path`` if that process still runs; a stale file is removed."""
    try:
        facts = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        facts = {}
    if facts.get("start") and start_time(facts.get("pid", 0)) == facts["start"]:
        return facts
    path.unlink(missing_ok=True)
    return None


def end(pid: int, patience: float = 30.0) -> None:
    """Ask ``pid`` to stop, wait up to ``patience`` seconds, then kill it."""
    started = start_time(pid)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if started is None or start_time(pid) != started:
                return
            time.sleep(0.1)
