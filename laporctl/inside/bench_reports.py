# What paper costs. Runs in Odoo's shell on a database of its own, which is thrown away.
# ARGUMENTS: size (rows of the spreadsheets). ruff: noqa: F821

import base64
import gc
import os
import shutil
import subprocess
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import psutil

from odoo.addons.lapor_reports.tools.pdf import write_pdf

from laporctl.inside.bench_office import (
    as_owner,
    complaints,
    evidence,
    fill_office,
    officer,
    roads_office,
)
from laporctl.inside.measuring import measured

BATCHES = (30, 100, 300)
MOST_MEGABYTES = 200
# How much more the largest batch may take than the smallest; its file is some of it.
MOST_GROWTH = 8


class Peak:
    """The most memory of this process while the block runs, above what it began with.

    :param before: bytes that it began with, where that was before the block
    """

    def __init__(self, before=None):
        self._process = psutil.Process(os.getpid())
        self._before = before or self._process.memory_info().rss

    def __enter__(self):
        self._most = self._process.memory_info().rss
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self):
        while not self._stop.wait(0.05):
            self._most = max(self._most, self._process.memory_info().rss)

    def __exit__(self, *error):
        self._stop.set()
        self._thread.join()

    @property
    def megabytes(self):
        return round((self._most - self._before) / 1e6)


def weighed(act, count, work, before=None):
    """Run ``work``, which gives a file, and report its time, memory and size."""
    with Peak(before) as peak:
        content, figures = measured(env, act, count, work)
    figures["note"] = f"{peak.megabytes} MB memory, {len(content) / 1000:,.0f} kB"
    report(figures)
    return content, peak.megabytes


def multiplied(case, count):
    """So many copies of a complaint, as rows only: lists and figures read no more of them."""
    env.flush_all()
    columns = [
        name
        for name, field in case._fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "number", "tracking_code", "complainant_id", "name", "place")
    ]
    listed = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"""INSERT INTO lapor_complaint (number, tracking_code, name, place, {listed})
            SELECT 'X-' || g, 'X' || g, 'Aduan ke-' || g || ' tentang jalan rusak di depan pasar',
                   'Pasar ' || (g %% 40), {listed}
              FROM lapor_complaint, generate_series(1, %s) g WHERE id = %s""",
        (count, case.id),
    )
    env.invalidate_all()


def signed_letter(desk, opd):
    """A response (surat tanggapan) that its officer has just signed."""
    case = complaints(desk, 1)
    while not case.sudo()._final_response("signed"):
        arrow = case.sudo().current_step_id._main_transition()
        as_owner(case).action_advance(arrow.id, **evidence(case, arrow, opd))
    return case.sudo()._final_response("signed")


def with_pictures(html, assets):
    """The same HTML for a printer that asks for nothing of ours: pictures stand in it."""
    for url, (content, mimetype) in assets._files.items():
        html = html.replace(url, f"data:{mimetype};base64,{base64.b64encode(content).decode()}")
    return html


def rivals(html):
    """Draw the same HTML with wkhtmltopdf, which runs as a process of its own."""
    program = shutil.which("wkhtmltopdf")
    if not program:
        report({"act": "the same HTML by wkhtmltopdf", "note": "not installed"})
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a.html"), Path(folder, "a.pdf")
        source.write_text(html)
        command = [program, "-q", "--page-size", "A4", source, target]

        def draw():
            subprocess.run(command, check=False, capture_output=True)
            return target.read_bytes()

        weighed("the same HTML by wkhtmltopdf", 1, draw)


company = env.ref("lapor_balangan.company")
opd = roads_office(env, company)
fill_office(env)
intake = officer(env, "admin_layanan")
cases = complaints(intake, max(BATCHES))
letter = signed_letter(intake, opd)
own = letter.with_user(letter.signed_by_id)
Report = own.env["ir.actions.report"]
action = Report._get_report("lapor_reports.letter")
weighed("one letter (surat tanggapan)", 1, lambda: Report._lapor_write_pdf(action, own.ids, {}))
weighed(
    "the signed letter again, as frozen",
    1,
    lambda: Report._render_qweb_pdf("lapor_reports.letter", own.ids)[0],
)
paper = Report._lapor_paper(action, own)
html = Report._render_qweb_html(action.id, own.ids, data={"report_type": "pdf", "paper": paper})[0]
html = f"<!DOCTYPE html>{html.decode()}"
weighed("its HTML alone, by WeasyPrint", 1, lambda: write_pdf(html, paper.assets))
rivals(with_pictures(html, paper.assets))

# One after the other in one process, so that what a batch leaves behind counts for the next.
gc.collect()
before = psutil.Process(os.getpid()).memory_info().rss
for sheets in BATCHES:
    action = intake["lapor.print.job"].start_report("lapor_reports.receipt", cases[:sheets].ids)
    job = env["lapor.print.job"].browse(action["res_id"])
    own = job.with_user(intake.uid)
    _content, memory = weighed(
        f"{sheets} sheets, one file",
        sheets,
        lambda own=own: own._write_report(lambda done: None),
        before,
    )
    if sheets == BATCHES[0]:
        least = memory
if memory > least + MOST_GROWTH:
    report({"wrong": f"{sheets} sheets took {memory} MB, {BATCHES[0]} took {least} MB"})

size = ARGUMENTS["size"]
multiplied(cases[0], size)
action = intake["lapor.print.job"].start_register([("number", "like", "X-%")])
job = env["lapor.print.job"].browse(action["res_id"])
own = job.with_user(intake.uid).with_context(intake.context)
_content, memory = weighed("register, XLSX", size, lambda: own._write_register(lambda done: None))
if memory > MOST_MEGABYTES:
    report({"wrong": f"the register took {memory} MB, more than {MOST_MEGABYTES}"})

head = officer(env, "kepala_dinas")
unit = cases.managing_unit_id
today = unit._local_now().date()
periodic = head["lapor.periodic"].create(
    {
        "kind": "custom",
        "unit_id": unit.id,
        "date_from": today - timedelta(days=30),
        "date_to": today,
    }
)
with Peak() as peak:
    _done, figures = measured(env, "figures of a period", size, periodic.action_compute)
figures["note"] = f"{peak.megabytes} MB memory"
report(figures)
_content, memory = weighed("periodic report, XLSX", size, periodic._xlsx_bytes)
if memory > MOST_MEGABYTES:
    report({"wrong": f"the periodic report took {memory} MB, more than {MOST_MEGABYTES}"})
