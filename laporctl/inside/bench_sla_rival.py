"""Run in Odoo's shell on a database with OCA's helpdesk_mgmt_sla: the same acts there.

``ARGUMENTS``: ``size``, tickets for an act. The rival gets the same office hours and as many
deadlines for each ticket as a complaint has clocks.
"""

from datetime import timedelta

from odoo import fields

from laporctl.inside.measuring import measured

size = ARGUMENTS["size"]
now = fields.Datetime.now()
shifts = [(day, start, stop) for day in range(4) for start, stop in ((7.5, 12), (13, 16))]
shifts += [(4, 7.5, 11.5), (4, 13, 16.5)]
calendar = env["resource.calendar"].create(
    {
        "name": "Lima hari kerja",
        "tz": "Asia/Makassar",
        "attendance_ids": [(5, 0, 0)]
        + [
            (
                0,
                0,
                {
                    "name": "Kerja",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": "morning" if start < 12 else "afternoon",
                },
            )
            for day, start, stop in shifts
        ],
    }
)
new = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
progress = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
team = env["helpdesk.ticket.team"].create(
    {"name": "Layanan", "use_sla": True, "resource_calendar_id": calendar.id}
)
for name, stage, days, hours in (
    ("Langkah", progress, 0, 1),
    ("SOP", done, 7, 8),
    ("Verifikasi", progress, 3, 0),
    ("Pengaduan", done, 14, 0),
):
    env["helpdesk.sla"].create(
        {"name": name, "stage_id": stage.id, "days": days, "hours": hours, "team_ids": team.ids}
    )


def tickets(count):
    return env["helpdesk.ticket"].create(
        [
            {
                "name": f"Jalan berlubang {number}",
                "description": "Jalan di depan pasar berlubang besar dan membahayakan.",
                "team_id": team.id,
            }
            for number in range(count)
        ]
    )


tickets(2)
_one, figures = measured(env, "create one", 1, lambda: tickets(1))
report(figures)
cases, figures = measured(env, f"create {size} in one call", size, lambda: tickets(size))
report(figures | {"note": f"{len(cases.ticket_sla_ids)} deadlines"})
_done, figures = measured(
    env, f"move {size} in one call", size, lambda: cases.write({"stage_id": progress.id})
)
report(figures)
_done, figures = measured(
    env, f"close {size} in one call", size, lambda: cases.write({"stage_id": done.id})
)
report(figures)

aged = tickets(200)
env.flush_all()
for turn in range(20):
    born = now - timedelta(days=18 * turn)
    ids = aged.ids[10 * turn : 10 * turn + 10]
    env.cr.execute("UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)", [born, ids])
    env.cr.execute(
        "UPDATE helpdesk_ticket_sla SET last_state_date = %s WHERE ticket_id = ANY(%s)", [born, ids]
    )
env.invalidate_all()
_done, figures = measured(
    env, "close 200 up to a year old", 200, lambda: aged.write({"stage_id": done.id})
)
report(figures)

for _turn in range(25):
    tickets(size)
    env.flush_all()
    env.invalidate_all()
board = {name: {} for name in ("number", "name", "sla_deadline", "sla_expired")}
board["stage_id"] = {"fields": {"display_name": {}}}
_rows, figures = measured(
    env,
    "list of 80 with due date and urgency",
    80,
    lambda: env["helpdesk.ticket"].web_search_read([], board, limit=80),
)
report(figures)
_count, figures = measured(
    env,
    "count the late ones",
    1,
    lambda: env["helpdesk.ticket"].search_count([("sla_expired", "=", True)]),
)
report(figures)

waiting = env["helpdesk.ticket.sla"].search([("state", "=", "in_progress")])
before = {line.id: line.deadline for line in waiting}
day = now + timedelta(days=1)
while day.weekday() > 4:
    day += timedelta(days=1)
day = day.replace(hour=0, minute=0, second=0)
holiday = {
    "name": "Libur mendadak",
    "calendar_id": calendar.id,
    "date_from": day - timedelta(hours=8),
    "date_to": day + timedelta(hours=16),
}
_done, figures = measured(
    env,
    "announce a new holiday",
    len(before),
    lambda: env["resource.calendar.leaves"].create(holiday),
)
report(figures | {"note": "deadlines"})
env.invalidate_all()
moved = sum(1 for line in waiting if line.deadline != before[line.id])
report({"act": "move the open deadlines", "count": len(before), "note": f"{moved} moved"})
