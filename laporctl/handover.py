"""Root gives way: what runs servers, databases or tests is started anew as the account ``lapor``.

Root fetches and builds what is run (Odoo, the Python packages, Debian's packages), so that the
account cannot change it; everything after that happens as the account, as for any plain user.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from . import account as accounts
from . import given, places
from .errors import LaporError
from .locks import exclusive
from .odoo_tree import find_odoo
from .printing import need_printing
from .project import ROOTS_CACHE, Project
from .stage import say
from .system import apt_install
from .testing import need_browser
from .venv import run_venv, test_venv

# What of a checkout has to be readable to run it.
CODE = ("addons", "config", "docs", "laporctl", "tests", "lapor", "pyproject.toml")
# Says that this process was started again by a Python that the account can reach.
AGAIN = "LAPOR_PYTHON_CHOSEN"
# What would lead the account into root's own folders.
ROOTS_OWN = (
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"),
    *("MAIL", AGAIN),
)


def give_way(project: Project, arguments: list[str], kind: str, files: list[str]) -> int:
    """Run ``./lapor`` with the same arguments as the account, in the place of this process.

    :param kind: what has to be there: ``run``, ``test``, ``browser``, or nothing (empty)
    :param files: names of files that the user gave; root opens them
    :raises LaporError: when the account cannot be had, or reach what it needs
    """
    user, settled = ready(project, kind)
    environment = environment_of(user, settled)
    environment[given.HANDED] = given.hand(files)
    command = command_of(settled, arguments)
    sys.stdout.flush()
    os.chdir(settled.root)
    accounts.become(user)
    os.execve(command[0], command, environment)


def as_child(project: Project, arguments: list[str], kind: str) -> tuple[int, Project]:
    """The same in a child, where root has something to do afterwards.

    :returns: its exit status, and the project as the child saw it
    """
    user, settled = ready(project, kind)
    sys.stdout.flush()
    done = subprocess.run(
        command_of(settled, arguments),
        cwd=settled.root,
        env=environment_of(user, settled),
        preexec_fn=lambda: accounts.become(user),
        check=False,
    )
    return done.returncode, settled


def ready(project: Project, kind: str) -> tuple[pwd.struct_passwd, Project]:
    """The account, and the project as it is to see it, with everything there that it needs."""
    # what root builds here is code, which the account has to read
    os.umask(0o022)
    user = accounts.ensure_account()
    if not accounts.as_account(user, lambda: True):
        raise LaporError(
            f"root does not run servers and cannot become the account {user.pw_name} here; "
            "run ./lapor as a plain user"
        )
    need_reachable_python(user)
    return user, settle(project, user, kind)


def command_of(settled: Project, arguments: list[str]) -> list[str]:
    """The command line that the account runs."""
    return [sys.executable, str(settled.root / "lapor"), *arguments]


def settle(project: Project, user: pwd.struct_passwd, kind: str) -> Project:
    """Make everything ready that the account needs; returns the project as it is to see it."""
    cache = project.cache
    if not accounts.passes(user, cache):
        if kind:
            say(f"The account {user.pw_name} cannot reach {cache}; {ROOTS_CACHE} is used instead.")
        cache = ROOTS_CACHE
    # lint may have made them under another umask
    for folder in (cache, *(cache / name for name in places.CODE)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    project = Project(root=project.root, state=project.state, cache=cache)
    with exclusive(cache / ".settle.lock", "waiting for another command of root's"):
        places.take_over_cache(Path.home() / ".cache" / "lapor", cache)
        for name in places.DATA:
            places.hand_over(cache / name, user)
        state = settle_state(project, user)
        root = readable(project.root, cache, user, CODE)
        if os.environ.get("LAPOR_ODOO_HOME"):
            home = Path(os.environ["LAPOR_ODOO_HOME"]).expanduser().absolute()
            os.environ["LAPOR_ODOO_HOME"] = str(readable(home, cache, user, ("odoo",)))
    if kind:
        find_odoo(project)
        run_venv(project)
        need_printing()
    if kind in ("test", "browser"):
        test_venv(project)
    if kind == "browser":
        need_browser()
    return Project(root=root, state=state, cache=cache)


def settle_state(project: Project, user: pwd.struct_passwd) -> Path:
    """The state folder, which is the account's: where it was, or below the account's home."""
    state = project.state
    places.need_ours(state, user)
    if not accounts.passes(user, state):
        if state.is_dir() and os.lstat(state).st_uid == 0:
            places.end_servers(state)
        better = accounts.HOME / key_of(state)
        if not better.exists():
            say(f"The account {user.pw_name} cannot reach {state}; {better} is used instead.")
        if state.is_dir() and not better.exists():
            better.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            shutil.move(state, better)
        state = better
    elif state.is_dir() and os.lstat(state).st_uid == 0:
        places.end_servers(state)
    places.hand_over(state, user)
    return state


def readable(folder: Path, cache: Path, user: pwd.struct_passwd, names: tuple[str, ...]) -> Path:
    """``folder`` if the account can read it, else a copy of it in the cache that it can."""
    if accounts.reads(user, folder, names):
        return folder
    target = cache / "readable" / key_of(folder)
    return places.copy_for_reading(folder, target, user)


def key_of(folder: Path) -> str:
    """A name for what belongs to ``folder``: its own and eight hex digits of its path."""
    name = folder.parent.name if folder.name.startswith(".") else folder.name
    return f"{name}-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"


def need_reachable_python(user: pwd.struct_passwd) -> None:
    """Go on with a Python that the account can run, if this one is out of its reach.

    :raises LaporError: when there is none
    """
    if runs(user, sys.executable):
        return
    if not os.environ.get(AGAIN):
        names = [f"/usr/bin/python3.{minor}" for minor in (11, 12, 13, 10)]
        found = [name for name in names if Path(name).exists()]
        if not found and shutil.which("apt-get"):
            apt_install(("python3", "python3-venv"))
            found = [name for name in names if Path(name).exists()]
        for name in found:
            if runs(user, name):
                os.environ[AGAIN] = "1"
                os.execv(name, [name, *sys.orig_argv[1:]])
    raise LaporError(
        f"root runs its servers as the account {user.pw_name}, which cannot reach "
        f"{os.path.realpath(sys.executable)}; install Debian's python3, or run ./lapor as a plain "
        "user"
    )


def runs(user: pwd.struct_passwd, python: str) -> bool:
    """Whether the account can run this Python, with the parts that are most often missing."""
    try:
        done = subprocess.run(
            [python, "-c", "import ctypes, hashlib, ssl, zlib"],
            cwd="/",
            preexec_fn=lambda: accounts.become(user),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def environment_of(user: pwd.struct_passwd, project: Project) -> dict[str, str]:
    """The environment of a command that runs as the account."""
    kept = {name: value for name, value in os.environ.items() if name not in ROOTS_OWN}
    folders = [Path(one) for one in kept.get("PATH", "").split(os.pathsep) if one]
    path = os.pathsep.join(str(one) for one in folders if accounts.passes(user, one))
    temporary = kept.get("TMPDIR")
    if temporary and not accounts.passes(user, Path(temporary)):
        del kept["TMPDIR"]
    return {
        **kept,
        "PATH": path,
        "HOME": str(project.state),
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "LAPOR_STATE": str(project.state),
        "LAPOR_CACHE": str(project.cache),
    }
