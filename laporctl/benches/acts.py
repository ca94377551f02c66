"""What each act of an office costs: Balangan's eleven steps, and the acts beside them."""

from ..bench import Bench

HELP = "each act on a complaint, one at a time, in queries"
SIZE = 20
#: Complaints among which possible duplicates are looked for.
MANY = 100_000


def run(bench: Bench) -> None:
    """Measure on a database with all addons, so clocks and papers included."""
    name = bench.ours()
    bench.measure("Lapor", name, "bench_acts", size=bench.size)
    bench.measure("Lapor", name, "bench_similar", size=MANY)
    bench.show()
