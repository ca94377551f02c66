"""What somebody might try on the evidence, and what notices it: the table of docs/security.md.

``test_evidence_attempts.py`` does each attempt on real rows and expects exactly what stands here;
``python tests/evidence_attempts.py`` writes the table into the page.
"""

from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- attempts: begin -->", "<!-- attempts: end -->"


@dataclass(frozen=True)
class Attempt:
    """One attempt.

    :param what: what is tried
    :param act: SQL with the names of rows (``%(response)s``), or the name of a method of the test
    :param noticed: pairs of model and reason that ``./lapor verify`` tells
    :param by: what notices it, in words
    :param why_not: why it is not noticed, where it is not
    """

    what: str
    act: str
    noticed: set = field(default_factory=set)
    by: str = ""
    why_not: str = ""


CHANGED = "the proof in the event of its act"
INSERTED = "no event has a proof of it"
REMOVED = "its proof is there, the row is not"
FILE = "SHA-256 of the file, which the event proves; every way out refuses the bytes"

ATTEMPTS = [
    # The case
    Attempt(
        "where a case stands: outcome of a closed case changed",
        "UPDATE lapor_complaint SET outcome = 'answered' WHERE id = %(complaint)s",
        {("lapor.complaint", "changed")},
        CHANGED,
    ),
    Attempt(
        "a complaint's number changed",
        "UPDATE lapor_complaint SET number = 'UJI-2020-00001' WHERE id = %(complaint)s",
        {("lapor.complaint", "changed"), ("lapor.inspection", "changed")},
        CHANGED,
    ),
    Attempt(
        "the mark of misconduct taken off",
        "UPDATE lapor_complaint SET is_misconduct = NOT COALESCE(is_misconduct, false)"
        " WHERE id = %(complaint)s",
        {
            ("lapor.complaint", "changed"),
            ("lapor.complaint", "words"),
            ("lapor.complaint", "conclusion"),
        },
        CHANGED,
    ),
    Attempt(
        "an office let into a case (involved units)",
        "INSERT INTO lapor_complaint_lapor_unit_rel (lapor_complaint_id, lapor_unit_id)"
        " VALUES (%(complaint)s, %(other_unit)s)",
        {("lapor.complaint", "changed")},
        CHANGED,
    ),
    Attempt(
        "another complainant put behind a case",
        "UPDATE lapor_complaint SET complainant_id = NULL WHERE id = %(complaint)s",
        {("lapor.complaint", "changed"), ("lapor.complaint", "words")},
        CHANGED,
    ),
    Attempt(
        "a confidential or misconduct case opened to those who only watch",
        "UPDATE lapor_complaint SET is_restricted = NOT is_restricted WHERE id = %(complaint)s",
        {("lapor.complaint", "conclusion")},
        "what its events and marks say, worked out anew",
    ),
    Attempt(
        "the moment of an answer back-dated where figures read it",
        "UPDATE lapor_complaint SET answered_at = answered_at - interval '3 days'"
        " WHERE id = %(complaint)s",
        {("lapor.complaint", "conclusion")},
        "what its events and marks say, worked out anew",
    ),
    Attempt(
        "words from before a case became anonymous shown to everybody",
        "UPDATE lapor_complaint SET hidden_version = 99 WHERE id = %(complaint)s",
        {("lapor.complaint", "changed")},
        CHANGED,
    ),
    Attempt(
        "the inspectorate said to have agreed to an end",
        "UPDATE lapor_complaint SET end_agreed_by_id = %(other_user)s WHERE id = %(complaint)s",
        {("lapor.complaint", "changed")},
        CHANGED,
    ),
    Attempt(
        "a letter shown to another government",
        "UPDATE lapor_response SET company_id = 1 WHERE id = %(response)s",
        {("lapor.response", "government")},
        "it is not of the government of its complaint",
    ),
    Attempt(
        "a message of the complainant put in",
        "INSERT INTO mail_message (model, res_id, subtype_id, message_type, date, body)"
        " SELECT model, res_id, subtype_id, message_type, date, 'Saya mencabut.'"
        " FROM mail_message WHERE id = %(message)s",
        {("mail.message", "message_new")},
        "no event has a fingerprint of it",
    ),
    Attempt(
        "an answer moved into the thread of another record",
        "UPDATE mail_message SET model = 'res.partner' WHERE id = %(message)s",
        {("mail.message", "messages")},
        "its fingerprint in the event covers the record",
    ),
    Attempt(
        "who the complainant is (name, telephone, address) changed",
        "UPDATE lapor_complainant SET name = 'Orang Lain' WHERE id = ("
        "SELECT complainant_id FROM lapor_complaint WHERE id = %(complaint)s)",
        why_not="particulars can be corrected and taken out by right; what was received is proved:"
        " the mail, its message, the first wording",
    ),
    Attempt(
        "a step said to be done by somebody else",
        "UPDATE lapor_complaint_step SET done_by_id = %(other_user)s WHERE id = %(step)s",
        {("lapor.complaint.step", "changed")},
        CHANGED,
    ),
    Attempt(
        "a step said to be done earlier",
        "UPDATE lapor_complaint_step SET done_at = done_at - interval '3 days' WHERE id = %(step)s",
        {("lapor.complaint.step", "changed")},
        CHANGED,
    ),
    # Responses
    Attempt(
        "a signed letter's text changed",
        "UPDATE lapor_response SET body = '<p>Palsu</p>' WHERE id = %(response)s",
        {("lapor.response", "changed")},
        "the fingerprint in the event of its signature, and " + CHANGED,
    ),
    Attempt(
        "a signed letter's text changed together with its fingerprint",
        "forge_response",
        {("lapor.response", "changed"), ("lapor.response", "signature")},
        "the fingerprint in the event of its signature",
    ),
    Attempt(
        "the same by the program's own shell, past all guards (ORM as the system)",
        "forge_response_by_orm",
        {("lapor.response", "signature")},
        "the fingerprint in the event of its signature; the write is an event, too",
    ),
    Attempt(
        "a signed letter's number changed",
        "UPDATE lapor_response SET number = '999/PALSU' WHERE id = %(response)s",
        {("lapor.response", "changed"), ("lapor.response", "signature")},
        "the number in the event of its signature",
    ),
    Attempt(
        "a draft put in as signed",
        "insert:lapor.response",
        {("lapor.response", "inserted"), ("lapor.response", "unsigned")},
        "there is no event of its signature",
    ),
    Attempt(
        "a response removed",
        "delete:lapor.response",
        {("lapor.response", "removed")},
        REMOVED,
    ),
    Attempt(
        "an earlier version of a text changed",
        "UPDATE lapor_response_version SET body = '<p>Palsu</p>' WHERE id = %(version)s",
        {("lapor.response.version", "changed")},
        CHANGED,
    ),
    Attempt(
        "an initial said to be given by somebody else",
        "UPDATE lapor_response_paraf SET user_id = %(other_user)s WHERE id = %(paraf)s",
        {("lapor.response.paraf", "changed")},
        CHANGED,
    ),
    # Numbers
    Attempt(
        "a line of an agenda book removed",
        "delete:lapor.agenda",
        {("lapor.agenda", "removed")},
        "its proof is there, the row is not; and the gap where lines follow",
    ),
    Attempt(
        "a line put into an agenda book for a case",
        "insert:lapor.agenda",
        {("lapor.agenda", "inserted"), ("lapor.agenda", "gap")},
        "no event has a proof of it; the number stands there twice",
    ),
    Attempt(
        "a number reserved: a line put in that belongs to no case",
        "reserve_number",
        {("lapor.agenda", "inserted")},
        "every number is taken for a case",
    ),
    Attempt(
        "a cancelled number made valid, or the other way round",
        "UPDATE lapor_agenda SET state = 'void' WHERE id = %(agenda)s",
        {("lapor.agenda", "changed")},
        CHANGED,
    ),
    # What was handed on
    Attempt(
        "a disposition's words changed",
        "UPDATE lapor_disposition SET note = 'Abaikan saja' WHERE id = %(disposition)s",
        {("lapor.disposition", "changed")},
        CHANGED,
    ),
    Attempt(
        "an addressee put into a disposition",
        "insert:lapor.disposition.line",
        {("lapor.disposition.line", "inserted")},
        INSERTED,
    ),
    Attempt(
        "a signed inspection report changed",
        "UPDATE lapor_inspection SET findings = 'Tidak ada apa-apa' WHERE id = %(inspection)s",
        {("lapor.inspection", "changed")},
        "the fingerprint that its members signed, in the proof of the event",
    ),
    Attempt(
        "a signature on an inspection report put in another's name",
        "UPDATE lapor_inspection_member SET user_id = %(other_user)s"
        " WHERE inspection_id = %(inspection)s",
        {("lapor.inspection", "changed")},
        CHANGED,
    ),
    Attempt(
        "a photo of an inspection exchanged in the file store",
        "exchange_photo",
        {("lapor.inspection", "changed")},
        "SHA-256 of the picture in the proof of the event",
    ),
    # Deliveries
    Attempt(
        "a failed delivery said to have arrived",
        "UPDATE lapor_delivery SET state = 'given_up' WHERE id = %(delivery)s",
        {("lapor.delivery", "changed")},
        CHANGED,
    ),
    Attempt(
        "a delivery back-dated",
        "UPDATE lapor_delivery SET at = at - interval '5 days' WHERE id = %(delivery)s",
        {("lapor.delivery", "changed")},
        CHANGED,
    ),
    Attempt(
        "a delivery that never was put in",
        "insert:lapor.delivery",
        {("lapor.delivery", "inserted")},
        INSERTED,
    ),
    # Acts of the rules
    Attempt(
        "the reason of an opened identity changed",
        "UPDATE lapor_reveal SET reason = 'Perintah atasan' WHERE id = %(reveal)s",
        {("lapor.reveal", "changed")},
        CHANGED,
    ),
    Attempt(
        "an opening of an identity removed",
        "delete:lapor.reveal",
        {("lapor.reveal", "removed")},
        REMOVED,
    ),
    Attempt(
        "an identity opened by a row that was put in",
        "insert:lapor.reveal",
        {("lapor.reveal", "inserted")},
        INSERTED,
    ),
    Attempt(
        "a closing back-dated",
        "UPDATE lapor_closing SET closed_at = closed_at - interval '9 days' WHERE id = %(closing)s",
        {("lapor.closing", "changed")},
        CHANGED,
    ),
    Attempt(
        "the window of a hold made longer",
        "UPDATE lapor_hold SET date_until = date_until + 30 WHERE id = %(hold)s",
        {("lapor.hold", "changed")},
        CHANGED,
    ),
    Attempt(
        "a promised date moved",
        "UPDATE lapor_promise SET date_promised = date_promised + 90 WHERE id = %(promise)s",
        {("lapor.promise", "changed")},
        CHANGED,
    ),
    Attempt(
        "a case that was given back made never given back",
        "delete:lapor.misroute",
        {("lapor.misroute", "removed")},
        REMOVED,
    ),
    Attempt(
        "more time for a step said to be granted",
        "UPDATE lapor_extension SET state = 'granted' WHERE id = %(extension)s",
        {("lapor.extension", "changed")},
        CHANGED,
    ),
    Attempt(
        "a file of proof of a delivery exchanged in the file store",
        "exchange_proof",
        {("lapor.delivery", "changed"), ("ir.attachment", "files")},
        "SHA-256 of the file in the proof of the event",
    ),
    Attempt(
        "a file that somebody attached by hand exchanged in the file store",
        "exchange_file",
        {("ir.attachment", "files")},
        "its fingerprint in the event",
    ),
    Attempt(
        "a file attached by hand given another name",
        "UPDATE ir_attachment SET name = 'lain.jpg' WHERE id = %(attachment)s",
        {("ir.attachment", "files")},
        "its fingerprint in the event",
    ),
    Attempt(
        "a file attached by hand moved to another record",
        "UPDATE ir_attachment SET res_model = 'res.partner' WHERE id = %(attachment)s",
        {("ir.attachment", "files")},
        "its fingerprint in the event covers the record",
    ),
    Attempt(
        "a file attached by hand removed",
        "remove_file",
        {("ir.attachment", "files")},
        "its fingerprint is there, the file is not",
    ),
    Attempt(
        "a file put into a case",
        "insert_file",
        {("ir.attachment", "file_new")},
        "no event has a fingerprint of it",
    ),
    # Papers
    Attempt(
        "a frozen letter exchanged in the file store",
        "exchange_paper",
        {("lapor.paper", "file")},
        FILE,
    ),
    Attempt(
        "a frozen letter exchanged together with its fingerprint",
        "exchange_paper_and_hash",
        {("lapor.paper", "changed")},
        "the proof in the event of its signature; every way out refuses the bytes",
    ),
    Attempt(
        "a frozen letter pointed at another file",
        "point_paper_elsewhere",
        {("lapor.paper", "file")},
        FILE,
    ),
    Attempt(
        "a paper put in without a signature",
        "insert_paper",
        {("lapor.paper", "inserted"), ("lapor.paper", "file"), ("lapor.paper", "unsigned")},
        "there is no event of its signature, and none has a proof of it",
    ),
    Attempt(
        "a frozen letter removed",
        "delete:lapor.paper",
        {("lapor.paper", "removed")},
        REMOVED,
    ),
    Attempt(
        "the figures of a final periodic report changed",
        "UPDATE lapor_periodic_line SET amount = amount + 7 WHERE id = %(periodic_line)s",
        {("lapor.periodic", "changed")},
        "its fingerprint in the anchor",
    ),
    Attempt(
        "the file of a final periodic report exchanged",
        "exchange_report",
        {("lapor.periodic", "file")},
        FILE,
    ),
    # Events
    Attempt(
        "an event changed, its trigger switched off",
        "UPDATE lapor_event SET code = 'closed' WHERE id = %(event)s",
        {("lapor.event", "facts")},
        "the hash chain of the case",
    ),
    Attempt(
        "a proof in an event changed together with the row that it proves",
        "forge_proof",
        {("lapor.event", "facts")},
        "the hash chain of the case covers the proofs",
    ),
    Attempt(
        "an event removed from the middle",
        "DELETE FROM lapor_event WHERE id = %(event)s",
        {("lapor.event", "gap"), ("lapor.complaint", "conclusion")},
        "the hash chain of the case",
    ),
    Attempt(
        "the last events of a case cut off, older than the newest anchor",
        "cut_tail",
        {
            ("lapor.event", "cut"),
            ("lapor.closing", "inserted"),
            ("lapor.delivery", "inserted"),
            ("lapor.response", "changed"),
            ("lapor.complaint", "changed"),
            ("lapor.complaint", "conclusion"),
            ("mail.message", "message_new"),
            ("ir.attachment", "file_new"),
            ("lapor.complaint.step", "changed"),
        },
        "the anchor; and rows that no event proves any more",
    ),
    Attempt(
        "the whole chain of a case written anew, older than the newest anchor",
        "rewrite_chain",
        {("lapor.event", "rewritten")},
        "the anchor",
    ),
    Attempt(
        "an event with a right hash put in at the end, back-dated before the one before it",
        "append_before_its_neighbour",
        {("lapor.event", "time")},
        "its time lies before that of the event before it",
    ),
    Attempt(
        "a new case with a right chain, back-dated before the newest anchor",
        "back_date_case",
        {("lapor.event", "time")},
        "the anchor of that time did not see it",
    ),
    # Anchors
    Attempt(
        "an anchor changed",
        "UPDATE lapor_event_anchor SET heads = '{}' WHERE id = %(anchor)s",
        {("lapor.event.anchor", "anchor")},
        "the chain of the anchors",
    ),
    Attempt(
        "an anchor back-dated",
        "UPDATE lapor_event_anchor SET at = at - interval '9 days' WHERE id = %(anchor)s",
        {("lapor.event.anchor", "anchor")},
        "the chain of the anchors covers their time",
    ),
    Attempt(
        "chain, papers and all anchors written anew",
        "rewrite_everything",
        by="`./lapor verify --anchor` with a fingerprint that was kept outside: the inspectorate "
        "gets one by mail every day, and each periodic report shows one",
    ),
    # What is not noticed
    Attempt(
        "an event with a right hash put in at the end, at the present time",
        "append_event",
        why_not="who writes with the program's own role and knows the format does what the "
        "program does; the event says when, and cannot be older than the newest anchor by more "
        "than two hours",
    ),
    Attempt(
        "events and the rows that they prove removed together, younger than the newest anchor "
        "(an hour at most)",
        "forget_newest_case",
        why_not="nothing outside the rows knows of them yet; a number of a complaint that none "
        "has is counted, but an intake that failed leaves one, too",
    ),
    Attempt(
        "when an addressee first opened a disposition",
        "UPDATE lapor_disposition_line SET read_at = read_at - interval '1 day'"
        " WHERE id = %(disposition_line)s",
        why_not="a mark of the screen, no act: it is not recorded as an event",
    ),
    Attempt(
        "who has a step at the moment (not who did it)",
        "UPDATE lapor_complaint_step SET user_id = %(other_user)s WHERE id = %(step)s",
        why_not="follows the holder of the position; events say who got it and who did it",
    ),
]


def table() -> str:
    """The table as the page shows it."""
    lines = ["| attempt | noticed by | or not noticed, because |", "|---|---|---|"]
    lines += [f"| {one.what} | {one.by or '–'} | {one.why_not or '–'} |" for one in ATTEMPTS]
    return "\n".join(lines)


def written(page: str) -> str:
    """The page with the table of today."""
    head, _begin, rest = page.partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
