"""Run in Odoo's shell on a database of the bench: what Lapor's clocks cost. Nothing is committed,
but for the background job, which commits its pages.

``ARGUMENTS``: ``size``, complaints for an act; 25 times as many are there for the new holiday.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from laporctl.inside.bench_office import complaints, fill_office, officer
from laporctl.inside.measuring import measured

size = ARGUMENTS["size"]
now = fields.Datetime.now()
fill_office(env)
desk = officer(env, "admin_layanan")
complaints(desk, 2)

_one, figures = measured(env, "create one", 1, lambda: complaints(desk, 1))
report(figures)
cases, figures = measured(env, f"create {size} in one call", size, lambda: complaints(desk, size))
report(figures | {"note": f"{len(cases.sudo().clock_ids)} clocks"})
arrow = cases[0].sudo().current_step_id._main_transition()
_done, figures = measured(
    env, f"move {size} in one call", size, lambda: cases.action_advance(arrow.id, note="Lengkap.")
)
report(figures)
_done, figures = measured(
    env, f"close {size} in one call", size, lambda: cases.sudo()._close("archived")
)
report(figures)

aged = desk["lapor.complaint"]
for turn in range(20):
    with freeze_time(now - timedelta(days=18 * turn)):
        aged |= complaints(desk, 10)
        env.flush_all()
_done, figures = measured(
    env, "close 200 up to a year old", 200, lambda: aged.sudo()._close("archived")
)
report(figures)

for _turn in range(25):
    complaints(desk, size)
    env.flush_all()
    env.invalidate_all()
board = {name: {} for name in ("number", "name", "due_at", "due_text", "due_state", "step_name")}
_rows, figures = measured(
    env,
    "list of 80 with due date and urgency",
    80,
    lambda: desk["lapor.complaint"].web_search_read([], board, limit=80),
)
report(figures)
_count, figures = measured(
    env,
    "count the late ones",
    1,
    lambda: desk["lapor.complaint"].search_count([("due_at", "<", now)]),
)
report(figures)

Clock = env["lapor.clock"]
still_open = [("state", "!=", "stopped")]
before = {clock.id: clock.due_at for clock in Clock.search(still_open)}
day = (now + timedelta(days=1)).date()
while day.weekday() > 4:
    day += timedelta(days=1)
holiday = {"date": day, "name": "Libur mendadak", "kind": "national"}
_done, figures = measured(
    env, "announce a new holiday", len(before), lambda: env["lapor.holiday"].create(holiday)
)
report(figures | {"note": "clocks"})
env.cr.commit()


def replan():
    """Run the job until nothing is left: it gives way to others after some seconds, and goes on."""
    runs = 0
    while runs < 100:
        env.ref("lapor_sla.ir_cron_replan").method_direct_trigger()
        runs += 1
        # The job has a transaction of its own.
        env.cr.commit()
        if not Clock.search_count([("replan_reason", "!=", False)], limit=1):
            break
    return runs


with mute_logger("odoo.addons.base.models.ir_cron"):
    runs, figures = measured(env, "move the open deadlines", len(before), replan)
env.invalidate_all()
moved = sum(1 for clock in Clock.browse(before) if clock.due_at != before[clock.id])
report(figures | {"note": f"{moved} moved, {runs} runs"})
if Clock.search_count([("replan_reason", "!=", False)]):
    report({"wrong": "clocks were left where they were"})
if figures["queries"] > 200 * len(before) / 1000 + 100:
    report({"wrong": "a new holiday took more than 200 queries for 1,000 clocks"})
