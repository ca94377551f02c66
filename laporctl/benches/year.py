"""A year of an office, replayed: complaints, holds, returns, late holidays, reminders."""

from ..bench import Bench

HELP = "a year of 10,000 complaints under frozen time, and what must hold at its end"
SIZE = 10_000


def run(bench: Bench) -> None:
    """Live through each quarter on a database of its own, then let the database count what must
    not be."""
    source = bench.ours()
    quarters = {}
    for quarter in range(1, 5):
        size = bench.size * quarter // 4 - bench.size * (quarter - 1) // 4
        name = bench.copied(source, f"quarter{quarter}")
        quarters[name] = {"quarter": quarter, "size": size}
    bench.measure_all("Lapor", "bench_year", quarters)
    bench.show()
