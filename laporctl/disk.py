"""Room on disk."""

import shutil
from pathlib import Path

from .errors import LaporError


def need_room(folder: Path, gigabytes: float, what: str) -> None:
    """Make sure that ``folder``'s disk has ``gigabytes`` (10⁹ bytes) free, for ``what``.

    :raises LaporError: saying how much there is
    """
    existing = folder
    while not existing.exists():
        existing = existing.parent
    free = shutil.disk_usage(existing).free / 1e9
    if free < gigabytes:
        raise LaporError(
            f"{what} needs {gigabytes:.1f} GB on the disk of {folder} and {free:.1f} GB are free; "
            "make room, or set XDG_CACHE_HOME (Odoo) or LAPOR_STATE (databases) to another disk"
        )


def disk_full(folder: Path) -> bool:
    """Whether ``folder``'s disk has no room for a database server to start (a log of 16 MB)."""
    return shutil.disk_usage(folder).free < 20e6
