"""Run in Odoo's shell: give messages to the mail gateway, each in a transaction of its own.

``ARGUMENTS``: ``messages``, a list of RFC 822 messages in base64. Reports for each what the
gateway said and what the message says, or ``{"status": "failed", "reason": …}``; only after the
commit.
"""

import base64

gateway = env.get("lapor.mail.gateway")
for text in ARGUMENTS["messages"]:
    try:
        if gateway is None:
            raise LookupError("the installed addons have no mail gateway; try ./lapor update")
        raw = base64.b64decode(text)
        result = gateway._tell(raw, gateway._receive_now(raw))
        env.cr.rollback()
    except Exception as error:
        result = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    report(result)
