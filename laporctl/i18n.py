"""``i18n``: the addons' terms, exported from the code as it is now and merged into id.po."""

import argparse
import os
import shutil
from pathlib import Path

from . import handover
from .addons import our_addons
from .commands import prepare
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import Stage, say
from .table import table
from .tested import ensure_installed

# Says that whoever started this command takes the files over; they may not be ours to write.
LEFT = "LAPOR_TERMS_LEFT"


def i18n(project: Project, options: argparse.Namespace) -> int:
    """Write i18n/<addon>.pot and i18n/id.po of each addon; existing translations stay.

    :returns: 0 when every term is translated, else 1
    """
    prepare(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        found = export(odoo, ensure_installed(odoo))
    if not os.environ.get(LEFT):
        take_over(project, project.state)
    rows = [
        (item["addon"], *(str(item[key]) for key in ("terms", "new", "dropped", "untranslated")))
        for item in found
    ]
    say(table(("Addon", "Terms", "New", "Dropped", "Untranslated"), rows))
    return 1 if any(item["untranslated"] for item in found) else 0


def export(odoo: Installation, name: str) -> list[dict]:
    """Write the terms of the database ``name`` below the state folder, merged with what is there.

    :returns: for each addon its name and numbers of terms
    """
    project = odoo.project
    addons = our_addons(project)
    folder = terms_folder(project.state)
    shutil.rmtree(folder, ignore_errors=True)
    for addon in addons:
        (folder / addon).mkdir(parents=True)
        old = project.addons / addon / "i18n" / "id.po"
        if old.exists():
            (folder / addon / "i18n").mkdir()
            shutil.copyfile(old, folder / addon / "i18n" / "id.po")
    with Stage("export of the terms"):
        return odoo.run_inside(
            name, "export_terms", project.state / "i18n.log", addons=addons, folder=str(folder)
        )


def terms_folder(state: Path) -> Path:
    """Where the terms are written first."""
    return state / "i18n"


def take_over(project: Project, state: Path) -> None:
    """Bring the written terms from the state folder into the addons."""
    for addon in our_addons(project):
        for name in (f"{addon}.pot", "id.po"):
            written = terms_folder(state) / addon / "i18n" / name
            target = project.addons / addon / "i18n" / name
            # root takes over what an account of less right has written: never through a link
            if written.resolve() == written.absolute() and written.is_file():
                text = written.read_bytes()
                if not target.exists() or target.read_bytes() != text:
                    target.parent.mkdir(mode=0o755, exist_ok=True)
                    target.write_bytes(text)
                    target.chmod(0o644)


def as_account(project: Project, arguments: list[str], needs: str) -> int:
    """The same as root: the account writes the terms, root brings them into the checkout."""
    os.environ[LEFT] = "1"
    status, settled = handover.as_child(project, arguments, needs)
    if status in (0, 1):
        take_over(project, settled.state)
    return status
