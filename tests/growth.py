"""Every public function of the tools that reads what comes from outside, and how it is called."""

import datetime
import email
import importlib
import inspect
import pathlib
import pkgutil

from . import hostile

#: What the functions read: families by name.
KINDS = {
    "text": hostile.texts,
    "mail": hostile.mails,
    "tnef": hostile.tnefs,
    "bytes": hostile.blobs,
}


def tool_modules():
    """The modules of all tools of the addons of this project."""
    root = pathlib.Path(__file__).parent.parent / "addons"
    for folder in sorted(root.glob("*/tools")):
        for found in pkgutil.iter_modules([str(folder)]):
            name = f"{folder.parent.name}.{found.name}"
            yield (
                name,
                importlib.import_module(f"odoo.addons.{folder.parent.name}.tools.{found.name}"),
            )


def functions():
    """(name, function) of all public functions and methods that are written there."""
    for module_name, module in tool_modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                yield f"{module_name}.{name}", thing
            elif inspect.isclass(thing):
                for method, function in vars(thing).items():
                    function = getattr(function, "__func__", function)
                    if inspect.isfunction(function) and not method.startswith("_"):
                        yield f"{module_name}.{name}.{method}", function


def reads_text(function):
    """Whether a function takes anything besides numbers, dates and the like."""
    harmless = {"int", "float", "bool", "date", "datetime", "time"}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("self", "cls"):
            continue
        kind = parameter.annotation
        kind = kind.__name__ if isinstance(kind, type) else str(kind)
        if not set(kind.replace(" | None", "").split(".")) & harmless:
            return True
    return False


def _tool(name, addon="lapor_base"):
    return importlib.import_module(f"odoo.addons.{addon}.tools.{name}")


