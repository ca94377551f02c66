"""What a mail's headers say about who wrote it: a person, or a machine.

RFC 3834 (Auto-Submitted) and the older habits of mailing lists, out-of-office replies and
delivery reports. An answer to a machine's mail starts a loop, so none is ever sent.
"""

_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_MARKS = ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-auto-response-suppress")


def automatic_reason(message) -> str:
    """Why a mail counts as automatic.

    :param email.message.Message message: a parsed mail
    :returns: the header that says so, such as "Auto-Submitted: auto-replied"; "" for a mail
        that a person wrote
    """
    submitted = str(message.get("Auto-Submitted", "")).split(";")[0].strip().casefold()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    precedence = str(message.get("Precedence", "")).strip().casefold()
    if precedence in _BULK:
        return f"Precedence: {precedence}"
    for name in _MARKS:
        # Outlook puts this on mails of people too, with the value "None".
        value = str(message.get(name, "")).strip()
        if value and value.casefold() != "none":
            return f"{name}: {value}"
    if str(message.get("Return-Path", "")).strip() == "<>":
        return "Return-Path: <>"
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return f"Content-Type: {message.get_content_type()}"
    return ""
