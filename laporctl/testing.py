"""``test``: pytest over the addons' tests and tests/, on databases of its own."""

import argparse
import json
import os
import shutil
import subprocess

from . import database, tested
from .commands import prepare
from .locks import exclusive, held
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import say
from .system import apt_install
from .venv import python_of, test_venv

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

# Each takes half a gigabyte of memory and, at times, a browser.
WORKERS = 4


def test(project: Project, options: argparse.Namespace) -> int:
    """Install the addons into a fresh database and run the tests on a copy of it.

    :returns: pytest's exit status; 1 when only the installation complained
    """
    prepare(project)
    venv = test_venv(project)
    reason = no_browser(options.quick)
    with (
        server(project) as pg,
        exclusive(project.state / "test.lock", "waiting for another test run of this checkout"),
    ):
        odoo = Installation(project, pg)
        installed = tested.ensure_installed(odoo)
        name = tested.working_copy(odoo, installed)
        workers = number_of_workers(project, options.pytest_args)
        names = [name]
        try:
            command = odoo_pytest(odoo, name, options.pytest_args)
            if workers > 1:
                names += [tested.working_copy(odoo, installed, f"gw{n}") for n in range(workers)]
                command += ["--numprocesses", str(workers), "--dist", "loadscope"]
                command += ["--no-loadscope-reorder"]
            command[0] = str(python_of(venv))
            environment = {
                **pg.env(),
                "PYTHONPATH": f"{odoo.odoo.library}{os.pathsep}{project.root}",
                "LAPOR_TEST_ADMIN": json.dumps(pg.admin),
                "LAPOR_NO_BROWSER": reason,
                "LAPOR_QUICK": "1" if options.quick else "",
            }
            status = wait(
                subprocess.Popen(command, cwd=project.root, env=environment, pass_fds=held())
            )
        finally:
            for name in names:
                database.discard(odoo, name)
        lines = tested.unexpected(odoo)
    if reason:
        say(f"BROWSER TESTS WERE SKIPPED: {reason}")
    if lines:
        tested.tell(lines)
    return status or (1 if lines else 0)


def odoo_pytest(odoo: Installation, name: str, arguments: list[str]) -> list[str]:
    """The command line of pytest on the database ``name``; its first word is the interpreter.

    :param arguments: the user's; when they name a path (with a slash) it replaces all of ours
    """
    project = odoo.project
    command = ["python", "-m", "pytest", "-p", "laporctl.pytest_plugin", "--odoo-http"]
    command += ["--odoo-config", str(odoo.conf), "--odoo-database", name]
    command += ["-o", f"cache_dir={project.state / 'pytest'}", *arguments]
    if not names_paths(project, arguments):
        paths = [*sorted(project.addons.glob("*/tests")), project.root / "tests"]
        command += [str(path.relative_to(project.root)) for path in paths if path.is_dir()]
    return command


def names_paths(project: Project, arguments: list[str]) -> bool:
    """Whether the user's arguments for pytest say which files to run."""
    words = [argument.split("::")[0] for argument in arguments if not argument.startswith("-")]
    # a word after -k may be the name of a folder as well, but hardly a path with a slash
    return any("/" in word and (project.root / word).exists() for word in words)


def number_of_workers(project: Project, arguments: list[str]) -> int:
    """How many processes share the tests: one where the user chose files or wants to look on."""
    looks_on = {"--pdb", "-s", "--capture=no", "-p"} & set(arguments)
    if names_paths(project, arguments) or looks_on:
        return 1
    return min(os.cpu_count() or 1, WORKERS)


def no_browser(quick: bool) -> str:
    """Why there are no browser tests; empty when there are."""
    if quick:
        return "--quick leaves them out"
    if any(map(shutil.which, BROWSERS)):
        return ""
    return "there is no browser and only root may install one: apt-get install chromium"


def need_browser() -> None:
    """Install Chromium where there is no browser; root does, before it gives way."""
    if not any(map(shutil.which, BROWSERS)) and shutil.which("apt-get"):
        apt_install(("chromium",))


def wait(process: subprocess.Popen[bytes]) -> int:
    """The exit status of ``process``; an interruption is its own business, too."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
