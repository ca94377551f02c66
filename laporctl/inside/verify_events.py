"""Run in Odoo's shell: verify the evidence.

``ARGUMENTS``: ``anchor``, a fingerprint to look for, or "". Reports what ``lapor.event._verify``
found, with ``anchor_known``.
"""

Anchor = env["lapor.event.anchor"].with_context(lang="id_ID")
result = Anchor.env["lapor.event"]._verify()
known = bool(Anchor.search_count([("digest", "=", ARGUMENTS["anchor"])]))
report({**result, "anchor_known": known})
