"""Whatever is handed in, twice as much of it costs about twice as much, not four times."""

import re
import unittest

from . import growth, hostile


class TestGrowth(unittest.TestCase):
    """All tools that read texts, on texts that are meant to make them work."""

    def test_every_function_that_reads_text_is_measured(self):
        reading = {name for name, function in growth.functions() if growth.reads_text(function)}
        reading |= {f"lapor_base.mail_reader.ReadMail.{name}" for name in ("fingerprint", "words")}
        named = growth.calls().keys() | growth.OWN_WORDS.keys()
        self.assertFalse(reading - named, "add these to tests/growth.py")
        self.assertFalse(named - {name for name, _function in growth.functions()}, "gone")
        self.assertFalse(growth.calls().keys() & growth.OWN_WORDS.keys())

    def test_twice_as_much_is_not_four_times_as_dear(self):
        for name, ways in growth.calls().items():
            for number, (kind, call) in enumerate(ways):
                for family, make in growth.KINDS[kind]().items():
                    factor, size, seconds = hostile.growth(call, make)
                    self.assertLessEqual(
                        factor,
                        hostile.BOUND,
                        f"{name}, way {number}, {family}: {seconds:.3f} s for {size}",
                    )

    def test_the_measure_tells_a_square_from_a_line(self):
        # A slow first call hides a square now and then, so it may show itself three times.
        squares = [
            hostile.growth(lambda text: re.findall("a+b", text), hostile.repeated("a"))[0]
            for _time in range(3)
        ]
        self.assertGreater(max(squares), 3)
        line, _size, _seconds = hostile.growth(
            lambda text: [ord(char) ** 20 % 7 for _round in range(20) for char in text],
            hostile.repeated("a"),
        )
        self.assertGreater(line, 1)
        self.assertLess(line, hostile.BOUND)
