"""What a mail server's refusal means for a mail: try again, or give up (RFC 5321, 4.2.1)."""

import errno
import smtplib
import ssl
from dataclasses import dataclass

#: Minutes between the attempts to send one mail; after the last it has failed. Three days together,
#: within the four to five that RFC 5321 (4.5.4.1) gives, because answers have due dates.
PAUSES = (5, 10, 20, 40, 60, 120, 240, 480, 960, 1440, 1440)

_TORN = (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError, ssl.SSLError, EOFError)
_AWAY = (errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH)


@dataclass(frozen=True)
class SmtpFault:
    """One failed attempt: ``temporary`` when the same mail may be taken later, ``outage`` when the
    server itself is away and no mail leaves; ``words`` of the server, one line."""

    temporary: bool
    outage: bool
    words: str


def fault_of(error: BaseException | None) -> SmtpFault | None:
    """The fault behind an exception, looked for along its chain; None when none is of SMTP.

    :param error: what was raised while connecting or sending
    """
    seen = 0
    while error is not None and seen < 10:
        fault = _known(error)
        if fault:
            return fault
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def connection_fault(error: BaseException | None) -> SmtpFault:
    """The fault of an attempt that ended before any mail was shown to the server: whatever it is,
    no mail is to blame for it."""
    known = fault_of(error)
    return SmtpFault(True, True, known.words if known else _line(error))


def pause(tries: int) -> int | None:
    """Minutes to wait after so many attempts; None when there is to be no further one."""
    return PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else None


def _known(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        # One recipient a mail; of several the first that is refused for good decides.
        code, said = next((pair for pair in answers if pair[0] >= 500), answers[0])
        return _answered(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SmtpFault(False, False, _line(error))
    if isinstance(error, _TORN) or (isinstance(error, OSError) and error.errno in _AWAY):
        return SmtpFault(True, True, _line(error))
    # Other errors of the system, such as a file that cannot be read, are not the server's.
    return None


def _answered(code, said):
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    words = " ".join(f"{code} {said}".split())[:500]
    # 421: the service is going away. A code that is none came from a torn connection.
    broken = code == 421 or not 400 <= code < 600
    return SmtpFault(code < 500 or broken, broken, words)


def _line(error):
    text = " ".join(str(error).split())[:500]
    return text or type(error).__name__
