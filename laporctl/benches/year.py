"""A year of an office, replayed: complaints, holds, returns, late holidays, reminders."""

from ..bench import Bench

HELP = "a year of 10,000 complaints under frozen time, and what must hold at its end"
SIZE = 10_000


def run(bench: Bench) -> None:
    """Live through the year, then let the database count what must not be."""
    bench.measure("Lapor", bench.ours(), "bench_year", size=bench.size)
    bench.show()
