"""Pictures for paper: photos made small and stripped of what they tell, QR codes as lines."""

import io

import qrcode
import qrcode.image.svg
from PIL import Image, ImageOps, WebPImagePlugin

from odoo.addons.lapor_base.tools.photo import check_pieces, check_pixels

LONGEST_SIDE = 1400
FORMATS = ("JPEG", "PNG", "GIF", WebPImagePlugin.WebPImageFile.format)


def printable(content: bytes, longest_side: int = LONGEST_SIDE) -> tuple[bytes, str]:
    """A picture as it goes on paper: upright, small, without place and camera (EXIF).

    :param content: a file from outside
    :param longest_side: in pixels
    :returns: content and MIME type
    :raises ValueError: when it is no picture, or one that unfolds to too much
    """
    check_pieces(content)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            check_pixels(picture)
            picture.draft("RGB", (longest_side, longest_side))
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((longest_side, longest_side))
            transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            output = io.BytesIO()
            if transparent:
                # PDF/A knows transparency since part 2, but paper is white anyway.
                rgba = picture.convert("RGBA")
                white = Image.new("RGBA", rgba.size, "white")
                picture = Image.alpha_composite(white, rgba)
            if transparent or picture.mode == "P":
                picture.convert("RGB").save(output, "PNG")
                return output.getvalue(), "image/png"
            picture.convert("RGB").save(output, "JPEG", quality=82)
            return output.getvalue(), "image/jpeg"
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not a picture that can be printed") from error


def qr_svg(text: str) -> bytes:
    """A QR code of ``text`` as SVG lines, sharp at any size."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=1)
    code.add_data(text)
    code.make(fit=True)
    return code.make_image(image_factory=qrcode.image.svg.SvgPathImage).to_string()
