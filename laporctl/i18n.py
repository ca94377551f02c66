"""``i18n``: the addons' terms, exported from the code as it is now and merged into id.po."""

import argparse

from .addons import our_addons
from .commands import prepare
from .odoo import Installation
from .postgres import server
from .project import Project
from .stage import Stage, say
from .table import table
from .tested import ensure_installed


def i18n(project: Project, options: argparse.Namespace) -> int:
    """Write i18n/<addon>.pot and i18n/id.po of each addon; existing translations stay.

    :returns: 0 when every term is translated, else 1
    """
    prepare(project)
    addons = our_addons(project)
    with server(project) as pg:
        odoo = Installation(project, pg)
        name = ensure_installed(odoo)
        log = project.state / "i18n.log"
        with Stage("export of the terms"):
            found = odoo.run_inside(
                name, "export_terms", log, addons=addons, folder=str(project.addons)
            )
    rows = [
        (item["addon"], *(str(item[key]) for key in ("terms", "new", "dropped", "untranslated")))
        for item in found
    ]
    say(table(("Addon", "Terms", "New", "Dropped", "Untranslated"), rows))
    return 1 if any(item["untranslated"] for item in found) else 0
