import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..tools.mail_html import parse_html
from ..tools.mail_reader import read_mail
from .mail_samples import build
from .mails import MailIntakeCase

WORD = re.compile(r"[^\W\d_]{3,}")


def inline_texts(raw):
    """What each inline text part of a mail says, by another parser than the product's."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    for part in message.walk():
        if part.get_content_type() not in ("text/plain", "text/html"):
            continue
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        try:
            text = part.get_content()
        except (LookupError, UnicodeError, ValueError, KeyError, AssertionError):
            continue
        if part.get_content_type() == "text/html":
            text = re.sub(r"(?is)<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", " ", text)
            text = re.sub(r"<[^<>]*(>|$)", " ", text)
            text = re.sub(r"&[#\w]{1,10};", " ", text)
        yield text


@tagged("post_install", "-at_install")
class TestMailWords(MailIntakeCase):
    """Every word of every inline text part of a mail that is taken in is in the complaint or in
    its thread."""

    def _said(self, mail):
        """What complaint and thread say of a mail."""
        Complaint = self.env["lapor.complaint"]
        body = Complaint._body_of(mail, set())
        return f"{Complaint._text_of(mail)}\n{html2plaintext(body)}".casefold()

    def _lost(self, raw):
        mail = read_mail(raw)
        if not mail or mail.cut or mail.encrypted:
            return set()
        said = set(WORD.findall(self._said(mail)))
        alternatives = "multipart/alternative" in raw.decode("latin-1").lower()
        lost = set()
        for text in inline_texts(raw):
            words = set(WORD.findall(text.casefold()))
            missing = words - said
            # Of two renderings of the same the richer one is kept: a few words of the other may
            # be missing, never its matter.
            if missing and not (alternatives and len(missing) <= max(3, len(words) // 5)):
                lost |= missing
        return lost

    def test_samples_lose_no_word(self):
        for sample in build(self.office_address):
            # The other parser believes what a mail says of its charset, and takes the armour of a
            # signature for words.
            told_apart = "that says" in sample.name or "signed" in sample.name
            if sample.status != "held" and not told_apart:
                with self.subTest(sample.name):
                    self.assertFalse(self._lost(sample.raw))

    def test_structures_of_texts_and_files(self):
        """Parts one after another, in each order, nested, in each kind of multipart."""
        texts = {
            "plain": ("text/plain", "Jembatan Sungai Kandut ambruk sejak malam tadi."),
            "html": ("text/html", "<html><body><p>Dua desa terputus.</p></body></html>"),
            "form": (
                "text/html",
                "<form><button>Warga</button> memutar <textarea>jauh</textarea></form>",
            ),
            "photo": ("image/jpeg", ""),
            "two": (
                "text/html",
                "<html><body>Pertama</body></html><html><body>kedua</body></html>ketiga",
            ),
        }
        orders = [
            ("plain", "html"),
            ("html", "plain"),
            ("html", "photo", "html"),
            ("plain", "photo", "plain"),
            ("form", "photo", "two", "plain"),
            ("two",),
        ]
        for kind in ("mixed", "related", "digest", "parallel", "unknown"):
            for order in orders:
                lines = [
                    f"From: Warga <w@x.example>\nTo: {self.office_address}\nSubject: Uji",
                    f'Content-Type: multipart/{kind}; boundary="b"\n',
                ]
                for name in order:
                    mimetype, content = texts[name]
                    lines.append(f"--b\nContent-Type: {mimetype}\n\n{content}")
                raw = "\n".join((*lines, "--b--")).encode()
                with self.subTest(kind=kind, order=order):
                    self.assertFalse(self._lost(raw))
                    text = self.env["lapor.complaint"]._text_of(read_mail(raw))
                    for name in order:
                        first = WORD.search(re.sub(r"<[^<>]*>", " ", texts[name][1]))
                        if first:
                            self.assertIn(first.group(), text)

    def test_alternatives_that_say_different_things_are_both_kept(self):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "w@x.example", self.office_address, "Uji"
        mail.set_content("Jembatan Sungai Kandut ambruk sejak malam tadi, dua desa terputus.")
        mail.add_alternative("<p>Disclaimer: pesan ini rahasia.</p>", subtype="html")
        text = self.env["lapor.complaint"]._text_of(read_mail(mail.as_bytes()))
        self.assertIn("Kandut", text)
        self.assertIn("Disclaimer", text)

    def test_words_of_any_element_stay(self):
        """Only script, style and what stands in the head of a page are no words of it."""
        tags = (
            *("form", "button", "object", "noscript", "textarea", "select", "option", "label"),
            *("fieldset", "legend", "iframe", "audio", "video", "svg", "math", "applet", "canvas"),
            *("template", "details", "summary", "marquee", "blink", "center", "font", "pre", "xmp"),
            *("listing", "plaintext", "unbekannt", "o:p", "v:shape", "table", "dl", "dialog"),
        )
        for tag in tags:
            page = f"<div>awal <{tag}>tengah</{tag}> akhir</div>"
            mail = read_mail(
                f"From: w@x.example\nTo: {self.office_address}\nSubject: Uji\n"
                f"Content-Type: text/html\n\n{page}".encode()
            )
            with self.subTest(tag):
                said = self._said(mail)
                for word in ("awal", "tengah", "akhir"):
                    self.assertIn(word, said)
        self.assertEqual(parse_html("<script>x()</script>").text_content(), "x()")

    def test_where_no_other_text_is_the_first_text_is_it(self):
        for kind, head in (
            ("text/plain", 'Content-Disposition: inline; filename="Body.txt"'),
            ("text/plain", "Content-Disposition: attachment"),
            ("text/html", 'Content-Disposition: attachment; filename="message.html"'),
            ("text/markdown", "X-Kosong: ya"),
            ("text/enriched", "X-Kosong: ya"),
        ):
            raw = (
                f"From: w@x.example\nTo: {self.office_address}\nSubject: Uji\n"
                f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: {kind}\n{head}'
                "\n\nPohon tumbang menutup jalan.\n--b--"
            ).encode()
            with self.subTest(kind=kind, head=head):
                text = self.env["lapor.complaint"]._text_of(read_mail(raw))
                self.assertIn("Pohon tumbang menutup jalan.", text)

    def test_what_is_passed_on_belongs_to_a_new_complaint(self):
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "Ibu Rahma <r@x.example>", "Longsor"
        inner.set_content("Jalan longsor menutup akses ke puskesmas.")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "w@x.example",
            self.office_address,
            "Fwd: Longsor",
        )
        mail.set_content("Mohon ditindaklanjuti.")
        mail.add_attachment(inner)
        complaint = self._take_in(mail.as_bytes())
        self.assertIn("Mohon ditindaklanjuti.", complaint.description)
        self.assertIn("menutup akses ke puskesmas", complaint.description)
        text = (
            "Mohon bantuannya.\n\nDari: Ibu Rahma <r@x.example>\nDikirim: Senin\n"
            "Kepada: kades@x.example\nPerihal: Longsor\n\nJalan longsor."
        )
        complaint = self._take_in(self._mail(text, subject="FW: Longsor"))
        self.assertIn("Jalan longsor.", complaint.description)

    def test_one_bad_file_costs_only_that_file(self):
        for name, content in (
            ("KTP.pdf", b"\xff\xd8\xff\xe0jpeg"),
            ("surat.exe", b"MZ" + b"\0" * 100),
            ("foto.jpg", b"<html>galat</html>"),
            ("kosong.pdf", b""),
        ):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "w@x.example", self.office_address, name
            mail.set_content(f"Jembatan putus, lihat {name}.")
            mail.add_attachment(content, maintype="application", subtype="x", filename=name)
            mail.add_attachment(b"Catatan", maintype="application", subtype="x", filename="a.txt")
            with self.subTest(name):
                complaint = self._take_in(mail.as_bytes())
                post = self._complainant_posts(complaint)
                self.assertEqual(post.attachment_ids.mapped("name"), ["a.txt"])
                self.assertIn(name, post.body)
                self.assertIn(name, self._new_mails.body_html)
                kept = self.env["lapor.mail.held"].search([("complaint_id", "=", complaint.id)])
                self.assertEqual((kept.state, kept.kind), ("released", "attachment"))
                self.assertEqual(self._raw(kept), mail.as_bytes())

    def test_person_behind_an_empty_envelope_is_taken_in_and_not_answered(self):
        result = self._process(self._mail(Return_Path="<>"))
        self.assertEqual(result["status"], "new")
        self.assertFalse(self._new_mails)

    def test_who_wrote_is_the_address_between_the_brackets(self):
        for head, name, address in (
            ("warga@lama.example <warga@baru.example>", "warga@lama.example", "warga@baru.example"),
            ("Santoso, Budi, S.Pd. <b@x.example>", "Santoso, Budi, S.Pd.", "b@x.example"),
            ('"Budi <b@y.example>" <b@x.example>', "Budi <b@y.example>", "b@x.example"),
            ("b@x.example", "", "b@x.example"),
            ("<B@X.example>", "", "b@x.example"),
            ("b@x.example (Budi)", "Budi", "b@x.example"),
        ):
            raw = f"From: {head}\nTo: {self.office_address}\nSubject: Uji\n\nIsi".encode()
            mail = read_mail(raw)
            with self.subTest(head):
                self.assertEqual((mail.sender_name, mail.sender), (name, address))

    def test_held_mails_are_the_coordinators_task_until_somebody_decides(self):
        Activity = self.env["mail.activity"].sudo()
        pen = [("lapor_task", "=", "held_pen"), ("res_model", "=", "lapor.mail.held")]
        own = [*pen, ("lapor_position_id.company_id", "=", self.company.id)]
        first = self._process(self._mail(Precedence="bulk"))
        self.assertEqual(first["status"], "held")
        held = self._held()
        task = Activity.search(own)
        self.assertEqual((task.res_id, task.user_id), (held.id, self.operator))
        self._process(self._mail("Lain lagi", Precedence="bulk", sender="d@x.example"))
        other = self._held()
        self.assertNotEqual(other, held)
        self.assertEqual(Activity.search(own).res_id, held.id)
        self.assertIn("2", Activity.search(own).summary)
        held.with_user(self.operator).action_discard()
        self.assertEqual(Activity.search(own).res_id, other.id)
        other.with_user(self.operator).action_discard()
        self.assertFalse(Activity.search(own))

    def test_person_whose_mail_is_released_gets_the_receipt(self):
        self._process(self._mail(Auto_Submitted="auto-generated"))
        with self.mock_mail_gateway():
            self._held().with_user(self.operator).action_release_new()
        self.assertEqual(len(self._new_mails), 1)
        self._process(self._mail("Pindaian", sender="s@x.example", Precedence="bulk"))
        with self.mock_mail_gateway():
            self._held().with_user(self.operator).action_release_machine()
        self.assertFalse(self._new_mails)
