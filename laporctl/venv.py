"""Virtual environments in the cache folder, made of the pinned lists in config/."""

import hashlib
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from .disk import need_room
from .errors import LaporError
from .locks import complete_in_place, held
from .project import Project
from .stage import Stage
from .system import need_package

ROOM_GB = 1.0


def run_venv(project: Project) -> Path:
    """The environment that Odoo and PostgreSQL run in; made when missing."""
    return make_venv(project, "run", "requirements.txt")


def test_venv(project: Project) -> Path:
    """The environment of the tests: what is in ``run``, and the test tools on top of it."""
    return make_venv(project, "test", "requirements-test.txt", below=run_venv(project))


def lint_venv(project: Project) -> Path:
    """The environment of the linters, which needs nothing of Odoo's."""
    return make_venv(project, "lint", "requirements-lint.txt")


def make_venv(project: Project, name: str, lock: str, below: Path | None = None) -> Path:
    """The environment made of the list ``config/<lock>``; built when missing.

    :param below: another environment whose packages are to be seen in this one
    :returns: its folder
    :raises LaporError: when the packages cannot be had
    """
    requirements = project.config / lock
    digest = hashlib.sha256(requirements.read_bytes())
    digest.update(f"{sys.version} {os.path.realpath(sys.executable)} {platform.machine()}".encode())
    digest.update(str(below).encode())
    version = f"py{sys.version_info[0]}.{sys.version_info[1]}"
    target = project.cache / "venv" / f"{name}-{version}-{digest.hexdigest()[:12]}"
    if (target / ".complete").exists():
        return target

    def build(folder: Path) -> None:
        need_room(project.cache, ROOM_GB, "the Python packages")
        if importlib.util.find_spec("ensurepip") is None:
            need_package("python3-venv", "Python's venv module")
        with Stage(f"Python packages ({name})") as stage:
            create(folder)
            if below:
                link = site_packages(folder) / "below.pth"
                link.write_text(f"{site_packages(below)}\n")
            install(folder, requirements, stage)

    return complete_in_place(target, build)


def python_of(venv: Path) -> Path:
    """The interpreter of an environment."""
    return venv / "bin" / "python"


def site_packages(venv: Path) -> Path:
    """The folder of an environment's packages."""
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def create(folder: Path) -> None:
    """Make an empty environment in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-m", "venv", folder],
        capture_output=True,
        text=True,
        check=False,
        pass_fds=held(),
    )
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        raise LaporError(f"cannot make a Python environment in {folder}: {' '.join(last)}")


def install(folder: Path, requirements: Path, stage: Stage) -> None:
    """Install the pinned list ``requirements`` into the environment ``folder``.

    The list is complete, so pip need not look for dependencies.

    :raises LaporError: with the reason and where pip's words are
    """
    total = sum(1 for line in requirements.read_text().splitlines() if re.match(r"[A-Za-z]", line))
    log = folder / "pip.log"
    command = [python_of(folder), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-input", "--progress-bar", "off", "-r", requirements]
    command.append(f"--cache-dir={folder.parent / '.pip'}")
    done = 0
    with (
        log.open("w") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=held(),
        ) as process,
    ):
        for line in process.stdout:
            output.write(line)
            if line.startswith("Collecting"):
                done += 1
                stage.progress(done, total, "packages")
    if process.returncode == 0:
        return
    text = log.read_text()
    if "No space left" in text:
        raise LaporError("no room on disk for the Python packages; free some and run again")
    if re.search(
        r"NewConnectionError|ConnectTimeout|Temporary failure|Max retries|timed out", text
    ):
        raise LaporError(
            "the Python package index does not answer (no network, or a proxy that pip does not "
            f"know); repair it and run again. Details: {log}"
        )
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    raise LaporError(f"pip: {errors[-1][7:] if errors else 'failed'}. Details: {log}")
