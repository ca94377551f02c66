"""The Odoo server of this checkout: started, waited for, stopped."""

import contextlib
import ipaddress
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from . import demo, passwords, processes
from .errors import LaporError
from .odoo import Installation, last_words
from .postgres import Postgres
from .project import Project
from .stage import Stage, say
from .system import need_free_port

# Seconds that a start may take: the first one compiles every Python file of Odoo's.
PATIENCE = 180
LISTEN, PORT = "127.0.0.1", 8069
# Bytes after which the log of the next start begins anew; the one before is kept.
LARGEST_LOG = 20_000_000


def pidfile(project: Project) -> Path:
    """Where the running server is remembered."""
    return project.state / "server.pid"


def running(project: Project) -> dict[str, Any] | None:
    """What is known of the running server: pid, listen, port, url, log; None if there is none."""
    return processes.recall(pidfile(project))


def start(odoo: Installation, listen: str, port: int) -> subprocess.Popen[bytes]:
    """Start the server in its own session and wait until it answers and its pages are warm.

    :raises LaporError: when the port is taken, the server dies, or strangers could log in
    """
    need_free_port(listen, port)
    need_private(odoo.pg, listen)
    log = odoo.project.state / "odoo.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name("odoo.log.1"))
    with Stage("start of Odoo"):
        # why it ended the last time may be asked later
        begun = log.stat().st_size if log.exists() else 0
        with log.open("a") as output:
            process = subprocess.Popen(
                odoo.command(
                    "-d",
                    demo.NAME,
                    "--db-filter",
                    f"^{re.escape(demo.NAME)}$",
                    "--http-interface",
                    listen,
                    "--http-port",
                    str(port),
                ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=odoo.pg.env(),
                start_new_session=True,
                pass_fds=() if odoo.pg.hold is None else (odoo.pg.hold,),
            )
        url = address(listen, port)
        facts = {"listen": listen, "port": port, "url": url, "log": str(log)}
        processes.remember(pidfile(odoo.project), process.pid, **facts)
        try:
            wait(process, url, log, begun)
            warm(url)
        except BaseException:
            processes.end(process.pid)
            pidfile(odoo.project).unlink(missing_ok=True)
            raise
    return process


def address(listen: str, port: int) -> str:
    """The address for a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(listen, listen)
    return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{port}"


def need_private(pg: Postgres, listen: str, demo_comes: bool = False) -> None:
    """Make sure that no password that everybody knows is served beyond this machine.

    :param demo_comes: whether the database is still to be made, with demo data
    :raises LaporError: naming the ways out
    """
    if is_loopback(listen):
        return
    if demo_comes or demo.has_demo(pg):
        raise LaporError(
            f"everybody knows the passwords of the demo users, so they are not served at {listen}; "
            "serve a database without them, for example: LAPOR_DB=office ./lapor run --no-demo "
            f"--listen {listen}"
        )
    login = passwords.known(pg, demo.NAME)
    if login:
        raise LaporError(
            f"the password of the user {login} is the login, so it is not served at {listen}; "
            f"let that user change it first, at {LISTEN}"
        )


def is_loopback(listen: str) -> bool:
    """Whether ``listen``, an address or a name, is reached from this machine alone."""
    try:
        found = socket.getaddrinfo(listen or None, 0, flags=socket.AI_PASSIVE)
        addresses = [ipaddress.ip_address(one[4][0].partition("%")[0]) for one in found]
    except (OSError, ValueError):
        return False
    return bool(addresses) and all(address.is_loopback for address in addresses)


def wait(process: subprocess.Popen[bytes], url: str, log: Path, begun: int = 0) -> None:
    """Wait until ``url`` answers that it and its database are well.

    :param begun: from which byte on ``log`` speaks of this start
    :raises LaporError: when the server dies or takes too long
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise LaporError(f"Odoo does not start: {last_words(log, begun)}. Details: {log}")
        with contextlib.suppress(OSError):
            if fetch(f"{url}/web/health?db_server_status=1"):
                return
        time.sleep(0.3)
    raise LaporError(f"Odoo does not answer within {PATIENCE} s. Details: {log}")


def warm(url: str) -> None:
    """Ask for the login page and all that it loads, so that the first visitor does not wait.

    :raises LaporError: when a part of the page is missing
    """
    try:
        page = fetch(f"{url}/web/login")
        for part in sorted(set(re.findall(r'(?:href|src)="(/web/assets/[^"]+)"', page))):
            fetch(url + part)
    except OSError as error:
        raise LaporError(f"the login page does not load: {error}") from error


def fetch(url: str) -> str:
    """The text at ``url``, past any proxy: it is on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=120) as answer:
        return answer.read().decode(errors="replace")


def stop(project: Project) -> bool:
    """Stop the running server; returns whether there was one."""
    facts = running(project)
    if not facts:
        return False
    with Stage("stop of Odoo"):
        processes.end(facts["pid"])
        pidfile(project).unlink(missing_ok=True)
    return True


def stay(process: subprocess.Popen[bytes], project: Project) -> int:
    """Wait in the foreground until the server ends or the user interrupts; returns a status."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        status = process.wait()
    except KeyboardInterrupt:
        say()
        stop(project)
        return 0
    pidfile(project).unlink(missing_ok=True)
    say(f"Odoo has ended with status {status}; its log is {project.state / 'odoo.log'}")
    return 1 if status else 0
