"""The account ``lapor``: what root becomes before a server, a database or a test is run.

It is a system account without a shell, a password or any right beyond its own files.
"""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path

from .errors import LaporError

NAME = "lapor"
HOME = Path("/var/lib/lapor")
# of prctl(2): neither a program with the setuid bit nor file capabilities give rights back
PR_SET_NO_NEW_PRIVS = 38


def ensure_account() -> pwd.struct_passwd:
    """The account ``lapor``; made as a system account when it is missing.

    :raises LaporError: when it cannot be made, or is no unprivileged one
    """
    try:
        account = pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--home-dir", str(HOME)]
        command += ["--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            words = done.stderr.strip()
        except OSError as error:
            words = str(error)
        try:
            # another command may have been quicker
            account = pwd.getpwnam(NAME)
        except KeyError:
            raise LaporError(
                f"root does not run servers, and the account {NAME} for them cannot be made "
                f"({words}); make it, or run ./lapor as a plain user"
            ) from None
    if account.pw_uid == 0:
        raise LaporError(f"the account {NAME} of this machine is root; run ./lapor as a plain user")
    return account


def become(account: pwd.struct_passwd) -> None:
    """Give up root for good in this process: user, groups and every capability.

    :raises OSError: when the kernel does not allow it, or leaves a right
    """
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if rights():
        raise PermissionError("this root keeps its rights as another user")


def rights(pid: int | str = "self") -> int:
    """The capabilities a process has or can have: permitted, effective and ambient, as bits."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sets = [line.split()[1] for line in lines if line.startswith(("CapPrm", "CapEff", "CapAmb"))]
    return int(sets[0], 16) | int(sets[1], 16) | int(sets[2], 16)


def as_account(account: pwd.struct_passwd, question: Callable[[], bool]) -> bool:
    """Whether ``question`` is answered with yes by a child that has become the account.

    Asking the kernel leaves nothing out: modes, access lists, mounts.
    """
    child = os.fork()
    if child == 0:
        try:
            become(account)
            os._exit(0 if question() else 1)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def passes(account: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the account may pass through ``folder``, or through what there is of its path."""
    while not folder.exists():
        folder = folder.parent
    return as_account(account, lambda: os.access(folder, os.X_OK))


def reads(account: pwd.struct_passwd, folder: Path, names: tuple[str, ...]) -> bool:
    """Whether the account can read every file below the parts ``names`` of ``folder``."""

    def all_of_it() -> bool:
        for name in names:
            part = folder / name
            if part.is_file():
                part.open("rb").close()
                continue
            for path, _folders, files in os.walk(part, onerror=fail):
                for file in (Path(path, name) for name in files):
                    # a link to nothing is not what is asked about
                    if file.exists():
                        file.open("rb").close()
        return True

    return as_account(account, all_of_it)


def fail(error: OSError) -> None:
    """What ``os.walk`` is to do with a folder that it cannot read."""
    raise error
