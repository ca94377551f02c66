"""What hostile texts cost: every tool that reads texts, and whole mails of a megabyte."""

from ..bench import Bench

HELP = "what hostile texts cost, and whether twice as much costs twice"
SIZE = 40


def run(bench: Bench) -> None:
    """Measure on a database with all addons."""
    bench.measure("Lapor", bench.ours(), "bench_growth", size=bench.size)
    bench.show()
