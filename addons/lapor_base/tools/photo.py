"""Photos as evidence: whether it is one, and when it was taken."""

import io
from datetime import datetime, timedelta

from PIL import Image, UnidentifiedImageError

MAX_BYTES = 25 * 1024 * 1024
_EXIF_IFD = 0x8769
_TIME_ORIGINAL, _OFFSET_ORIGINAL, _TIME = 36867, 36881, 306
_FORMATS = {"JPEG", "PNG", "WEBP", "MPO"}


def check_photo(raw: bytes) -> None:
    """Refuse what is no photo.

    :raises ValueError: with ``args[0]`` "empty", "large" or "format"
    """
    if not raw:
        raise ValueError("empty")
    if len(raw) > MAX_BYTES:
        raise ValueError("large")
    try:
        with Image.open(io.BytesIO(raw)) as image:
            known = image.format in _FORMATS
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("format") from error
    if not known:
        raise ValueError("format")


def photo_time(raw: bytes) -> tuple[datetime, timedelta | None] | None:
    """When the camera says that a photo was taken.

    :returns: local time and the camera's offset from UTC (None when it does not tell), or None
        when the photo has no time
    """
    try:
        with Image.open(io.BytesIO(raw)) as image:
            exif = image.getexif()
            details = exif.get_ifd(_EXIF_IFD)
            text = details.get(_TIME_ORIGINAL) or exif.get(_TIME)
            offset = details.get(_OFFSET_ORIGINAL)
        taken = datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    except (OSError, ValueError, TypeError, SyntaxError):
        return None
    return taken, _offset(offset)


def _offset(text):
    try:
        moment = datetime.strptime(str(text).strip("\x00 "), "%z")
    except ValueError:
        return None
    return moment.utcoffset()
