"""What a mail costs; and mails damaged at random: none lost, none doubled, no machine answered."""

from ..bench import Bench

HELP = "one plain mail; with --fuzz 50,000 mails damaged at random, and what became of each"
SIZE = 50_000


def run(bench: Bench) -> None:
    """Measure one plain mail, or hand damaged mails over one by one, each twice, and let the
    database count at the end what must not be."""
    if bench.fuzz:
        bench.measure("Lapor", bench.ours(), "bench_mail_fuzz", size=bench.size, seed=1)
    else:
        bench.measure("Lapor", bench.ours(), "bench_mail")
    bench.show()
