"""What templates of papers draw with."""

import base64
import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from odoo import fields

from ..tools import letter_body, line_break, pictures, terbilang
from ..tools.pdf import Assets


@cache
def paper_css():
    """The style sheet of all papers, as it goes into each document."""
    path = Path(__file__).parent.parent / "static/src/css/paper.css"
    return Markup(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))  # our own file


class Paper:
    """A sheet of an office: its style, letterhead, dates in words, pictures and codes.

    Templates know it as ``paper``. Texts on paper are Indonesian.
    """

    lang = "id_ID"

    def __init__(self, env, unit, landscape=False):
        self.env = env
        self.unit = unit
        self.landscape = landscape
        self.style = unit._paper_style()
        self.assets = Assets()

    @property
    def css(self):
        """Style sheet of the document, to be written into it as it is."""
        return paper_css() + Markup(self.style._css(self.landscape))  # numbers and own words only

    @property
    def letterhead(self):
        """See ``lapor.unit._letterhead``."""
        return self.unit._letterhead() if self.unit else None

    def fitted(self, text, with_logo=False):
        """The office's line of the letterhead, in as few lines of like length as the sheet holds.

        :param str text: the office's name
        :param bool with_logo: whether a logo stands beside it
        :rtype: list[str]
        """
        width, height = self.style._size()
        wide = (height if self.landscape else width) / 10
        wide -= self.style.margin_right + (
            self.style.margin_right if self.landscape else self.style.margin_left
        )
        return line_break.balanced(
            text, wide - (4.6 if with_logo else 0), self.style.letterhead_size
        )

    def picture(self, content, longest_side=pictures.LONGEST_SIDE):
        """Address of a picture for ``src``; False when it cannot be printed.

        :param content: bytes, or base64 as image fields hold it
        """
        try:
            raw = base64.b64decode(content) if isinstance(content, str) else content
            return self.assets.add(*pictures.printable(raw, longest_side)) if raw else False
        except ValueError:
            return False

    def image_field(self, value):
        """Address of the picture in an image field; False when there is none."""
        return self.picture(base64.b64decode(value), 512) if value else False

    def qr(self, text):
        """Address of a QR code of ``text``."""
        return self.assets.add(pictures.qr_svg(text), "image/svg+xml")

    def svg(self, drawing):
        """Address of a drawing of our own."""
        return self.assets.add(drawing.encode(), "image/svg+xml")

    def body(self, text):
        """The text of a letter, reduced to what paper shows."""
        return Markup(letter_body.clean_body(str(text or "")))  # cleaned by its own rules

    def local(self, moment):
        """A stored moment in the office's time, naive."""
        if not moment:
            return None
        tz = self.unit._get_tz() if self.unit else "Asia/Jakarta"
        holder = self.env["lapor.unit"]
        return fields.Datetime.context_timestamp(holder.with_context(tz=tz), moment).replace(
            tzinfo=None
        )

    def date(self, value):
        """A date, or a stored moment in the office's time, as letters write it."""
        if not value:
            return ""
        return terbilang.long_date(self.local(value) if hasattr(value, "hour") else value)

    def place_and_date(self, date=None):
        """What stands above a signature ("Paringin, 22 November 2026")."""
        day = self.date(date or self.today)
        place = self.unit._place() if self.unit else ""
        return f"{place}, {day}" if place else day

    def day(self, moment):
        """Day of the week and date of a stored moment, in the office's time."""
        local = self.local(moment)
        return f"{terbilang.DAYS[local.weekday()]}, {self.date(moment)}" if local else ""

    def short_date(self, value):
        """A date, or a stored moment in the office's time, as tables write it ("22-11-2026")."""
        if not value:
            return ""
        local = self.local(value) if hasattr(value, "hour") else value
        return f"{local:%d-%m-%Y}"

    def short_time(self, moment):
        """A stored moment as tables write it ("22-11-2026 14.05"), in the office's time."""
        return f"{self.local(moment):%d-%m-%Y %H.%M}" if moment else ""

    def listed(self, first, *more):
        """A line of facts, with semicolons between; facts that are empty are left out.

        :param str first: what it begins with
        :param more: pairs of the words, with ``%s`` in them, and the fact
        """
        facts = (words.replace("%s", fact) for words, fact in more if words and fact)
        return "; ".join([first, *facts])

    def items(self, text):
        """The points of a text that is a list, such as "- first - second"; else the whole."""
        return line_break.points(text)

    def time(self, moment):
        """The hour of a stored moment, with its zone ("14.05 WITA")."""
        local = self.local(moment)
        return f"{local:%H.%M} {self.zone}" if local else ""

    @property
    def zone(self):
        """What the office calls its time zone."""
        return {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA"}.get(
            self.unit._get_tz() if self.unit else "Asia/Jakarta", "WIT"
        )

    def date_time(self, moment):
        """Date and hour of a stored moment."""
        return f"{self.date(moment)} pukul {self.time(moment)}" if moment else ""

    def date_in_words(self, date):
        """See :func:`..tools.terbilang.date_in_words`."""
        return terbilang.date_in_words(date)

    def spelled(self, number):
        """See :func:`..tools.terbilang.terbilang`."""
        return terbilang.terbilang(number)

    def counted(self, number, noun):
        """See :func:`..tools.terbilang.counted`."""
        return terbilang.counted(number, noun)

    def number(self, value):
        """See :func:`..tools.terbilang.figure`."""
        return terbilang.figure(value)

    @property
    def today(self):
        """The office's date today."""
        return self.unit._local_now().date() if self.unit else fields.Date.today()

    def label(self, record, name):
        """The word of a selection, in Indonesian."""
        record = record.with_context(lang=self.lang)
        words = dict(record._fields[name]._description_selection(record.env))
        return words.get(record[name], "")
