"""Run in Odoo's shell on a database of the bench: what each act costs. Nothing is committed.

``ARGUMENTS``: ``size``, cases of the acts that take several at once.
"""

from datetime import timedelta

from odoo import fields

from laporctl.inside.bench_office import (
    as_owner,
    complaints,
    evidence,
    fill_office,
    officer,
    roads_office,
)
from laporctl.inside.measuring import measured

size = ARGUMENTS["size"]
company = env.ref("lapor_balangan.company")
opd = roads_office(env, company)
fill_office(env)
desk = officer(env, "admin_layanan")


def act(name, count, work):
    """Measure, and say so."""
    value, figures = measured(env, name, count, work)
    report(figures)
    return value


def step(case, name=None):
    """One step along the main path, measured when it has a name."""
    arrow = case[0].sudo().current_step_id._main_transition()
    given = evidence(case[0], arrow, opd)
    cases = as_owner(case)

    def work():
        return cases.action_advance(arrow.id, **given)

    return act(name, len(case), work) if name else work()


def walked(steps):
    """A case that has taken so many steps."""
    case = complaints(desk, 1)
    for _turn in range(steps):
        step(case)
    return case


# What the program looks up once and remembers must not count.
for _turn in range(2):
    walked(11)

case = act("key in one", 1, lambda: complaints(desk, 1))
act(f"key in {size} in one call", size, lambda: complaints(desk, size))
while case.sudo().current_step_id:
    visit = case.sudo().current_step_id.sop_step_id
    step(case, f"step {visit.display_name}")
several = complaints(desk, size)
step(several, f"step 1 of {size} in one call")

items = env["lapor.missing.item"].search([], limit=2).ids
case = as_owner(walked(1))
act("tunda", 1, lambda: case.action_hold(items, delivery_note="Ditelepon"))
act("resume", 1, lambda: case.action_resume())
colleague = env["lapor.position"].search(
    [("role_id.code", "=", "kabid_ikp"), ("company_id", "=", company.id)], limit=1
)
day = fields.Date.today() + timedelta(days=30)
act("promise a date", 1, lambda: case.action_promise("Perbaikan jalan", day))
head = case.with_user(colleague.holder_id)
act("take over", 1, lambda: head.action_take_over("Sedang cuti"))

case = as_owner(walked(6))
act("bukan wewenang", 1, lambda: case.action_refuse_authority("Jalan provinsi."))
case = walked(1).with_user(desk.user)
act("dicabut", 1, lambda: case.action_withdraw("Dicabut lewat telepon"))
act("buka kembali", 1, lambda: case.action_reopen("Pelapor berubah pikiran"))
reason = env["lapor.archive.reason"].search([], limit=1).id
case = as_owner(walked(1))
act("arsip", 1, lambda: case.action_archive_case(reason, "Rangkap."))
env.cr.rollback()
