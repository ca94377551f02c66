# What paper costs. Runs in Odoo's shell on a database of its own, which is thrown away.
# ARGUMENTS: size (rows of the spreadsheets). ruff: noqa: F821

import os
import shutil
import subprocess
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import psutil

from laporctl.inside.bench_office import complaints, fill_office, officer
from laporctl.inside.measuring import measured

SHEETS = 100
MOST_MEGABYTES = 200


class Peak:
    """The most memory of this process while the block runs, above what it began with."""

    def __enter__(self):
        self._process = psutil.Process(os.getpid())
        self._before = self._most = self._process.memory_info().rss
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


def weighed(act, count, work):
    """Run ``work``, which gives a file, and report its time, memory and size."""
    with Peak() as peak:
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


fill_office(env)
intake = officer(env, "admin_layanan")
cases = complaints(intake, SHEETS)
Report = intake["ir.actions.report"]
# the first print loads the library and its fonts
Report._render_qweb_pdf("lapor_reports.receipt", cases[:1].ids)

letter, _memory = weighed(
    "one paper (tanda terima)",
    1,
    lambda: Report._render_qweb_pdf("lapor_reports.receipt", cases[:1].ids)[0],
)
rival = shutil.which("wkhtmltopdf")
if rival:
    html = Report._render_qweb_html("lapor_reports.receipt", cases[:1].ids)[0]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a.html"), Path(folder, "a.pdf")
        source.write_bytes(html)

        def old():
            subprocess.run([rival, "-q", source, target], check=False, capture_output=True)
            return target.read_bytes()

        weighed("the same by wkhtmltopdf", 1, old)
else:
    report({"act": "the same by wkhtmltopdf", "note": "not installed"})

action = intake["lapor.print.job"].start_report("lapor_reports.receipt", cases.ids)
job = env["lapor.print.job"].browse(action["res_id"])
own = job.with_user(intake.uid)
weighed(f"{SHEETS} papers, one file", SHEETS, lambda: own._write_report(lambda done: None))

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
