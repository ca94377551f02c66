"""Reads an SOP document as plain text, and compares it with the stored SOP.

The three founding documents are kept as text beside their tests, with tabs between the
cells of a table. This reader knows nothing of the data files: what it finds in the text
must be found, word for word, in the database.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from babel.dates import format_date

SECTIONS = {
    "dasar hukum": "legal_basis",
    "kualifikasi pelaksana": "qualification",
    "keterkaitan": "relation",
    "peralatan/perlengkapan": "equipment",
    "peringatan": "warning",
    "pencatatan dan pendataan": "recording",
}
HEADINGS = {
    "no": "number",
    "aktivitas": "name",
    "uraian prosedur": "name",
    "input": "input",
    "persyaratan/kelengkapan": "requirement",
    "kelengkapan": "requirement",
    "waktu": "allowance",
    "waktu (menit)": "allowance",
    "output": "output",
    "keterangan": "remark",
    "ket": "remark",
}
_LABEL = re.compile(r"(\d+\.?|[a-z]\.) (.+)", re.DOTALL)


@dataclass
class SopDocument:
    """What stands in one document, as printed.

    ``rows`` holds one dict per step: number, name, input, requirement, allowance, output,
    remark, and ``notes``: words inside actor cells as (column heading, words).
    """

    heading: list = field(default_factory=list)
    header: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    table_heading: str = ""
    actors: list = field(default_factory=list)
    allowance_heading: str = ""
    rows: list = field(default_factory=list)
    total: str = ""
    footnote: str = ""
    signature: list = field(default_factory=list)


def read_document(path):
    """Read one document.

    :param path: path of the text file
    :rtype: SopDocument
    """
    text = Path(path).read_text(encoding="utf-8").replace("**", "")
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    starts = [i for i, line in enumerate(lines) if line.split("\t")[0] in ("No", "No.")]
    start = starts[0]
    end = start
    while end < len(lines) and "\t" in lines[end]:
        end += 1
    document = SopDocument()
    _read_head(document, deque(lines[:start]))
    _read_table(document, [line.split("\t") for line in lines[start:end]])
    for line in lines[end:]:
        if line.startswith("Keterangan:"):
            document.footnote = line
        elif line != "(Signature)":  # where the signature itself was
            document.signature.append(line.strip())
    return document


def _section(words):
    return SECTIONS.get(words.strip().rstrip(":").strip().casefold())


def _read_head(document, lines):
    # The last line before the table is the table's heading, unless it belongs to a list.
    if "\t" not in lines[-1] and not _LABEL.match(lines[-1].lstrip(" -")):
        document.table_heading = lines.pop().strip()
    section = None
    while lines:
        line = lines.popleft()
        cells = line.split("\t")
        if len(cells) == 2 and all(map(_section, cells)):
            for title, words in zip(cells, lines.popleft().split("\t"), strict=True):
                document.lines += [(_section(title), *item) for item in _items(words)]
        elif len(cells) == 2:
            document.header[cells[0]] = cells[1]
        elif _section(line):
            section = _section(line)
        elif section:
            document.lines.append((section, *_item(line)))
        else:
            document.heading.append(line.strip())


def _item(line):
    """One line of a list as (label, text); the dash before it is not printed."""
    words = re.sub(r"^- ", "", line.strip())
    match = _LABEL.fullmatch(words)
    return match.groups() if match else ("", words)


def _items(words):
    """A cell with a whole list ("1. one 2. two") as pairs of (label, text)."""
    found, number = [], 1
    while words.startswith(f"{number}. "):
        rest = words.removeprefix(f"{number}. ")
        text, mark, tail = rest.partition(f" {number + 1}. ")
        found.append((f"{number}.", text))
        words = f"{number + 1}. {tail}" if mark else ""
        number += 1
    return found + ([("", words)] if words else [])


def _read_table(document, table):
    width = len(table[0])
    heads = [table[0]]
    rest = deque(table[1:])
    while not rest[0][0]:
        heads.append(rest.popleft())
    if rest[0][:2] == ["1", "2"]:  # the columns' own numbers
        rest.popleft()
    groups, blocks = _spread(heads[0]), _spread(heads[1])
    leaves = [next((head[i] for head in reversed(heads) if head[i]), "") for i in range(width)]
    names, actors = {}, {}
    for i, leaf in enumerate(leaves):
        if groups[i] == "Pelaksana":
            actors[i] = leaf
            document.actors.append((blocks[i] if len(heads) > 2 else "", leaf))
        else:
            key = re.sub(r"\s*/\s*", "/", leaf).rstrip(".").casefold()
            names[HEADINGS[key]] = i
    document.allowance_heading = leaves[names["allowance"]]
    for row in rest:
        row = row + [""] * (width - len(row))
        if not row[0] and not row[1]:
            document.total = row[names["allowance"]]
            continue
        cells = {name: row[i] for name, i in names.items()}
        cells["notes"] = [(leaf, row[i]) for i, leaf in actors.items() if row[i]]
        cells.setdefault("input", "")
        document.rows.append(cells)


def _spread(head):
    """Headings that span several columns, repeated in each of them."""
    spread, last = [], ""
    for cell in head:
        last = cell or last
        spread.append(last)
    return spread


def stored_rows(sop):
    """The steps of a stored SOP, in the shape of :attr:`SopDocument.rows`."""
    return [
        {
            "number": step.number or "",
            "name": step.name,
            "input": step.input or "",
            "requirement": step.requirement or "",
            "allowance": step.allowance_printed or "",
            "output": step.output or "",
            "remark": step.remark or "",
            "notes": [(step.actor_note_actor_id.name, step.actor_note)] if step.actor_note else [],
        }
        for step in sop.step_ids.sorted("sequence")
    ]


def stored_lines(sop):
    """The header texts of a stored SOP, in the shape of :attr:`SopDocument.lines`."""
    order = list(SECTIONS.values())
    lines = sop.line_ids.sorted(lambda line: (order.index(line.section), line.sequence))
    return [(line.section, line.label or "", line.text) for line in lines]


def stored_actors(sop):
    """The actor columns of a stored SOP, in the shape of :attr:`SopDocument.actors`."""
    return [(actor.block or "", actor.name) for actor in sop.actor_ids.sorted("sequence")]


def stored_arrows(sop):
    """The arrows of a stored SOP: (place of the step, kind, place of the next step or the
    outcome, what it demands besides the step's own kind, whether it needs a reason)."""
    place = {step: i for i, step in enumerate(sop.step_ids.sorted("sequence"), 1)}
    return [
        (
            place[arrow.step_id],
            arrow.kind,
            place.get(arrow.to_step_id) or arrow.outcome,
            sorted(arrow.demand_ids.mapped("code")),
            arrow.requires_note,
        )
        for step in place
        for arrow in step.transition_ids.sorted("sequence")
    ]


def stored_doers(sop):
    """Who does each step of a stored SOP, and what completes it: (kind, phase, role,
    other role, where the role is looked up)."""
    return [
        (
            step.kind,
            step.phase,
            step.role_id.code,
            step.alternative_role_id.code,
            step.scope,
        )
        for step in sop.step_ids.sorted("sequence")
    ]


def printed_date(date):
    """A date as the documents print it ("12 Juni 2020"); "" for none."""
    return format_date(date, "d MMMM y", locale="id") if date else ""


def unreached(sop):
    """Steps of a stored SOP that no way leads to, and steps that no way leads on from."""
    forth, back = {}, {}
    for arrow in sop.transition_ids:
        forth.setdefault(arrow.step_id, []).append(arrow.to_step_id)
        back.setdefault(arrow.to_step_id, []).append(arrow.step_id)
    end = sop.env["lapor.sop.step"]  # arrows with an outcome lead to no step
    reached = _walk(sop.step_ids.sorted("sequence")[:1], forth)
    finishing = _walk(end, back)
    return [step for step in sop.step_ids if step not in reached or step not in finishing]


def _walk(start, ways):
    seen, todo = [start], [start]
    while todo:
        for step in ways.get(todo.pop(), ()):
            if step not in seen:
                seen.append(step)
                todo.append(step)
    return seen


class SopDocumentChecks:
    """What every stored SOP must hold against its document; mixed into a test case.

    The test case sets ``sop``, ``document`` and ``addon``, and calls the checks from its
    own test methods.
    """

    maxDiff = None

    def check_header(self):
        document, sop = self.document, self.sop
        header = document.header
        self.assertEqual((sop.heading or "").split("\n"), document.heading)
        self.assertEqual(sop.name, header["Nama SOP"])
        self.assertEqual(sop.number or "", header["Nomor SOP"])
        self.assertEqual(printed_date(sop.date_created), header["Tanggal Pembuatan"])
        self.assertEqual(printed_date(sop.date_revised), header["Tanggal Revisi"])
        effective = header.get("Tanggal Efektif", header.get("Tanggal Pengesahan"))
        self.assertEqual(printed_date(sop.date_effective), effective)
        self.assertEqual(sop.table_heading or "", document.table_heading)
        self.assertEqual(sop.allowance_heading, document.allowance_heading)
        self.assertEqual(sop.footnote or "", document.footnote)
        self.assertEqual(stored_lines(sop), document.lines)

    def check_table(self):
        self.assertEqual(stored_actors(self.sop), self.document.actors)
        self.assertEqual(len(self.sop.step_ids), len(self.document.rows))
        for stored, printed in zip(stored_rows(self.sop), self.document.rows, strict=True):
            self.assertEqual(stored, printed)
        for step in self.sop.step_ids:
            words = f"{step.allowance_printed} {self.sop.allowance_heading}"
            unit = "minute" if "menit" in words else "working_day"
            self.assertEqual(step.allowance_amount, int(words.split()[0]))
            self.assertEqual(step.allowance_unit, unit)

    def check_runs(self):
        """In force, kept from upgrades, walkable, and somebody to do every step."""
        sop = self.sop
        self.assertEqual(sop.state, "active")
        self.assertFalse([oddity for oddity in sop._get_oddities() if oddity["blocking"]])
        self.assertFalse(unreached(sop))
        self.assertTrue(sop.unit_id.alias_name)
        parts = self.env["ir.model.data"].search(
            [("module", "=", self.addon), ("model", "=like", "lapor.%")]
        )
        self.assertTrue(parts)
        self.assertFalse(parts.filtered(lambda part: not part.noupdate).mapped("name"))
        offices = self.env["lapor.unit"].search([("id", "child_of", sop.unit_id.id)])
        here = offices.position_ids.role_id
        for actor in sop.actor_ids:
            self.assertTrue(actor.role_id, actor.name)
            self.assertTrue(actor.scope != "managing" or actor.role_id in here, actor.name)
        for step in sop.step_ids:
            self.assertTrue(step.actor_id, step.name)
            roles = step.role_id | step.alternative_role_id
            self.assertTrue(step.scope != "managing" or roles & here, step.name)

    def check_revision(self):
        """The next version begins as the same document."""
        revision = self.env["lapor.sop"].browse(self.sop.action_revise()["res_id"])
        self.assertEqual(stored_rows(revision), stored_rows(self.sop))
        self.assertEqual(stored_lines(revision), stored_lines(self.sop))
        self.assertEqual(stored_actors(revision), stored_actors(self.sop))
        self.assertEqual(stored_arrows(revision), stored_arrows(self.sop))
        self.assertFalse(revision.step_ids.actor_note_actor_id.sop_id - revision)

    def check_oddities(self, codes):
        self.assertEqual([oddity["code"] for oddity in self.sop._get_oddities()], codes)