def calls():
    """How each function that reads text is called: name to a list of (kind, call)."""
    base, reports = _tool, lambda name: _tool(name, "lapor_reports")
    number, slots, mail = base("letter_number"), base("letter_slots"), base("mail_reader")
    headers, page, likeness = base("mail_headers"), base("mail_html"), base("likeness")
    personal, plain, files = base("personal_data"), base("plain_text"), base("file_check")
    key, sameness, report = base("mail_thread_key"), base("mail_sameness"), base("mail_report")
    alike, check, letter = base("text_similarity"), base("sop_check"), reports("letter_slots")
    quotes = base("mail_quotes")
    breaks, signature = reports("line_break"), reports("signature")
    jalan = email.message_from_string("Subject: x\n\njalan rusak di depan pasar")
    step, bounds = check.Step, base("domain_bounds")
    register, sheet = _tool("register", "lapor_history"), _tool("sheet", "lapor_history")
    person = ("Siti Aminah", "0812-5550-7788", "Jalan Melati 8, Paringin", "siti@warga.example")

    def on_page(html, call):
        root = page.parse_html(html)
        if root is not None:
            call(root)

    def read(raw):
        # As the gateway does: what may cost too much is not read.
        return None if base("mail_bounds").excess(raw) else mail.read_mail(raw)

    def parsed(call):
        """A call with the message of a mail within bounds."""

        def bounded(raw):
            if not base("mail_bounds").excess(raw):
                call(email.message_from_bytes(raw, policy=mail.POLICY))

        return [("mail", bounded)]

    def text(call):
        return [("text", call)]

    def both(call):
        """Of two texts each, or both, may be the long one."""
        return [
            ("text", lambda value: call(value, "jalan rusak di depan pasar")),
            ("text", lambda value: call("jalan rusak di depan pasar", value)),
            ("text", lambda value: call(value, value[::-1])),
        ]

    def read_sheet(content):
        try:
            sheet.read_table(content)
        except sheet.SheetFault:
            return

    def judged(value):
        cells = [value.replace("\udc80", "")] * len(register.FIELDS)
        return register.judge(
            cells,
            dict(enumerate(register.FIELDS)),
            datetime.date(2026, 1, 1),
            mask=lambda words, name: personal.mask_personal(words, [name]),
        ).values

    def told(value):
        known = {"UJI-2026-00001": "UJI-2026-00002", "Jalan rusak": "Jalan <b>"}
        return base("retelling").retold(value, known, list(person), ("1 Mei 2026", "2 Mei 2026"))

    def told_of(value):
        known = {"UJI-2026-00001": "UJI-2026-00002", value: "Jalan"}
        return base("retelling").retold("<p>Jalan rusak.</p>" * 20, known, [value], (value, value))

    return {
        "lapor_base.domain_bounds.excess": text(
            lambda value: bounds.excess([(value[:200], "any", [])] * len(value))
        ),
        "lapor_base.domain_bounds.excess_reading": text(
            lambda value: bounds.excess_reading(
                {str(place): {"fields": {value[:9]: {}}} for place in range(len(value))}
            )
        ),
        "lapor_base.event_chain.event_hash": text(
            lambda value: base("event_chain").event_hash("", {"a": value.replace("\udc80", "")})
        ),
        "lapor_base.file_identity.without_identity": [
            (
                "bytes",
                lambda raw, ending=ending: base("file_identity").without_identity(
                    f"a.{ending}", raw
                ),
            )
            for ending in ("jpg", "png", "webp", "mp4", "mp3", "pdf", "docx", "eml", "txt")
        ],
        "lapor_base.file_check.file_fault": [
            ("text", lambda value: files.file_fault(value, b"a", 10)),
            ("bytes", lambda value: files.file_fault("a.jpg", value, 10**9)),
            ("bytes", lambda value: files.file_fault("a.pdf", value, 10**9)),
        ],
        "lapor_base.file_check.is_blocked": both(files.is_blocked),
        "lapor_base.file_check.file_ending": text(files.file_ending),
        "lapor_base.file_check.clean_name": text(files.clean_name),
        "lapor_base.fingerprint.fingerprint": text(
            lambda value: base("fingerprint").fingerprint({"a": value.replace("\udc80", "")})
        ),
        "lapor_base.fingerprint.of_bytes": [("bytes", base("fingerprint").of_bytes)],
        "lapor_base.letter_number.check_pattern": text(number.check_pattern),
        "lapor_base.letter_number.format_number": text(
            lambda value: number.format_number(value + "{seq}{year}", seq=1, year=2026, month=1)
        ),
        "lapor_base.letter_slots.find_slots": text(slots.find_slots),
        "lapor_base.letter_slots.open_slots": text(slots.open_slots),
        "lapor_base.letter_slots.fill_automatic": text(
            lambda value: slots.fill_automatic(value, {"kanal": "<b>"})
        ),
        "lapor_base.likeness.trigrams": text(likeness.trigrams),
        "lapor_base.letter_frame.has_pictures": text(base("letter_frame").has_pictures),
        "lapor_base.letter_frame.plain_lines": text(base("letter_frame").plain_lines),
        "lapor_base.letter_frame.says_nothing": text(
            lambda value: base("letter_frame").says_nothing(
                value, ["<p>Kami sampaikan.</p>"], [value]
            )
        ),
        "lapor_base.likeness.similarity": both(likeness.similarity),
        "lapor_base.likeness.score": both(
            lambda one, other: likeness.score(0.5, (one, other), 1, True)
        ),
        "lapor_base.mail_auth.is_authentic": text(
            lambda value: base("mail_auth").is_authentic(
                email.message_from_bytes(
                    hostile.header("Authentication-Results", f"mx; {value}"), policy=mail.POLICY
                ),
                "mx",
                "siti@warga.example",
            )
        ),
        "lapor_base.mail_bounds.excess": [("mail", base("mail_bounds").excess)],
        "lapor_base.mail_headers.machine_marks": parsed(headers.machine_marks),
        "lapor_base.mail_html.few_attributes": text(page.few_attributes),
        "lapor_base.mail_html.parse_html": text(page.parse_html),
        "lapor_base.mail_html.without_remote": text(
            lambda html: on_page(html, lambda root: page.without_remote(root, {"a"}))
        ),
        "lapor_base.mail_html.without_unseen": text(page.without_unseen),
        "lapor_base.mail_html.html_text": text(lambda html: on_page(html, page.html_text)),
        "lapor_base.mail_html.without_quote_marks": text(
            lambda html: on_page(html, page.without_quote_marks)
        ),
        "lapor_base.mail_reader.read_mail": [("mail", read)],
        "lapor_base.mail_reader.ReadMail.fingerprint": [
            ("mail", lambda raw: (found := read(raw)) and found.fingerprint())
        ],
        "lapor_base.mail_reader.header": parsed(lambda found: mail.header(found, "Subject")),
        "lapor_base.mail_reader.addresses": parsed(lambda found: mail.addresses(found, "From")),
        "lapor_base.mail_reader.ReadMail.words": [
            ("mail", lambda raw: (found := read(raw)) and found.is_cut() and found.words())
        ],
        "lapor_base.mail_reader.part_text": parsed(mail.part_text),
        "lapor_base.mail_words.written_words": parsed(base("mail_words").written_words),
        "lapor_base.mail_words.missing_words": [
            *parsed(lambda found: base("mail_words").missing_words(found, "jalan rusak")),
            ("text", lambda value: base("mail_words").missing_words(jalan, value)),
        ],
        "lapor_base.mail_reader.writers": parsed(lambda found: mail.writers(found, "From")),
        "lapor_base.mail_reader.recipients": parsed(mail.recipients),
        "lapor_base.mail_reader.references": parsed(mail.references),
        "lapor_base.mail_report.read_report": parsed(
            lambda found: report.read_report(found, str(found.get_payload()))
        ),
        "lapor_reports.addressee.addressed": text(reports("addressee").addressed),
        "lapor_reports.addressee.copies": text(reports("addressee").copies),
        "lapor_base.mail_likelihood.person_score": text(
            lambda value: base("mail_likelihood").person_score(50, sender=value)
        ),
        "lapor_base.mail_source.person_behind": [
            (
                "mail",
                lambda raw, kind=kind: (
                    (found := read(raw))
                    and base("mail_source").person_behind(kind, "E-mail", found)
                ),
            )
            for kind in ("form", "scanner", "forwarder")
        ],
        "lapor_base.mail_sameness.gist": both(
            lambda one, other: sameness.gist(one.replace("\udc80", ""), other.replace("\udc80", ""))
        ),
        "lapor_base.mail_text.decode_text": [
            ("bytes", lambda raw: base("mail_text").decode_text(raw, "")),
            ("bytes", lambda raw: base("mail_text").decode_text(raw, "utf-7")),
            ("bytes", lambda raw: base("mail_text").decode_text(raw, "gb2312")),
            ("text", lambda value: base("mail_text").decode_text(b"a", value)),
        ],
        "lapor_base.mail_text.html_charset": [("bytes", base("mail_text").html_charset)],
        "lapor_base.mail_text.is_weak": text(base("mail_text").is_weak),
        "lapor_base.mail_text.without_uuencoded": text(base("mail_text").without_uuencoded),
        "lapor_base.mail_text.unflow": text(base("mail_text").unflow),
        "lapor_base.mail_thread_key.split_extra": text(key.split_extra),
        "lapor_base.mail_thread_key.add_extra": text(lambda value: key.add_extra(value, "a", "b")),
        "lapor_base.mail_thread_key.read_extra": text(key.read_extra),
        "lapor_base.mail_thread_key.sign": text(
            lambda value: key.sign(b"a", value.replace("\udc80", ""))
        ),
        "lapor_base.mail_thread_key.same_signature": text(
            lambda value: key.same_signature(value.replace("\udc80", ""), "a")
        ),
        "lapor_base.mail_thread_key.numbers_in_subject": text(key.numbers_in_subject),
        "lapor_base.mail_thread_key.numbers_in_text": text(key.numbers_in_text),
        "lapor_base.mail_thread_key.codes_in_text": text(key.codes_in_text),
        "lapor_base.mail_wrappers.signed_content": [
            ("bytes", base("mail_wrappers").signed_content)
        ],
        "lapor_base.personal_data.find_personal": [
            ("text", personal.find_personal),
            ("text", lambda value: personal.find_personal(value, person)),
            ("text", lambda value: personal.find_personal("Jalan rusak. " * 50, [value])),
            ("text", lambda value: personal.find_personal(value, [value[:200]])),
        ],
        "lapor_base.personal_data.count_personal": text(
            lambda value: personal.count_personal(value, value[::2])
        ),
        "lapor_base.personal_data.mask_personal": text(
            lambda value: personal.mask_personal(value, person)
        ),
        "lapor_base.personal_data.mask_html": text(
            lambda value: personal.mask_html(value.replace("\udc80", "").replace("\0", ""), person)
        ),
        "lapor_base.photo.check_pieces": [("bytes", base("photo").check_pieces)],
        "lapor_base.photo.check_photo": [("bytes", base("photo").check_photo)],
        "lapor_base.photo.photo_time": [("bytes", base("photo").photo_time)],
        "lapor_base.plain_text.clean_text": text(plain.clean_text),
        "lapor_base.plain_text.clean_line": text(lambda value: plain.clean_line(value, 250)),
        "lapor_base.plain_text.bare_subject": text(plain.bare_subject),
        "lapor_base.plain_text.normal_form": text(lambda value: plain.normal_form("NFKC", value)),
        "lapor_base.mail_quotes.is_answer": text(quotes.is_answer),
        "lapor_base.mail_quotes.is_forward": both(quotes.is_forward),
        "lapor_base.mail_quotes.split_quoted": text(quotes.split_quoted),
        "lapor_base.mail_quotes.split_signature": text(quotes.split_signature),
        "lapor_base.retelling.retold": [("text", told), ("text", told_of)],
        "lapor_base.sop_check.check_sop": [
            ("text", lambda value: check.check_sop([step(1, value, value)], [], value, value[:-1])),
            (
                "text",
                lambda value: check.check_sop(
                    [step(place, word, word) for place, word in enumerate(value.split())],
                    [check.Transition(place, place + 1) for place in range(len(value.split()) - 1)],
                ),
            ),
        ],
        "lapor_base.text_diff.compare_texts": both(
            lambda one, other: base("text_diff").compare_texts(
                one.replace("\udc80", "").replace("\0", ""),
                other.replace("\udc80", "").replace("\0", ""),
            )
        ),
        "lapor_base.text_similarity.normal_words": text(alike.normal_words),
        "lapor_base.text_similarity.own_words": both(
            lambda one, other: alike.own_words(one, [other])
        ),
        "lapor_base.text_similarity.similarity": both(alike.similarity),
        "lapor_base.tnef.unpack_tnef": [("tnef", base("tnef").unpack_tnef)],
        "lapor_base.tracking_code.normal_tracking_code": text(
            base("tracking_code").normal_tracking_code
        ),
        "lapor_history.register.plain": text(register.plain),
        "lapor_history.register.guess_columns": text(
            lambda value: register.guess_columns([value, value[::-1]])
        ),
        "lapor_history.register.guess_heading_row": text(
            lambda value: register.guess_heading_row([(1, [value]), (2, [value])])
        ),
        "lapor_history.register.read_day": text(register.read_day),
        "lapor_history.register.read_outcome": text(register.read_outcome),
        "lapor_history.register.is_numbering": text(
            lambda value: register.is_numbering([value, *value])
        ),
        "lapor_history.register.judge": text(judged),
        "lapor_history.register.row_key": text(lambda value: register.row_key(judged(value))),
        "lapor_history.register.content_key": text(
            lambda value: register.content_key(judged(value))
        ),
        "lapor_history.sheet.read_table": [
            ("bytes", read_sheet),
            ("text", lambda value: read_sheet(value.encode(errors="replace"))),
            ("text", lambda value: read_sheet(value.encode("utf-16", errors="replace"))),
        ],
        "lapor_reports.letter_body.clean_body": text(
            lambda value: reports("letter_body").clean_body(
                value.replace("\udc80", "").replace("\0", "").replace("\x07", "")
            )
        ),
        "lapor_reports.letter_slots.check": text(letter.check),
        "lapor_reports.letter_slots.fill": text(lambda value: letter.fill(value, {"nomor": "1"})),
        "lapor_reports.line_break.balanced": text(lambda value: breaks.balanced(value, 10, 12)),
        "lapor_reports.line_break.points": text(breaks.points),
        "lapor_reports.pdf.Assets.add": [
            ("bytes", lambda raw: reports("pdf").Assets().add(raw, "image/png"))
        ],
        "lapor_reports.pictures.printable": [("bytes", reports("pictures").printable)],
        "lapor_reports.signature.title_lines": both(
            lambda one, other: signature.title_lines("ub", one, other, one)
        ),
        "lapor_reports.signature.full_title": both(signature.full_title),
        "lapor_reports.signature.nip_spaced": text(signature.nip_spaced),
        "lapor_reports.xlsx_book.clean": text(reports("xlsx_book").clean),
    }


