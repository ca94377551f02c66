"""The command line of ``./lapor``: its sub-commands, and one line for every failure."""

import argparse
import contextlib
import errno
import os
import sys
from pathlib import Path

from . import bench as bench_command
from . import commands, given, handover, i18n, places, serve, testing
from . import lint as lint_command
from . import mail as mail_command
from . import roles as roles_command
from . import verify as verify_command
from .errors import LaporError
from .project import Project
from .system import is_root

# What a command that root gave needs before it goes on as an account of less right; those that are
# not named do not run a server, and stay with whoever gave them.
NEEDS = {
    "run": "run",
    "stop": "",
    "status": "",
    "update": "run",
    "reset": "run",
    "shell": "run",
    "mail": "run",
    "test": "browser",
    "bench": "test",
    "i18n": "run",
    "verify": "run",
}


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(prog="./lapor", description="Odoo 19 with Lapor, in one command.")
    subs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    run = subs.add_parser("run", help="fetch what is missing, then serve the demo database")
    run.add_argument("--port", type=port, help=f"default {serve.PORT}")
    run.add_argument("--listen", metavar="ADDRESS", help=f"default {serve.LISTEN}")
    run.add_argument("--no-demo", action="store_true", help="a new database has no demo data")
    run.add_argument("--detach", action="store_true", help="return once the server answers")
    run.set_defaults(work=commands.run)

    stop = subs.add_parser("stop", help="stop the server")
    stop.set_defaults(work=commands.stop)

    status = subs.add_parser("status", help="tell what runs; exit status 3 if nothing does")
    status.set_defaults(work=commands.status)

    update = subs.add_parser("update", help="upgrade the addons after a change of the code")
    update.set_defaults(work=commands.update)

    reset = subs.add_parser("reset", help="delete the demo database and make it anew")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.add_argument("--no-demo", action="store_true", help="the new one has no demo data")
    reset.set_defaults(work=commands.reset)

    shell = subs.add_parser("shell", help="Odoo's shell on the demo database")
    shell.add_argument("file", nargs="?", help="a script to run; - for standard input")
    shell.set_defaults(work=commands.shell)

    mail = subs.add_parser("mail", help="give e-mail messages to the gateway")
    mail.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="raw messages, or folders of them; - is standard input",
    )
    mail.add_argument("--json", action="store_true", help="one line of JSON for each message")
    mail.set_defaults(work=mail_command.mail)

    test = subs.add_parser(
        "test",
        help="run the tests",
        epilog="Other arguments go to pytest (paths, -k, -x, …).",
        allow_abbrev=False,
    )
    test.add_argument("--quick", action="store_true", help="without the browser tests")
    test.set_defaults(work=testing.test, pytest_args=[])

    bench = subs.add_parser(
        "bench",
        help="measure what the program costs, beside its rivals",
        epilog=bench_command.describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    bench.add_argument("name", choices=bench_command.NAMES, help="what to measure")
    bench.add_argument("--size", type=bench_command.size, metavar="N", help="complaints for an act")
    bench.add_argument(
        "--fuzz", action="store_true", help="mail: hand over mails damaged at random"
    )
    bench.set_defaults(work=bench_command.bench)

    terms = subs.add_parser("i18n", help="write the addons' .pot and bring their id.po up to date")
    terms.set_defaults(work=i18n.i18n)

    verify = subs.add_parser(
        "verify", help="verify the evidence: exit status 1 if anything is broken"
    )
    verify.add_argument("database", nargs="?", help="default: the demo database")
    verify.add_argument(
        "--anchor", metavar="FINGERPRINT", help="one that was kept elsewhere: it must be there"
    )
    verify.set_defaults(work=verify_command.verify)

    roles = subs.add_parser("roles", help="write docs/peran.md from the addons' tables of roles")
    roles.add_argument("--check", action="store_true", help="only tell whether it is up to date")
    roles.set_defaults(work=roles_command.roles)

    lint = subs.add_parser("lint", help="run the linters")
    lint.add_argument("--fix", action="store_true", help="mend what they can mend")
    lint.set_defaults(work=lint_command.lint)
    return top


def port(text: str) -> int:
    """A TCP port from the command line."""
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return number


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit status."""
    given.take()
    options, rest = parser().parse_known_args(arguments)
    if options.command == "test":
        options.pytest_args = rest
    elif rest:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return work(Project.here(), options, arguments)
    except LaporError as error:
        print(f"lapor: {error}.", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("\nlapor: interrupted; run the same command again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # whoever read our output (head, less) has gone; the interpreter must not try once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"lapor: {told(error)}.", file=sys.stderr)
        return 2


def told(error: OSError) -> str:
    """What the system refused, with the way out."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "no room on disk; free some and run again"
    path = Path(os.fsdecode(error.filename)) if error.filename else None
    if path is None or error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
        where = f" ({path})" if path else ""
        return f"the system says: {error.strerror or error}{where}"
    ways = (
        "set LAPOR_STATE (databases) or XDG_CACHE_HOME (Odoo) to a folder that you may write to, "
        "or have this one given to you"
    )
    if error.errno == errno.EROFS:
        return f"{path} cannot be written, its disk is read-only; {ways}"
    return f"no right to use {path}{owned_by(path)}; {ways}"


def owned_by(path: Path) -> str:
    """Whose ``path`` is, or the folder above that can be asked."""
    for one in (path, *path.parents):
        try:
            return f" ({one} belongs to {places.name_of(one.stat().st_uid)})"
        except OSError:
            continue
    return ""


def work(project: Project, options: argparse.Namespace, arguments: list[str]) -> int:
    """Do the command's work, after giving way to an account of less right if root gave it."""
    needs = NEEDS.get(options.command)
    if needs is None:
        return options.work(project, options)
    if is_root():
        if options.command == "test" and options.quick:
            needs = "test"
        if options.command == "i18n":
            return i18n.as_account(project, arguments, needs)
        files = getattr(options, "files", None) or [getattr(options, "file", None) or "-"]
        # What another program reads on standard output has nothing else in it.
        aside = sys.stderr if getattr(options, "json", False) else sys.stdout
        with contextlib.redirect_stdout(aside):
            return handover.give_way(project, arguments, needs, files)
    # databases, complaints, logs: nobody else's business
    os.umask(0o077)
    return options.work(project, options)
