"""Run in Odoo's shell: hand damaged mails over, each twice, and let the database say what became
of them.

``ARGUMENTS``: ``size``, how many; ``seed``, of the dice. Reports the count of each fate, and
``wrong`` for a mail that is lost, doubled, crashed the gateway, was of a machine and answered, or
lost words of which its case does not tell. What was handed over is written down in a table of the
bench's own; the counting at the end is plain SQL that knows nothing of the gateway.
"""

import collections
import email
import hashlib
import itertools
import re
import time

from odoo.tools import html2plaintext

from odoo.addons.lapor_base.tests.mail_inline import lost_words
from odoo.addons.lapor_base.tests.mail_mutations import mutated
from odoo.addons.lapor_base.tests.mail_samples import build

ADDRESS = "aduan@bangku.example"
BATCH = 200

TABLE = """
    CREATE TABLE bench_handed (
        turn int PRIMARY KEY, digest text NOT NULL, machine boolean NOT NULL, status text NOT NULL,
        again text NOT NULL, after_receipt int NOT NULL, last_receipt int NOT NULL,
        missing int NOT NULL
    )
"""
#: What must not be, each as a query for the mails (or rows) in which it is. An empty mail has no
#: bytes to keep: hence its digest.
MUST_NOT_BE = {
    "crashed": "SELECT turn FROM bench_handed WHERE 'crash' IN (status, again)",
    "lost: no receipt": """
        SELECT turn FROM bench_handed h WHERE status NOT IN ('crash', 'duplicate') AND NOT EXISTS (
            SELECT FROM lapor_mail_receipt WHERE id > after_receipt AND id <= last_receipt)""",
    "lost: neither a complaint nor held": """
        SELECT id FROM lapor_mail_receipt WHERE complaint_id IS NULL AND held_id IS NULL""",
    "lost: held, but not byte for byte": """
        SELECT turn FROM bench_handed h
          JOIN lapor_mail_receipt r ON r.id > after_receipt AND r.id <= last_receipt
     LEFT JOIN ir_attachment a ON a.res_model = 'lapor.mail.held' AND a.res_field = 'raw'
                              AND a.res_id = r.held_id
         WHERE r.held_id IS NOT NULL AND a.checksum IS DISTINCT FROM h.digest
           AND h.digest <> 'da39a3ee5e6b4b0d3255bfef95601890afd80709'""",
    "lost: known, but never handed over": """
        SELECT turn FROM bench_handed WHERE status = 'duplicate' AND last_receipt = 0""",
    "doubled: taken in again": """
        SELECT turn FROM bench_handed WHERE again NOT IN ('duplicate', 'crash')""",
    "doubled: the same bytes twice": """
        SELECT digest FROM bench_handed WHERE status NOT IN ('duplicate', 'crash')
      GROUP BY digest HAVING count(*) > 1""",
    "doubled: a complaint without a receipt of its own": """
        SELECT c.id FROM lapor_complaint c
     LEFT JOIN lapor_mail_receipt r ON r.complaint_id = c.id AND r.fate = 'new'
      GROUP BY c.id HAVING count(r.id) <> 1""",
    "a machine answered": """
        SELECT turn FROM bench_handed h
          JOIN lapor_mail_receipt r ON r.id > after_receipt AND r.id <= last_receipt
          JOIN lapor_response p ON p.complaint_id = r.complaint_id
         WHERE h.machine AND p.mail_id IS NOT NULL""",
    "words lost, and the case does not say so": """
        SELECT turn FROM bench_handed h
          JOIN lapor_mail_receipt r ON r.id > after_receipt AND r.id <= last_receipt
         WHERE missing > 0 AND r.complaint_id IS NOT NULL AND r.held_id IS NULL""",
    "answered more than once": """
        SELECT r.complaint_id FROM lapor_response r JOIN mail_mail m ON m.id = r.mail_id
      GROUP BY r.complaint_id HAVING count(*) > 1""",
    "answered, but no new complaint": """
        SELECT m.id FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id
     LEFT JOIN lapor_mail_receipt r ON r.complaint_id = g.res_id AND r.fate = 'new'
         WHERE g.model = 'lapor.complaint' AND r.id IS NULL""",
}


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
    """Whether the plainest headers say that a machine wrote it, read by the standard library."""
    try:
        heads = email.message_from_bytes(raw.lstrip(b"\r\n"))
        submitted = str(heads.get("Auto-Submitted", "no")).strip().casefold()
        precedence = str(heads.get("Precedence", "")).strip().casefold()
        return bool(
            re.match(r"auto-(replied|generated|notified)", submitted)
            or precedence in ("bulk", "junk", "list", "auto_reply")
            or str(heads.get("List-Id", "")).strip()
        )
    except Exception:
        return False


