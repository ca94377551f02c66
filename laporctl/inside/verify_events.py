"""Run in Odoo's shell: verify the evidence.

``ARGUMENTS``: ``anchor``, a fingerprint to look for, or "", and ``progress``, a file that tells
what is being checked. Reports what ``lapor.event._verify`` found, with ``anchor_known`` (when that
anchor was made, or False) and ``seconds``.
"""

import time
from pathlib import Path

Anchor = env["lapor.event.anchor"].with_context(lang="id_ID")
started = time.monotonic()
with Path(ARGUMENTS["progress"]).open("w") as progress:

    def told(kind):
        print(kind, file=progress, flush=True)

    result = Anchor.env["lapor.event"]._verify(told)
found = Anchor.search([("digest", "=", ARGUMENTS["anchor"])], limit=1)
report(
    {
        **result,
        "anchor_known": str(found.at) if found else False,
        "seconds": round(time.monotonic() - started, 1),
    }
)
