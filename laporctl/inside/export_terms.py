"""Run in Odoo's shell: write every addon's .pot and id.po.

``ARGUMENTS``: ``addons`` (names), ``folder`` (where they are). Reports for each addon ``addon``
and the numbers of its ``terms``, ``new``, ``dropped`` and ``untranslated`` ones.
"""

from pathlib import Path

from laporctl.inside.terms import everyday, exported, merged, read

words = everyday()
for addon in ARGUMENTS["addons"]:
    folder = Path(ARGUMENTS["folder"], addon, "i18n")
    template = exported(env, addon)
    if not len(template):
        continue
    folder.mkdir(exist_ok=True)
    template.save(str(folder / f"{addon}.pot"))
    old = read(folder / "id.po")
    new = merged(template, old, words)
    new.save(str(folder / "id.po"))
    before = {entry.msgid for entry in old if not entry.obsolete}
    after = {entry.msgid for entry in new}
    report(
        {
            "addon": addon,
            "terms": len(after),
            "new": len(after - before),
            "dropped": len(before - after),
            "untranslated": sum(1 for entry in new if not entry.msgstr),
        }
    )
