"""The databases of the tests: one with our addons freshly installed, and a copy to work on."""

from pathlib import Path

from . import database
from .addons import fingerprint, our_addons
from .errors import LaporError
from .odoo import Installation, complaints
from .stage import Stage, say
from .template import ensure_template

# Lines of the installation's log that are no fault of ours: (part of the logger's name, part of
# the message). Each needs a reason.
ALLOWED: tuple[tuple[str, str], ...] = ()


def install_log(odoo: Installation) -> Path:
    """The log of the installation that the tests run on."""
    return odoo.project.state / "test-install.log"


def ensure_installed(odoo: Installation) -> str:
    """The name of a database with our addons as they are now, without demo data.

    It is kept until a file of an addon changes, and then made anew: that takes little more than
    an upgrade, and leaves no trace of what the code was before.

    :raises LaporError: when an addon cannot be installed
    """
    name = f"lapor_tested_{odoo.project.short_id}"
    template = ensure_template(odoo)
    made_of = f"{template} {fingerprint(odoo.project)}"
    log = install_log(odoo)
    if (
        database.exists(odoo.pg, name)
        and log.exists()
        and database.remark(odoo.pg, name) == made_of
    ):
        return name
    addons = our_addons(odoo.project)
    if not addons:
        raise LaporError("there are no addons to test in addons/")
    temporary = f"lapor_untested_{odoo.project.short_id}"
    with Stage(f"test database ({', '.join(addons)})"):
        log.write_text("")
        database.copy(odoo, template, temporary)
        # nothing in it has to survive a power cut
        database.query(odoo.pg, f'ALTER DATABASE "{temporary}" SET synchronous_commit = off')
        options = ("-i", ",".join(addons), "--stop-after-init", "--no-http")
        odoo.call("-d", temporary, *options, log=log)
        # A page that waits for its scripts to be put together holds up its whole test.
        odoo.run_inside(temporary, "build_assets", log, tests=True)
        database.set_remark(odoo.pg, temporary, made_of)
        database.finish(odoo, temporary, name)
    return name


def working_copy(odoo: Installation, source: str, worker: str = "") -> str:
    """A copy of the database ``source`` that tests may change; replaces the last run's.

    :param worker: name of the process that works on it, where there are several
    """
    name = f"lapor_test_{odoo.project.short_id}" + (f"_{worker}" if worker else "")
    database.copy(odoo, source, name)
    database.query(odoo.pg, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    return name


def unexpected(odoo: Installation) -> list[str]:
    """The installation's warnings and errors that are not allowed."""
    return [
        line
        for line in complaints(install_log(odoo))
        if not any(logger in line and text in line for logger, text in ALLOWED)
    ]


def tell(lines: list[str]) -> None:
    """Print what the installation complained about."""
    say()
    say("The installation of the addons logged what it must not:")
    for line in lines:
        say(f"  {line}")
