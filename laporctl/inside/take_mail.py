"""Run in Odoo's shell: give messages to the mail gateway, each in a transaction of its own.

``ARGUMENTS``: ``messages``, a list of RFC 822 messages in base64. Reports for each what the
gateway said, or ``{"status": "failed", "reason": …}``; only after the commit.
"""

import base64

from odoo.service.model import retrying

gateway = env.get("lapor.mail.held")
for text in ARGUMENTS["messages"]:
    try:
        if gateway is None:
            raise LookupError("the installed addons have no mail gateway; try ./lapor update")
        raw = base64.b64decode(text)
        # Another process may be taking in the same mail: the database says so, and it is tried
        # again.
        result = retrying(lambda raw=raw: gateway.process_raw(raw), env)
        env.cr.commit()
    except Exception as error:
        env.cr.rollback()
        result = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    report(result)
