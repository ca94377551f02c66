"""The wrapping of a mail that is signed (S/MIME, opaque)."""

import logging

from asn1crypto import cms

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
