"""Run in Odoo's shell on a database of the bench: a quarter of a year of the office of Balangan.

``ARGUMENTS``: ``quarter``, 1 to 4; ``size``, complaints that come in it. Six weeks without new ones
follow, in which the office goes on. Reports what each month took, and every fault.
"""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.lapor_sla.tests.year import HOURS, Year, faults, ticks

from laporctl.inside.bench_office import category, fill_office, officer
from laporctl.inside.measuring import measured

WEEKS, WEEKS_AFTER = 13, 6
quarter, size = ARGUMENTS["quarter"], ARGUMENTS["size"]
fill_office(env)
desk = officer(env, "admin_layanan")
year = Year(env, desk, {"category_id": category(env).id}, seed=2026 + quarter, early=0.4)
start = datetime(2026, 1, 5) + timedelta(weeks=WEEKS * (quarter - 1))
moments = ticks(start, 7 * (WEEKS + WEEKS_AFTER))
# The jobs run at each moment; people work at one of each day, in turns early and late.
working = [
    moment for day, moment in enumerate(moments) if day % len(HOURS) == day // len(HOURS) % 3
]
receiving = working[: WEEKS * 5]


def live(part):
    for moment in part:
        frozen.move_to(moment)
        arrivals = 0
        if moment in receiving:
            turn = receiving.index(moment)
            arrivals = size * (turn + 1) // len(receiving) - size * turn // len(receiving)
        year.live(arrivals, at_work=moment in working)
        env.flush_all()
        # Each moment is a request of its own: with what it changed written, and forgotten.
        env.cr.commit()
        env.invalidate_all()


freezer = freeze_time(moments[0], ignore=["laporctl", "queue", "threading"])
frozen = freezer.start()
# The letters of responses are printed elsewhere (bench reports).
Response = env.registry["lapor.response"]
month = -(-len(moments) // 5)
with patch.object(Response, "_freeze_letter", lambda response: None, create=True):
    for number in range(5):
        part = moments[number * month : (number + 1) * month]
        came = len(year.cases)
        _done, figures = measured(
            env, f"quarter {quarter}, part {number + 1}", None, lambda part=part: live(part)
        )
        report(figures | {"count": len(year.cases) - came, "note": "complaints"})
year.run_jobs(moments[-1])
wrong, figures = measured(env, "check", len(year.cases), lambda: faults(env, year.cases))
report(figures | {"act": f"quarter {quarter}, check", "note": "complaints"})
freezer.stop()
clocks = year.cases.clock_ids
for act, count in (
    ("complaints", len(year.cases)),
    ("closed", len(year.cases.filtered(lambda case: case.phase == "closed"))),
    ("clocks", len(clocks)),
    ("late", len(clocks.filtered(lambda clock: clock.result == "late"))),
    ("pauses", len(clocks.pause_ids)),
    ("reminders", len(clocks.escalation_ids)),
    ("holidays announced late", year.holidays),
    ("moved by them", env["lapor.event"].search_count([("code", "=", "clock_moved")])),
    ("faults", len(wrong)),
):
    report({"act": f"quarter {quarter}, {act}", "count": count})
for sentence in wrong:
    report({"wrong": f"quarter {quarter}: {sentence}"})
