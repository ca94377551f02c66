"""Files that root makes ready for the account ``lapor``: folders of its own, and copies to read."""

import os
import pwd
import shutil
from pathlib import Path

from . import processes
from .errors import LaporError
from .locks import exclusive, umask
from .stage import say

# What a copy of a checkout does without.
LEFT_OUT = {".git", ".lapor", "__pycache__", "node_modules"}
# Parts of the cache that hold data of databases, and parts that hold code, which stays root's.
DATA = ("demo", "template", "rival", "run")
CODE = ("odoo", "readable", "venv")


def need_ours(folder: Path, account: pwd.struct_passwd) -> None:
    """Make sure that a state folder may be given away with all in it: before anything is touched.

    :raises LaporError: when ./lapor cannot have made it, whatever the user named
    """
    if folder.is_symlink():
        raise LaporError(f"{folder} is a link; set LAPOR_STATE to the folder itself")
    if not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner == account.pw_uid:
        return
    if owner != 0:
        raise LaporError(
            f"{folder} belongs to {name_of(owner)}; run ./lapor as that user, or choose another "
            "folder with LAPOR_STATE"
        )
    if folder.parent == Path(folder.anchor) or not is_ours(folder):
        raise LaporError(
            f"{folder} is not empty, and no state folder of ./lapor; set LAPOR_STATE to a new one"
        )


def is_ours(folder: Path) -> bool:
    """Whether ``folder`` is empty, or holds what ./lapor itself says is kept there."""
    if folder.name == ".lapor" or not any(folder.iterdir()):
        return True
    conf = folder / "odoo.conf"
    return conf.is_file() and f"data_dir = {folder / 'odoo-data'}\n" in conf.read_text()


def hand_over(folder: Path, account: pwd.struct_passwd) -> None:
    """Make ``folder`` the account's own, with all in it, and closed to everybody else.

    It must be known to be one of ours: see :func:`need_ours`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != 0:
        return
    if any(folder.iterdir()):
        say(f"{folder} belonged to root; it is given to the account {account.pw_name}.")
    _give(folder, account)
    # last: who is killed before begins anew
    folder.chmod(0o700)
    os.chown(folder, account.pw_uid, account.pw_gid)


def _give(folder: Path, account: pwd.struct_passwd) -> None:
    mine = os.lstat(folder).st_uid
    for entry in list(os.scandir(folder)):
        # what is root's in somebody else's folder was linked there by that somebody
        if mine not in (0, entry.stat(follow_symlinks=False).st_uid):
            continue
        if entry.is_dir(follow_symlinks=False):
            _give(Path(entry.path), account)
        os.chown(entry.path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def end_servers(state: Path) -> None:
    """End what an older ./lapor started as root (Odoo) or as nobody (PostgreSQL)."""
    if not (state / "postgres.users").exists():
        return
    facts = processes.recall(state / "server.pid")
    if facts:
        say(f"The server that ran as root (process {facts['pid']}) is ended.")
        processes.end(facts["pid"])
    with exclusive(state / "postgres.users", "waiting for a command that was started as root"):
        data = state / "postgres-18"
        try:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            if Path(f"/proc/{pid}/cwd").resolve() == data.resolve():
                processes.end(pid)
        except (FileNotFoundError, ValueError, IndexError):
            return


def name_of(uid: int) -> str:
    """The name of a user, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def copy_for_reading(source: Path, target: Path, account: pwd.struct_passwd) -> Path:
    """Bring ``target`` up to date as a copy of ``source`` that the account can read, not change."""
    target.mkdir(mode=0o750, parents=True, exist_ok=True)
    kept = set()
    for path, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        here = target / os.path.relpath(path, source)
        here.mkdir(exist_ok=True)
        os.chown(here, 0, account.pw_gid)
        here.chmod(0o750)
        for name in files:
            file = Path(path, name)
            if file.exists():
                _copy_file(file, here / name, account)
                kept.add(here / name)
        kept.update(here / name for name in folders)
    for path, folders, files in os.walk(target, topdown=False):
        for name in files:
            if Path(path, name) not in kept:
                Path(path, name).unlink()
        for name in folders:
            if Path(path, name) not in kept:
                Path(path, name).rmdir()
    return target


def _copy_file(source: Path, target: Path, account: pwd.struct_passwd) -> None:
    facts = source.stat()
    if target.exists():
        there = target.stat()
        if (there.st_size, there.st_mtime_ns) == (facts.st_size, facts.st_mtime_ns):
            return
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.copy2(source, temporary)
    os.chown(temporary, 0, account.pw_gid)
    temporary.chmod(0o750 if facts.st_mode & 0o100 else 0o640)
    temporary.replace(target)


def take_over_cache(old: Path, new: Path) -> None:
    """Link or copy what is worth it from root's old cache folder, where the account cannot go."""
    if not old.is_dir() or old == new:
        return
    for source in (*old.glob("odoo/odoo-*"), *old.glob("venv/.pip")):
        target = new / source.relative_to(old)
        if target.exists() or source.is_symlink():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.tmp-old")
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(source, temporary, symlinks=True, copy_function=link_readable)
        open_folders(temporary)
        temporary.rename(target)
    for name in ("template", "demo"):
        # as long as the new folder is still root's: see hand_over
        if (old / name).is_dir() and not (new / name).exists():
            shutil.copytree(old / name, new / name, symlinks=True)


def open_folders(tree: Path) -> None:
    """Give every folder of ``tree`` the mode that a new one would have."""
    mode = 0o777 & ~umask()
    for path, _folders, _files in os.walk(tree):
        Path(path).chmod(mode)


def link_readable(source: str, target: str) -> None:
    """Hard-link a file that everybody may read; otherwise, or on another disk, copy it."""
    try:
        if os.lstat(source).st_mode & 0o004:
            os.link(source, target, follow_symlinks=False)
            return
    except OSError:
        pass
    shutil.copyfile(source, target)
    Path(target).chmod(0o644)
