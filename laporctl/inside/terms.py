"""Terms to translate: exported from a database, merged with the translations there are.

Imported inside Odoo (by ``./lapor i18n`` and by the test of the translations), where polib is.
"""

import io
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "MIME-Version": "1.0",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")


def exported(env, addon: str) -> polib.POFile:
    """The template of ``addon``, as its code and data are in the database of ``env``."""
    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    template = polib.pofile(buffer.getvalue().decode())
    template.metadata = dict(HEADER)
    for entry in template:
        entry.occurrences.sort()
    template.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return template


def read(path: Path) -> polib.POFile:
    """The translations in the file ``path``; none when it is missing."""
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def everyday() -> dict[str, str]:
    """Odoo's own translations of the words that every model has (Created on, Followers, …)."""
    known: dict[str, str] = {}
    for addon in ("mail", "base"):
        for entry in read(Path(get_module_path(addon), "i18n", "id.po")).translated_entries():
            if any(name.startswith("model:ir.model.fields") for name, _line in entry.occurrences):
                known[entry.msgid] = entry.msgstr
    return known


def merged(template: polib.POFile, old: polib.POFile, words: dict[str, str]) -> polib.POFile:
    """``template``'s terms with ``old``'s translations; new ones get ``words``'s or stay empty.

    A fuzzy translation is a guess of somebody's and does not count as one.
    """
    known = {
        entry.msgid: entry.msgstr
        for entry in old
        if entry.msgstr and not entry.obsolete and not entry.fuzzy
    }
    known = {**words, **known}
    new = polib.POFile(wrapwidth=78)
    new.metadata = {**HEADER, "Language": "id", "Plural-Forms": "nplurals=1; plural=0;"}
    for entry in template:
        new.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=entry.flags,
            )
        )
    return new


def faults(template: polib.POFile, translations: polib.POFile) -> list[str]:
    """What keeps ``translations`` from being complete, one sentence each."""
    wanted = {entry.msgid for entry in template}
    present = {entry.msgid: entry for entry in translations if not entry.obsolete}
    found = [f"missing: {term!r}" for term in sorted(wanted - present.keys())]
    found += [f"no longer used: {term!r}" for term in sorted(present.keys() - wanted)]
    found += [f"obsolete: {entry.msgid!r}" for entry in translations.obsolete_entries()]
    for term in sorted(wanted & present.keys()):
        entry = present[term]
        if entry.fuzzy:
            found.append(f"fuzzy: {term!r}")
        elif not entry.msgstr:
            found.append(f"untranslated: {term!r}")
        elif sorted(PLACEHOLDER.findall(term)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            found.append(f"other placeholders: {term!r} and {entry.msgstr!r}")
    return found
