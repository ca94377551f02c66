"""Locks between processes, and folders that are either complete or not there.

All locks are ``flock``: the kernel drops them when their holder dies, however it dies. A child
that works under a lock gets it, too (``pass_fds=held()``): should its parent be killed, the next
run waits for the orphan instead of working against it.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .stage import say

_held: list[int] = []


def held() -> tuple[int, ...]:
    """The descriptors of the locks that this process holds alone."""
    return tuple(_held)


@contextlib.contextmanager
def exclusive(path: Path, waiting: str = "") -> Iterator[None]:
    """Hold the lock file ``path`` alone; if another process has it, say ``waiting`` and wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        _held.append(handle.fileno())
        try:
            yield
        finally:
            _held.remove(handle.fileno())


def shared(path: Path) -> int:
    """Take a shared lock on ``path`` and return its open file descriptor.

    The lock lasts as long as the descriptor is open here or in a child that got it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextlib.contextmanager
def if_unused(path: Path) -> Iterator[bool]:
    """Yield whether nobody holds a shared lock on ``path``; nobody can take one meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def complete_folder(target: Path, build: Callable[[Path], None]) -> Path:
    """Return ``target``, after building it if it is not there yet.

    It is built beside its place and renamed when it is finished, so a killed build
    leaves only a folder that the next one throws away.

    :param build: fills the empty folder that it is given
    """
    with exclusive(lock_of(target), f"waiting for another run that prepares {target.name}"):
        if target.is_dir():
            return target
        for stale in target.parent.glob(f".{target.name}.tmp-*"):
            shutil.rmtree(stale, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.tmp-", dir=target.parent))
        # mkdtemp closes it to everybody; the umask says who may see it
        temporary.chmod(0o777 & ~umask())
        try:
            build(temporary)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def complete_in_place(target: Path, build: Callable[[Path], None]) -> Path:
    """The same for a folder that knows its own path (a venv) and cannot be renamed.

    A file ``.complete``, written last, tells a finished folder from a killed build.
    """
    with exclusive(lock_of(target), f"waiting for another run that prepares {target.name}"):
        if not (target / ".complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            build(target)
            (target / ".complete").touch()
    return target


def umask() -> int:
    """This process's file mode creation mask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def lock_of(target: Path) -> Path:
    """The lock file that guards the building of ``target``."""
    return target.parent / f".{target.name}.lock"
