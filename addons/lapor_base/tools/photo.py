"""Photos as evidence: whether it is one, and when it was taken."""

import io
from datetime import datetime, timedelta

from PIL import Image, UnidentifiedImageError

MAX_BYTES = 25 * 1024 * 1024
#: Points of a picture that is taken to memory as a whole: 26 million cost 100 MB. A plain JPEG is
#: made smaller while it is read.
MOST_PIXELS = 26_000_000
MOST_PIXELS_JPEG = 60_000_000
#: Pieces before the picture itself; libraries put those of the same kind together one by one.
MOST_PIECES = 2000
_PIECES = (b"\xff\xe1", b"\xff\xe2", b"\xff\xed", b"\xff\xfe")
_EXIF_IFD = 0x8769
_TIME_ORIGINAL, _OFFSET_ORIGINAL, _TIME = 36867, 36881, 306
_FORMATS = {"JPEG", "PNG", "WEBP", "MPO"}


def check_pixels(image: Image.Image) -> None:
    """Refuse a picture that unfolds to too much, before it is unfolded.

    :param image: as :func:`PIL.Image.open` gives it
    :raises ValueError: with ``args[0]`` "pixels"
    """
    plain = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    if image.width * image.height > (MOST_PIXELS_JPEG if plain else MOST_PIXELS):
        raise ValueError("pixels")


def check_pieces(raw: bytes) -> None:
    """Refuse a picture of thousands of pieces, before anything opens it.

    :raises ValueError: with ``args[0]`` "format"
    """
    if raw.startswith(b"\xff\xd8") and sum(map(raw.count, _PIECES)) > MOST_PIECES:
        raise ValueError("format")
    if raw.startswith(b"GIF8") and raw.count(b"\x21\xfe") > MOST_PIECES:
        raise ValueError("format")


def check_photo(raw: bytes) -> None:
    """Refuse what is no photo.

    :raises ValueError: with ``args[0]`` "empty", "large", "format" or "pixels"
    """
    if not raw:
        raise ValueError("empty")
    if len(raw) > MAX_BYTES:
        raise ValueError("large")
    check_pieces(raw)
    try:
        with Image.open(io.BytesIO(raw)) as image:
            if image.format not in _FORMATS:
                raise ValueError("format")
            check_pixels(image)
    except Image.DecompressionBombError as error:
        raise ValueError("pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("format") from error
    except ValueError as error:
        raise ValueError(error.args[0] if error.args[:1] == ("pixels",) else "format") from error


def photo_time(raw: bytes) -> tuple[datetime, timedelta | None] | None:
    """When the camera says that a photo was taken.

    :returns: local time and the camera's offset from UTC (None when it does not tell), or None
        when the photo has no time
    """
    try:
        check_pieces(raw)
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
