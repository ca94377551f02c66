import re
from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..tools import mail_bounds
from ..tools.mail_html import parse_html
from ..tools.mail_reader import read_mail
from .mail_inline import WORD, lost_words
from .mail_mutations import mutated
from .mail_samples import build
from .mails import MailIntakeCase


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
        return lost_words(raw, self._said(mail))

    def test_samples_lose_no_word(self):
        for sample in build(self.office_address):
            # The other parser believes what a mail says of its charset, and takes the armour of a
            # signature for words.
            told_apart = "that says" in sample.name or "signed" in sample.name
            if sample.status != "held" and not told_apart:
                with self.subTest(sample.name):
                    self.assertFalse(self._lost(sample.raw))

    def test_words_that_no_page_shows_are_counted(self):
        """Of damaged mails, whatever another parser misses the count misses, too."""
        # The other parser takes the armour of a signature for words.
        raws = [one.raw for one in build(self.office_address) if "signed" not in one.name]
        raws = [raw for raw in raws if len(raw) < 100_000]
        counted = self.env["lapor.complaint"]._words_lost
        told = 0
        for turn, raw in enumerate(mutated(raws, 300, seed=20261201)):
            mail = None if mail_bounds.excess(raw) else read_mail(raw)
            # Bytes that no charset has are different words to each parser.
            if not mail or mail.is_cut() or mail.encrypted or not raw.isascii():
                continue
            if counted(mail, new=True):
                told += 1
                continue
            said = self._said(mail) + " ".join(
                file.content.decode("latin-1").casefold() for file in mail.files
            )
            # Characters that nobody sees are taken out of words.
            bare = re.sub(r"\W", "", said)
            with self.subTest(turn):
                self.assertFalse({word for word in lost_words(raw, said) if word not in bare})
        # Nobody is told of words that are there.
        self.assertLess(told, 5)

    def test_case_says_that_words_are_missing_and_the_whole_mail_is_kept(self):
        raw = self._mail().replace(b"text/plain", b"text/html")
        raw = raw.partition(b"\n\n")[0] + b"\n\n<p><table><b>Lampu jalan <mati"
        complaint = self._take_in(raw)
        body = self._complainant_posts(complaint).body
        self.assertIn("words of this mail cannot be shown", body)
        self.assertIn("whole mail is kept", body)
        kept = self.env["lapor.mail.held"].search([("complaint_id", "=", complaint.id)])
        self.assertEqual((kept.state, kept.kind), ("released", "words"))
        self.assertEqual(self._raw(kept), raw)
        # So it is where an officer takes it in.
        self._process(raw.replace(b"Message-Id: <", b"Precedence: bulk\nMessage-Id: <x"))
        self._held().with_user(self.operator).action_release_new()
        complaint = self._held().complaint_id
        self.assertIn("cannot be shown", self._complainant_posts(complaint).body)

    def test_page_deeper_than_people_nest_may_hold_anything(self):
        page = "<div>" * 300 + "jauh \x01 di dalam" + "</div>" * 300
        self.assertIn("di dalam", parse_html(page).text_content())

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
