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
        text, page, files, whole = unpack_tnef(winmail(html=html))
        self.assertEqual((text, page, whole), (TEXT, html, True))
        self.assertEqual(files, [("Foto lampu jalan.jpg", b"\xff\xd8\xff\xe0foto")])

    def test_what_is_cut_off_anywhere_is_not_taken_for_the_whole(self):
        complete = winmail()
        for end in range(len(complete) - 12):
            unpacked = unpack_tnef(complete[:end])
            for _name, content in unpacked[2] if unpacked else ():
                self.assertEqual(content, b"\xff\xd8\xff\xe0foto")
            if unpacked and unpacked[3]:
                # An end between two objects cannot be told from the end.
                self.assertTrue(unpacked[0] or unpacked[2])

    def test_bytes_behind_the_end_cost_nothing(self):
        """Servers add a line end, or fill the file up."""
        for more in (b"\r\n", b"\0", b"\r\n\r\n", b"=20"):
            self.assertEqual(unpack_tnef(winmail() + more)[0], TEXT)

    def test_what_was_read_before_the_cut_is_kept(self):
        complete = winmail(html="<p>x</p>")
        text, _html, _files, whole = unpack_tnef(complete[:-20])
        self.assertEqual((text, whole), (TEXT, False))

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
