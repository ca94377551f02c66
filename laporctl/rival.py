"""A rival's addons, fetched from the Python package index when a bench runs.

They may have another licence than ours (most are AGPL): they are never part of this repository, nor
of what an office installs; they lie in the cache folder and are loaded into a database apart.
"""

import subprocess
import zipfile
from pathlib import Path

from .locks import complete_in_place
from .project import Project
from .stage import Stage
from .venv import python_of, run_venv


def fetch(project: Project, name: str, packages: tuple[str, ...]) -> tuple[Path | None, str]:
    """The folder with a rival's addons.

    :param name: of the folder in the cache
    :param packages: requirements of pip, such as ``odoo-addon-x>=19.0,<19.1``
    :returns: (folder, versions); (None, the reason) when the packages cannot be had
    """
    target = project.cache / "rival" / name
    try:
        if not (target / ".complete").exists():
            complete_in_place(target, lambda folder: _download(project, folder, packages))
    except OSError as error:
        return None, str(error)
    versions = sorted(path.stem.split("-py")[0] for path in target.glob("*.whl"))
    return target / "odoo" / "addons", ", ".join(versions)


def _download(project: Project, folder: Path, packages: tuple[str, ...]) -> None:
    command = [python_of(run_venv(project)), "-m", "pip", "download", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-d", folder, *packages]
    with Stage(f"the rival ({', '.join(packages)})"):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise OSError((errors or ["pip failed"])[-1].removeprefix("ERROR: "))
        for wheel in folder.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
