"""Wrappings of mails: Outlook's winmail.dat and signed S/MIME."""

import logging

from asn1crypto import cms

try:
    from tnefparse import TNEF
except ImportError:  # without it winmail.dat stays a file of the complaint
    TNEF = None

_logger = logging.getLogger(__name__)

_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, LookupError, OverflowError)


def signed_content(der: bytes) -> bytes:
    """The mail inside an S/MIME mail that is signed and not encrypted; b"" when unreadable."""
    try:
        info = cms.ContentInfo.load(der)
        if info["content_type"].native != "signed_data":
            return b""
        return info["content"]["encap_content_info"]["content"].native or b""
    except _BROKEN as error:
        _logger.info("Unreadable S/MIME: %s", error)
        return b""


def unpack_tnef(data: bytes):
    """Text, HTML and files of a winmail.dat.

    :returns: (text, html, [(name, content)]), or None when it cannot be unpacked
    """
    if TNEF is None or not data.startswith(b"\x78\x9f\x3e\x22"):
        return None
    try:
        tnef = TNEF(data, do_checksum=False)
        html = tnef.htmlbody or ""
        html = html.decode("utf-8", "replace") if isinstance(html, bytes) else html
        text = tnef.body or ""
        text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        files = [
            (str(item.long_filename() or item.name or "lampiran"), bytes(item.data))
            for item in tnef.attachments
        ]
    except Exception as error:  # the format is undocumented; whatever fails leaves the file
        _logger.info("Unreadable winmail.dat: %s", error)
        return None
    return (text, html, files) if text or html or files else None
