"""Run in Odoo's shell: hand damaged mails over, and look at what became of each.

``ARGUMENTS``: ``size``, how many. Reports the count of each fate, and ``wrong`` for a mail that
is lost, doubled, crashed the gateway, or was of a machine and answered.
"""

import collections
import time

from odoo.addons.lapor_base.tests.mail_mutations import mutated
from odoo.addons.lapor_base.tests.mail_samples import build
from odoo.addons.lapor_base.tools import mail_bounds
from odoo.addons.lapor_base.tools.mail_headers import automatic_mark
from odoo.addons.lapor_base.tools.mail_reader import read_mail

ADDRESS = "aduan@bangku.example"
BATCH = 200


def office():
    """An office with the address that the mails go to."""
    company = env["res.company"].create({"name": "Pemkab Bangku", "lapor_code": "BKU"})
    unit = env["lapor.unit"].create(
        {"name": "Bangku", "code": "BKU", "kind": "manager", "company_id": company.id}
    )
    limits = ("mail_hour_limit", "mail_day_limit", "mail_repeat_limit")
    unit.write(dict.fromkeys(limits, 1_000_000_000))
    env["lapor.mail.address"].create({"name": ADDRESS, "unit_id": unit.id})


def machine(raw):
    """Whether a machine wrote it, as far as its headers can be read at all."""
    try:
        mail = None if mail_bounds.excess(raw) else read_mail(raw)
        return bool(mail and automatic_mark(mail.message)[0])
    except Exception:
        return False


def newest(model):
    """The highest id of a model."""
    return env[model].search([], order="id desc", limit=1).id or 0


def faults(raw):
    """Hand one mail over twice; yield its fate, then what is wrong."""
    gateway = env["lapor.mail.gateway"]
    before = {model: newest(model) for model in ("lapor.mail.receipt", "mail.mail")}
    result = gateway._receive(raw)
    yield result["status"]
    made = env["lapor.mail.receipt"].search([("id", ">", before["lapor.mail.receipt"])])
    if result["status"] != "duplicate":
        if not made or not all(row.complaint_id or row.held_id for row in made):
            yield "lost"
        if result["status"] == "held" and made.held_id._raw_bytes() != raw:
            yield "not kept whole"
    answers = newest("mail.mail") > before["mail.mail"]
    if answers and (result["status"] != "new" or machine(raw)):
        yield "answered"
    if gateway._receive(raw)["status"] != "duplicate":
        yield "doubled"


office()
env.flush_all()
fates = collections.Counter()
raws = [sample.raw for sample in build(ADDRESS)]
started = time.perf_counter()
for turn, raw in enumerate(mutated(raws, ARGUMENTS["size"], seed=1)):
    try:
        with env.cr.savepoint():
            fate, *wrong = faults(raw)
        fates[fate] += 1
    except Exception as error:
        fate, wrong = "crash", [f"crash ({type(error).__name__}: {error})"]
    for what in wrong:
        report({"wrong": f"mail {turn}: {what}"})
    if turn % BATCH == BATCH - 1:
        # The database is the bench's own; committing keeps memory and locks small.
        env.cr.commit()
        env.invalidate_all()
seconds = round(time.perf_counter() - started, 1)
for fate, count in sorted(fates.items()):
    report({"act": f"mails: {fate}", "count": count})
report({"act": "mails in all", "count": sum(fates.values()), "seconds": seconds})
