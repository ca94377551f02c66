"""Run in Odoo's shell: give messages to the mail gateway, each in a transaction of its own.

``ARGUMENTS``: ``messages``, a list of RFC 822 messages in base64. Reports for each what the
gateway said, or ``{"status": "failed", "reason": …}``; only after the commit.
"""

import base64

gateway = env.get("lapor.mail.gateway")
for text in ARGUMENTS["messages"]:
    try:
        if gateway is None:
            raise LookupError("the installed addons have no mail gateway; try ./lapor update")
        result = gateway._receive_now(base64.b64decode(text))
    except Exception as error:
        result = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    report(result)