def last_receipt():
    """The newest receipt's number."""
    env.cr.execute("SELECT COALESCE(max(id), 0) FROM lapor_mail_receipt")
    return env.cr.fetchone()[0]


def handed(raw):
    """What the gateway says that it did with a mail."""
    try:
        with env.cr.savepoint():
            return env["lapor.mail.gateway"]._receive(raw)["status"]
    except Exception as error:
        crashes.append(f"{type(error).__name__}: {error}")
        return "crash"


def missing(raw, after):
    """How many words of a mail that became a complaint stand nowhere in it, by another parser."""
    env.cr.execute(
        "SELECT complaint_id FROM lapor_mail_receipt WHERE id > %s AND fate = 'new'", [after]
    )
    case = env["lapor.complaint"].browse([row[0] for row in env.cr.fetchall()])
    # Bytes that no charset has, and the armour of a signature, are words to that parser only.
    if not case or not raw.isascii() or b"-----BEGIN PGP" in raw:
        return 0
    said = "\n".join(
        [
            *case.mapped("description"),
            *(html2plaintext(post.body) for post in case.message_ids),
            *(file.raw.decode("latin-1") for file in case.message_ids.attachment_ids),
        ]
    )
    bare = re.sub(r"\W", "", said.casefold())
    # What the thread hides of it stands in no text of it: the address of the writer.
    own = (case.complainant_id[:1].email or "").casefold()
    found = lost_words(raw, said)
    return len([word for word in found if word not in bare and word not in own])


def batches():
    """The mails, numbered, so many at a time."""
    raws = [sample.raw for sample in build(ADDRESS)]
    mails = enumerate(mutated(raws, ARGUMENTS["size"], seed=ARGUMENTS["seed"]))
    while batch := list(itertools.islice(mails, BATCH)):
        yield batch


office()
env.cr.execute(TABLE)
env.cr.commit()
crashes = []
fates = collections.Counter()
started = time.perf_counter()
for batch in batches():
    rows = []
    for turn, raw in batch:
        before = last_receipt()
        status = handed(raw)
        rows.append([turn, hashlib.sha1(raw).hexdigest(), machine(raw), status, before])
        rows[-1] += [last_receipt(), missing(raw, before)]
        fates[status] += 1
    env.cr.commit()
    # Again, when everything before is committed, as a source that was not told does.
    env.invalidate_all()
    for row, (_turn, raw) in zip(rows, batch, strict=True):
        turn, digest, is_machine, status, before, after, lost = row
        env.cr.execute(
            "INSERT INTO bench_handed VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [turn, digest, is_machine, status, handed(raw), before, after, lost],
        )
    # The database is the bench's own; committing keeps memory and locks small.
    env.cr.commit()
    env.invalidate_all()
seconds = round(time.perf_counter() - started, 1)
for fate, count in sorted(fates.items()):
    report({"act": f"mails: {fate}", "count": count})
report(
    {
        "act": "mails in all, each handed over twice",
        "count": sum(fates.values()),
        "seconds": seconds,
    }
)
for count in ("lapor_complaint", "lapor_mail_held", "mail_mail"):
    env.cr.execute(f"SELECT count(*) FROM {count}")
    report({"act": f"rows of {count}", "count": env.cr.fetchone()[0]})
for what, query in MUST_NOT_BE.items():
    env.cr.execute(query)
    found = [row[0] for row in env.cr.fetchall()]
    report({"act": f"must not be: {what}", "count": len(found)})
    if found:
        report({"wrong": f"{what}: {found[:20]}"})
for crash, count in collections.Counter(crashes).most_common(20):
    report({"wrong": f"{count} crashes: {crash}"})
