"""Run in Odoo's shell on a database of the bench: a year of the office of Balangan.

``ARGUMENTS``: ``size``, complaints in the year. Reports what each quarter took, and every fault.
"""

from datetime import datetime

from freezegun import freeze_time

from odoo.addons.lapor_sla.tests.year import Year, faults, ticks

from laporctl.inside.bench_office import category, fill_office, officer
from laporctl.inside.measuring import measured

size = ARGUMENTS["size"]
fill_office(env)
desk = officer(env, "admin_layanan")
year = Year(env, desk, {"category_id": category(env).id}, seed=2026)
moments = ticks(datetime(2026, 1, 5), 364)
working = len(moments) - 60


def quarter(part):
    for turn in part:
        frozen.move_to(moments[turn])
        arrivals = size * (turn + 1) // working - size * turn // working
        year.live(arrivals if turn < working else 0)
        env.flush_all()
        # Each moment is a request of its own: with what it changed written, and forgotten.
        env.cr.commit()
        env.invalidate_all()


step = -(-len(moments) // 4)
freezer = freeze_time(moments[0], ignore=["laporctl", "queue", "threading"])
frozen = freezer.start()
for number in range(4):
    part = range(len(moments))[number * step : (number + 1) * step]
    came = len(year.cases)
    _done, figures = measured(env, f"quarter {number + 1}", None, lambda part=part: quarter(part))
    report(figures | {"count": len(year.cases) - came, "note": "complaints"})
year.remind(moments[-1])
wrong, figures = measured(env, "check", len(year.cases), lambda: faults(env, year.cases))
report(figures | {"note": "complaints"})
freezer.stop()
clocks = year.cases.clock_ids
for act, count in (
    ("clocks", len(clocks)),
    ("pauses", len(clocks.pause_ids)),
    ("reminders", len(clocks.escalation_ids)),
    ("holidays announced late", year.holidays),
    ("closed complaints", len(year.cases.filtered(lambda case: case.phase == "closed"))),
):
    report({"act": act, "count": count})
for sentence in wrong:
    report({"wrong": sentence})
