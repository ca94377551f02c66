"""Time: opening, moving and closing with clocks, and moving the clocks, beside OCA's helpdesk."""

from .. import rival
from ..bench import Bench
from ..stage import say
from ..template import ensure_template

HELP = "clocks, beside OCA helpdesk_mgmt_sla (fetched from PyPI, AGPL, never part of Lapor)"
SIZE = 100
RIVAL = ("odoo-addon-helpdesk-mgmt>=19.0,<19.1", "odoo-addon-helpdesk-mgmt-sla>=19.0,<19.1")


def run(bench: Bench) -> None:
    """Measure both on the same database server, one after the other."""
    bench.measure("Lapor", bench.ours(), "bench_sla", size=bench.size)
    folder, what = rival.fetch(bench.odoo.project, "helpdesk-19", RIVAL)
    if folder is None:
        say(f"THE RIVAL CANNOT BE HAD, so there is nothing to compare with: {what}")
    else:
        say(f"The rival: {what}")
        options = ("--addons-path", f"{bench.odoo.addons_path},{folder}")
        name = bench.copied(ensure_template(bench.odoo), "rival")
        install = ("-i", "helpdesk_mgmt_sla", "--stop-after-init", "--no-http")
        bench.odoo.call("-d", name, *install, *options, log=bench.log)
        bench.measure("OCA", name, "bench_sla_rival", options, size=bench.size)
    bench.show()
    say("Lapor's moves write step, activity, event, message and clocks; the rival's a stage.")
