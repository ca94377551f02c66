"""Mails damaged at random through the gateway: none lost, none doubled, no machine answered."""

from ..bench import Bench

HELP = "50,000 mails damaged at random, and what became of each"
SIZE = 50_000


def run(bench: Bench) -> None:
    """Hand the mails over one by one, each twice, and look at what is there afterwards."""
    bench.measure("Lapor", bench.ours(), "bench_mail", size=bench.size)
    bench.show()
