"""What paper costs: one letter, 100 sheets in one file, and spreadsheets of many complaints."""

from ..bench import Bench

HELP = "one letter, 100 sheets, and spreadsheets of 100,000 complaints: time, memory, bytes"
SIZE = 100_000


def run(bench: Bench) -> None:
    """Print and write, each measured with the memory it takes at its peak."""
    bench.measure("Lapor", bench.ours(), "bench_reports", size=bench.size)
    bench.show()
