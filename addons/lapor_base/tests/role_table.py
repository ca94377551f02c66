"""The table of roles (``security/roles.csv`` of each addon), for the tests made of it."""

import csv
from collections import defaultdict
from pathlib import Path

from odoo.modules.module import get_module_path

# Who stands for each role of the table: attributes of ``PapersCase``.
PEOPLE = {
    "intake": ("operator",),
    "coordinator": ("head",),
    "handler": ("opd_admin", "opd_head", "engineer"),
    "outsider": ("outsider",),
    "inspector": ("inspector",),
    "overseer": ("overseer",),
    "administrator": ("administrator",),
    "employee": ("employee",),
    "portal": ("portal",),
    "public": ("public",),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Which case a scope means; a paper without a line for it follows its case.
CASES = ("case", "new", "secret", "anonymous", "misconduct")
ADD_A_LINE = (
    "Add the line “%s,<scope>,<what it is, in Indonesian>,…” to security/roles.csv of its addon, "
    "with what each role may do (r w c u, or -). The scopes are in "
    "lapor_base/security/roles_legend.csv; a paper of a case has the scope “case”. Then run "
    "./lapor roles, which writes docs/peran.md."
)


def read_rights(folders):
    """Read the tables of addons.

    :param folders: paths of the addons; those without a table count as empty ones
    :returns: {(model, scope): {role: operations}}, operations as letters, "" for none
    :raises ValueError: for a line that stands twice or is not as long as the head
    """
    table = {}
    for folder in folders:
        path = folder / "security" / "roles.csv"
        if not path.exists():
            continue
        with path.open(newline="") as handle:
            head, *rows = csv.reader(handle)
        for row in rows:
            rights = dict(zip(head, row, strict=True))
            key = rights.pop("model"), rights.pop("scope")
            if key in table:
                raise ValueError(f"{path}: {key} stands twice")
            rights.pop("what")
            table[key] = {role: letters.strip("-") for role, letters in rights.items()}
    return table


def rights_in(table, model, scope):
    """What each role may do with a model in a kind of case: its own line, or, for a paper, what
    the line of its case allows to whoever reads the case there.

    :rtype: dict[str, str]
    """
    if (model, scope) in table:
        return table[model, scope]
    general = table[model, "case"]
    case = table.get(("lapor.complaint", scope), table["lapor.complaint", "case"])
    if model == "lapor.complaint":
        return case
    readers = {role for role, letters in case.items() if letters}
    # Papers are written by acts, so that reading is all there is to follow.
    reading = "r" if any("r" in letters for letters in general.values()) else ""
    return {role: reading if role in readers else "" for role in general}


def read_legend():
    """The words of the table.

    :returns: {"role", "scope" or "operation": set of keys}
    """
    legend = defaultdict(set)
    path = Path(get_module_path("lapor_base"), "security", "roles_legend.csv")
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            legend[row["kind"]].add(row["key"])
    return legend
