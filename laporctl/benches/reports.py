"""What paper costs: a signed letter, batches of sheets, and spreadsheets of many complaints."""

from ..bench import Bench

HELP = "a letter, 30 to 300 sheets, spreadsheets of 100,000 complaints: time, memory, bytes"
SIZE = 100_000


def run(bench: Bench) -> None:
    """Print and write, each measured with the memory it takes at its peak."""
    bench.measure("Lapor", bench.ours(), "bench_reports", size=bench.size)
    bench.show()