#: What takes no text from outside, and why.
OWN_WORDS = {
    "lapor_base.fingerprint.fits": "values of the program's own records",
    "lapor_base.fingerprint.proof": "values of the program's own records",
    "lapor_base.appointments.Assignment.is_over": "dates",
    "lapor_base.appointments.changes": "facts of the program",
    "lapor_base.appointments.replay": "rows of the evidence",
    "lapor_base.case_account.Account.from_json": "what the program wrote",
    "lapor_base.case_account.Account.is_late": "moments",
    "lapor_base.smtp_failure.connection_fault": "an exception; its words are cut",
    "lapor_base.smtp_failure.fault_of": "an exception; its words are cut",
    "lapor_base.case_account.after": "one event of the program",
    "lapor_base.case_account.is_done": "states of the program",
    "lapor_base.case_account.replay": "events of the program",
    "lapor_base.allowance.format_allowance": "numbers and a unit of a list",
    "lapor_base.allowance.format_total": "numbers and units of a list",
    "lapor_base.event_chain.broken_links": "rows of the evidence, one at a time",
    "lapor_history.sheet.serial_day": "a number",
    "lapor_base.mail_reader.ReadMail.shown_sender": "two headers that were read within bounds",
    "lapor_base.plain_text.bulleted": "sentences of the program",
    "lapor_base.photo.check_pixels": "a picture that was opened, not its bytes",
    "lapor_base.text_limits.limit_of": "names of models and fields",
    "lapor_reports.pdf.Assets.get": "an address that the program made",
    "lapor_reports.pdf.write_pdf": "a page of the program; the texts in it have limits",
    "lapor_reports.pdf_join.Joiner.add": "a PDF of the program",
    "lapor_reports.pictures.qr_svg": "an address that the program made",
    "lapor_reports.terbilang.counted": "a number and a word of the program",
    "lapor_reports.swimlane.shapes": "numbers of columns",
    "lapor_reports.swimlane.draw": "numbers of columns",
    "lapor_reports.swimlane.line_svg": "a style of the program",
    "lapor_reports.swimlane.background": "lines that the program drew",
    "lapor_reports.swimlane.shape_svg": "a shape of the program",
    "lapor_reports.xlsx_book.Book.sheet": "headings of the program",
    "lapor_reports.xlsx_book.Sheet.add": "cells, each through clean",
    "lapor_sla.office_hours.week_minutes": "times of day",
    "lapor_sla.office_hours.working_intervals": "times of day and dates",
    "lapor_sla.office_time.Allowance.of": "numbers and units of a list",
    "lapor_sla.office_time.Allowance.grown": "numbers",
    "lapor_sla.office_time.OfficeTime.elapsed": "moments",
    "lapor_sla.office_time.OfficeTime.advance": "moments and numbers",
}
