"""``roles``: the page docs/peran.md, made of the addons' tables of roles."""

import argparse
import csv
from pathlib import Path

from .addons import our_addons
from .errors import LaporError
from .project import Project
from .stage import say

PAGE = "docs/peran.md"
HEAD = """\
# Peran dan hak akses

<!-- Ditulis oleh ./lapor roles dari security/roles.csv setiap addon. Ubahlah tabel itu, bukan
halaman ini. -->

Siapa boleh melakukan apa. Tabel ini juga menjadi dasar pengujian: setiap sel diuji sebagai pengguna
dengan peran itu. Hak mengikuti jabatan: siapa yang memangku jabatan memperoleh hak perannya, dan
kehilangannya bersama jabatan itu.

Di atas hak ini masih ada penjaga yang berlaku bagi semua orang: kedudukan aduan hanya berubah
dengan mengerjakan langkahnya, berkas aduan hanya dibuat oleh langkah, SOP yang berlaku tidak dapat
diubah, dan aduan tidak pernah dihapus.
"""


def roles(project: Project, options: argparse.Namespace) -> int:
    """Write the page, or (``--check``) tell whether it is up to date.

    :returns: 0; 1 when it is not up to date
    """
    path = project.root / PAGE
    text = page(project)
    fresh = path.exists() and path.read_text() == text
    if options.check:
        say(f"{PAGE} is up to date." if fresh else f"{PAGE} is out of date: ./lapor roles")
        return 0 if fresh else 1
    path.write_text(text)
    say(f"{PAGE} is written.")
    return 0


def page(project: Project) -> str:
    """The page as Markdown.

    :raises LaporError: when a line does not fit the legend
    """
    legend = _legend(project.addons / "lapor_base" / "security" / "roles_legend.csv")
    people, operations = legend["role"], legend["operation"]
    text = HEAD
    letters = ", ".join(f"**{key}** {name}" for key, (name, _more) in operations.items())
    text += f"\nHuruf dalam tabel: {letters}, **–** tidak ada hak.\n"
    text += "\n## Peran\n\n" + _table(("Peran", "Siapa"), people.values())
    text += "\n## Lingkup\n\n" + _table(("Lingkup", "Artinya"), legend["scope"].values())
    for addon in our_addons(project):
        rows = _rows(project.addons / addon / "security" / "roles.csv", legend)
        if rows:
            head = ("Data", "Lingkup", *(name for name, _more in people.values()))
            text += f"\n## `{addon}`\n\n" + _table(head, rows)
    return text


def _legend(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    legend: dict[str, dict[str, tuple[str, str]]] = {}
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            legend.setdefault(row["kind"], {})[row["key"]] = (row["name"], row["explanation"])
    return legend


def _rows(path: Path, legend: dict[str, dict[str, tuple[str, str]]]) -> list[tuple[str, ...]]:
    if not path.exists():
        return []
    with path.open(newline="") as handle:
        lines = list(csv.DictReader(handle))
    rows = []
    for number, line in enumerate(lines, 2):
        if line["scope"] not in legend["scope"] or None in line or None in line.values():
            raise LaporError(f"{path}, line {number}: unknown scope or a wrong number of columns")
        rights = (line[role].replace("-", "–") for role in legend["role"])
        what = f"{line['what']} (`{line['model']}`)"
        rows.append((what, legend["scope"][line["scope"]][0], *rights))
    return rows


def _table(head, rows) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
