"""Files that the user named on the command line; root has opened them for the account."""

import json
import os
from pathlib import Path
from typing import BinaryIO

# The descriptors of files that root opened for the account, by name.
HANDED = "LAPOR_HANDED_FILES"


def hand(names: list[str]) -> str:
    """Open the files ``names`` for the program that is executed next; returns what tells it so."""
    handed = {}
    for name in names:
        if name != "-" and Path(name).is_file():
            handed[name] = os.open(name, os.O_RDONLY)
            os.set_inheritable(handed[name], True)
    return json.dumps(handed)


def opened(name: str) -> BinaryIO:
    """The file ``name``, opened to be read.

    :raises OSError: when it cannot be
    """
    handed = json.loads(os.environ.get(HANDED) or "{}")
    if name in handed:
        file = os.fdopen(os.dup(handed[name]), "rb")
        if file.seekable():
            file.seek(0)
        return file
    return Path(name).open("rb")
