"""Files that the user named on the command line; root has opened them for the account."""

import json
import os
import resource
from pathlib import Path
from typing import BinaryIO

from .errors import LaporError

# The descriptor of what root opened for the account: {name of a file: descriptor}, and
# {name of a folder: null}; names are as given, whatever folder the account is in.
HANDED = "LAPOR_HANDED_FILES"
#: What this process has taken over: descriptors by name.
_TAKEN: dict[str, int | None] = {}


def hand(names: list[str]) -> str:
    """Open the files ``names``, and those of the folders among them, for the program that is
    executed next; returns what tells it so."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    handed = {}
    for name in names:
        folder = Path(name).is_dir()
        if folder:
            handed[name] = None
        for path in _inside(name) if folder else [name]:
            if path == "-" or not Path(path).is_file():
                continue
            try:
                handed[path] = os.open(path, os.O_RDONLY)
            except OSError:
                # Too many files, or gone: the account tries by itself, and says so.
                handed[path] = -1
                continue
            os.set_inheritable(handed[path], True)
    # A list of thousands is longer than an environment may be.
    listed = os.memfd_create("files", 0)
    os.set_inheritable(listed, True)
    os.write(listed, json.dumps(handed).encode())
    return str(listed)


def files(names: list[str]) -> list[str]:
    """The files named, and in the place of each folder those in it, in the order of their names.

    :raises LaporError: when a folder has none, or cannot be read
    """
    found, handed = [], _TAKEN
    for name in names:
        below = name.rstrip("/") + "/"
        inside = [path for path in handed if path.startswith(below) and path != name]
        if not inside and name not in handed and Path(name).is_dir():
            inside = _inside(name)
        elif not inside and handed.get(name, "") is not None:
            found.append(name)
            continue
        if not inside:
            raise LaporError(f"there are no files in {name}; name the folder that holds the mails")
        found += inside
    return found


def _inside(folder):
    """The files in a folder and its folders, hidden ones left out."""
    try:
        paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    except OSError as error:
        raise LaporError(f"cannot read {folder}: {error.strerror}") from error
    base = Path(folder)
    return [
        f"{folder.rstrip('/')}/{path.relative_to(base)}"
        for path in paths
        if not any(part.startswith(".") for part in path.relative_to(base).parts)
    ]


def take() -> None:
    """Take over what root has opened. The notice of it ends here: whatever this process starts
    does not have the descriptors, and would read others under their numbers."""
    number = os.environ.pop(HANDED, None)
    if number:
        listed = int(number)
        _TAKEN.clear()
        _TAKEN.update(json.loads(os.pread(listed, os.fstat(listed).st_size, 0)))
        os.close(listed)


def opened(name: str) -> BinaryIO:
    """The file ``name``, opened to be read.

    :raises OSError: when it cannot be
    """
    descriptor = _TAKEN.get(name)
    if descriptor is not None and descriptor >= 0:
        file = os.fdopen(os.dup(descriptor), "rb")
        if file.seekable():
            file.seek(0)
        return file
    return Path(name).open("rb")
