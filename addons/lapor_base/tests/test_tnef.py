import random
import struct

from odoo.tests import BaseCase, tagged

from ..tools.tnef import unpack_tnef
from .winmail import TEXT, winmail


@tagged("post_install", "-at_install")
class TestTnef(BaseCase):
    """winmail.dat of Outlook: read whole, or kept as it is."""

    def test_text_html_and_file(self):
        html = "<p>Jalan “rusak”</p>"
        text, page, files = unpack_tnef(winmail(html=html))
        self.assertEqual((text, page), (TEXT, html))
        self.assertEqual(files, [("Foto lampu jalan.jpg", b"\xff\xd8\xff\xe0foto")])

    def test_what_is_cut_off_anywhere_is_not_taken_for_the_whole(self):
        whole = winmail()
        for end in range(len(whole)):
            unpacked = unpack_tnef(whole[:end])
            for _name, content in unpacked[2] if unpacked else ():
                self.assertEqual(content, b"\xff\xd8\xff\xe0foto")

    def test_damage_is_never_an_error(self):
        dice = random.Random(5)
        for _turn in range(3000):
            raw = bytearray(winmail(html="<p>x</p>"))
            for _hurt in range(dice.randint(1, 8)):
                raw[dice.randrange(6, len(raw))] = dice.randrange(256)
            unpack_tnef(bytes(raw))

    def test_counts_that_lie_cost_nothing(self):
        """Four thousand million values, said in a few bytes: believed, this would never end."""
        for kind in (0x1002, 0x1003, 0x101F, 0x1102, 31, 258):
            lie = struct.pack("<IHHI", 0xFFFFFFFF, kind, 0x1000, 0xFFFFFFFF) + b"\0" * 4000
            raw = b"\x78\x9f\x3e\x22\x01\x00" + struct.pack("<BHHI", 1, 0x9003, 6, len(lie))
            self.assertFalse(unpack_tnef(raw + lie + b"\0\0"))
