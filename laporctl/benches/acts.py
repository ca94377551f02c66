"""What each act of an office costs: Balangan's eleven steps, and the acts beside them."""

from ..bench import Bench

HELP = "each act on a complaint, one at a time, in queries"
SIZE = 20


def run(bench: Bench) -> None:
    """Measure on a database with all addons, so clocks and papers included."""
    bench.measure("Lapor", bench.ours(), "bench_acts", size=bench.size)
    bench.show()
