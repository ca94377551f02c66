import base64
import json
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage

from psycopg2 import DatabaseError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.modules.module import get_module_path
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..tools.mail_auth import is_authentic
from ..tools.program import as_program
from .mails import CITIZEN, MailIntakeCase

CONTEXTS = ({}, {"tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True})


@tagged("post_install", "-at_install")
class TestFirstWords(MailIntakeCase):
    """What a complainant said stays as it came in, with each later wording and its author."""

    def _broken(self, complaint):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            one["reason"]
            for one in self.env["lapor.event"]._verify()["broken"]
            if one["complaint_id"] == complaint.id
        }

    def _tamper(self, table, statement):
        self.env.flush_all()
        table = SQL.identifier(table)
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
        self.env.cr.execute(statement)
        self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))
        self.env.invalidate_all()

    def test_every_thing_that_is_said_leaves_old_and_new_whatever_the_context(self):
        other = self.env["lapor.category"].create(
            {"name": "Lain", "company_id": self.company.id, "unit_id": self.opd.id}
        )
        later = {
            "name": "Judul lain",
            "description": "Isi lain",
            "place": "Tempat lain",
            "channel_reference": "SP4N 77",
            "classification": "aspiration",
            "is_secret": True,
            "category_id": other.id,
            "channel_id": self.env.ref("lapor_base.channel_letter").id,
            "incident_date": fields.Date.today() - timedelta(days=3),
            "letter_date": fields.Date.today() - timedelta(days=2),
            "is_anonymous": True,
            # Who is accused is named in misconduct cases; both shut people out, so they come last.
            "is_misconduct": True,
            "accused_position_ids": [Command.set(self.engineer_position.ids)],
            "accused_unit_ids": [Command.set(self.bidang.ids)],
            "accused_user_ids": [Command.set(self.engineer.ids)],
        }
        for context in CONTEXTS:
            complaint = self._make_complaint().with_user(self.operator)
            # A new field of what a complaint says has to come into this test.
            self.assertEqual(later.keys(), complaint._tracked_data() - {"complainant_id"})
            for name, value in later.items():
                with self.subTest(name, context=context):
                    before, count = complaint._words()[name], len(complaint.sudo().version_ids)
                    complaint.with_context(**context)[name] = value
                    complaint.invalidate_recordset()
                    version = complaint.sudo().version_ids[-1]
                    self.assertEqual(len(complaint.sudo().version_ids), count + 1)
                    self.assertEqual(version.before, {name: before})
                    self.assertEqual(version.after, {name: complaint._words()[name]})
                    self.assertEqual(version.user_id, self.operator)
                    event = complaint.sudo().event_ids.filtered(
                        lambda event, number=version.number: event.sequence == number
                    )
                    self.assertEqual(
                        (event.code, event.data["words"]), ("data_changed", version.hash)
                    )
            self.assertEqual(self._broken(complaint), set())

    def test_first_words_can_be_read_after_they_were_changed(self):
        complaint = self._make_complaint(description="Kata pertama.").with_user(self.operator)
        complaint.description = "Kata kedua."
        complaint.description = "Kata ketiga."
        shown = complaint.version_ids.with_user(self.engineer)
        with self.assertRaises(AccessError):
            shown.read(["changes"])
        shown = complaint.version_ids.mapped("changes")
        self.assertIn("Kata pertama.", shown[0])
        for word in ("pertama", "kedua"):
            self.assertIn(word, shown[1])
        with self.assertRaises(AccessError):
            complaint.version_ids.read(["before"])

    def test_versions_are_written_by_changes_only(self):
        version = self._make_complaint().sudo().version_ids
        self.assertEqual(len(version), 1)
        vals = {"complaint_id": version.complaint_id.id, "number": 9, "hash": "x"}
        for attempt in (
            lambda: version.write({"after": {}}),
            lambda: version.unlink(),
            lambda: version.copy(),
            lambda: version.create({"complaint_id": version.complaint_id.id}),
            lambda: version.sudo(False).with_user(self.administrator).create(vals),
            lambda: version.complaint_id.write({"version_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError):
                attempt()
        for statement in (
            "UPDATE lapor_complaint_version SET at = at",
            "DELETE FROM lapor_complaint_version",
            "TRUNCATE lapor_complaint_version",
        ):
            with (
                self.assertRaises(DatabaseError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_message_put_in_behind_the_program_is_noticed(self):
        complaint = self._take_in(self._mail())
        for subtype in ("lapor_base.mt_complainant", "lapor_base.mt_response"):
            with self.subTest(subtype), self.env.cr.savepoint(flush=False) as savepoint:
                self._tamper(
                    "mail_message",
                    SQL(
                        """INSERT INTO mail_message
                                  (model, res_id, subtype_id, message_type, date, body)
                           VALUES ('lapor.complaint', %s, %s, 'email', now(), 'Saya mencabut.')""",
                        complaint.id,
                        self.env.ref(subtype).id,
                    ),
                )
                self.assertEqual(self._broken(complaint), {"message_new"})
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._broken(complaint), set())

    def test_messages_and_files_of_before_are_sealed_by_the_migration(self):
        complaint = self._take_in(self._mail(photo=b"\xff\xd8\xff foto"))
        message = self._complainant_posts(complaint)
        photo = message.attachment_ids
        other = self._make_complaint()
        self._tamper(
            "lapor_event",
            SQL(
                "UPDATE lapor_event SET data = data - 'messages' - 'files' WHERE complaint_id = %s",
                complaint.id,
            ),
        )
        path = get_module_path("lapor_base") + "/migrations/19.0.1.3.0/post-seals.py"
        load_script(path, "post_seals").migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertFalse({"messages", "message_new", "files"} & self._broken(complaint))
        count = len(complaint.event_ids), len(other.event_ids)
        load_script(path, "post_seals").migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual((len(complaint.event_ids), len(other.event_ids)), count)
        for reason, record, column in (
            ("messages", message, "body"),
            ("files", photo, "name"),
        ):
            with self.subTest(reason), self.env.cr.savepoint(flush=False) as savepoint:
                self._tamper(
                    record._table,
                    SQL(
                        "UPDATE %s SET %s = 'lain' WHERE id = %s",
                        SQL.identifier(record._table),
                        SQL.identifier(column),
                        record.id,
                    ),
                )
                self.assertIn(reason, self._broken(complaint))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_is_changed_behind_the_program_is_noticed(self):
        complaint = self._take_in(self._mail(photo=b"\xff\xd8\xff foto"))
        other = self._make_complaint()
        complaint.with_user(self.operator).name = "Judul baru"
        self.assertEqual(self._broken(complaint), set())
        version = complaint.version_ids[-1]
        message = self._complainant_posts(complaint)
        receipt = self.env["lapor.mail.receipt"].search([("complaint_id", "=", complaint.id)])
        raw = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", receipt._name), ("res_field", "=", "raw")],
                limit=1,
                order="id desc",
            )
        )
        for reason, table, change in (
            ("words", "lapor_complaint", "description = 'Sudah selesai'"),
            ("words", "lapor_complaint", "is_misconduct = TRUE"),
            ("version", "lapor_complaint_version", "user_id = 1, at = at - interval '1 day'"),
            ("version", "lapor_complaint_version", 'after = \'{"name": "Palsu"}\''),
            ("messages", "mail_message", "body = 'Saya mencabut aduan.'"),
            ("messages", "mail_message", "date = date - interval '1 day'"),
            ("messages", "mail_message", "author_id = 1"),
            ("messages", "mail_message", f"res_id = {other.id}"),
            ("messages", "mail_message", "model = 'res.partner'"),
            ("files", "ir_attachment", f"res_id = {other.id}"),
            ("files", "ir_attachment", "name = 'lain.jpg'"),
            ("files", "ir_attachment", "res_model = 'res.partner'"),
        ):
            ids = {
                "ir_attachment": message.attachment_ids.id,
                "lapor_complaint": complaint.id,
                "lapor_complaint_version": version.id,
                "mail_message": message.id,
            }
            with self.subTest(change), self.env.cr.savepoint(flush=False) as savepoint:
                self._tamper(
                    table,
                    SQL(
                        "UPDATE %s SET %s WHERE id = %s",
                        SQL.identifier(table),
                        SQL(change.replace("%", "%%")),
                        ids[table],
                    ),
                )
                self.assertIn(reason, self._broken(complaint))
                savepoint.rollback()
                self.env.invalidate_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            self._tamper(
                "lapor_complaint_version",
                SQL("DELETE FROM lapor_complaint_version WHERE id = %s", version.id),
            )
            self.assertIn("version_gone", self._broken(complaint))
            savepoint.rollback()
            self.env.invalidate_all()
        raw.sudo().write({"raw": b"From: lain@warga.example\n\nLain\n"})
        self.assertIn("mail", self._broken(complaint))

    def test_mail_is_kept_as_it_came_and_nobody_reads_it(self):
        raw = self._mail(photo=b"\xff\xd8\xff foto")
        complaint = self._take_in(raw)
        receipt = (
            self.env["lapor.mail.receipt"].sudo().search([("complaint_id", "=", complaint.id)])
        )
        self.assertEqual(base64.b64decode(receipt.with_context(bin_size=False).raw), raw)
        for name in ("raw", "fingerprint", "key", "sender_key", "gist"):
            with self.assertRaises(AccessError):
                receipt.with_user(self.administrator).read([name])
        files = self.env["ir.attachment"].search(
            [("res_model", "=", receipt._name), ("res_field", "=", "raw")]
        )
        with self.assertRaises(AccessError):
            files.with_user(self.administrator).read(["raw"])
        event = complaint.event_ids[0]
        self.assertEqual(
            {"words", "mail", "messages", "files"} - event.data.keys(), set(), event.data
        )
        # A file that came with it is changed on the disk.
        photo = self._complainant_posts(complaint).attachment_ids
        with as_program():
            photo.sudo().write({"raw": b"\xff\xd8\xff lain"})
        self.assertIn("files", self._broken(complaint))

    def test_sent_answer_stands_in_the_chain(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "5")
        self._advance(complaint, self.operator, "close", delivery={"note": "Diterima sendiri"})
        event = complaint.sudo().event_ids.filtered(lambda e: e.code == "response_delivered")[-1]
        (message_id,) = event.data["messages"]
        message = self.env["mail.message"].browse(int(message_id))
        self.assertEqual(message.subtype_id, self.env.ref("lapor_base.mt_response"))
        self.assertEqual(self._broken(complaint), set())

    def test_case_that_becomes_anonymous_still_holds(self):
        complaint = self._take_in(self._mail(text="Saya Budi Santoso. Lampu mati."))
        complaint.with_user(self.operator).is_anonymous = True
        self.assertEqual(self._broken(complaint), set())
        shown = str(complaint.version_ids.with_user(self.operator).read())
        self.assertNotIn("Budi", shown)
        self.assertIn("Lampu mati", shown)
        complaint.with_user(self.head).action_reveal_identity("Menelepon pelapor hari ini")
        self.assertIn("Budi", str(complaint.version_ids.with_user(self.head).read()))


@tagged("post_install", "-at_install")
class TestMessages(MailIntakeCase, HttpCase):
    """Messages of acts are the program's; the author of a message is who wrote it."""

    def setUp(self):
        super().setUp()
        self.complaint = self._take_in(self._mail())
        self.received = self._complainant_posts(self.complaint)
        self.sent = self._acknowledgement(self.complaint).mail_id.mail_message_id
        self.log = self.complaint.sudo()._message_log(body="Tercatat")
        self.note = self.complaint.with_user(self.operator).message_post(
            body="Catatan", message_type="comment"
        )

    def _said(self):
        self.env.flush_all()
        self.env.invalidate_all()
        messages = (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", "lapor.complaint"), ("res_id", "=", self.complaint.id)])
        )
        return sorted((one.id, one._seal()) for one in messages)

    def _values(self, **more):
        return {
            "model": "lapor.complaint",
            "res_id": self.complaint.id,
            "body": "Saya mencabut aduan saya",
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
            **more,
        }

    def test_nobody_writes_in_the_place_of_another_or_of_an_act(self):
        complainant = self.env.ref("lapor_base.partner_complainant").id
        head = self.head.partner_id.id
        earlier = fields.Datetime.now() - timedelta(days=30)
        forged = [
            {"author_id": complainant},
            {"author_id": head},
            {"author_id": False, "email_from": CITIZEN},
            {"email_from": "Bupati <bupati@kab.example>"},
            {"message_type": "email"},
            *(
                {"subtype_id": self.env.ref(f"lapor_base.mt_{kind}").id}
                for kind in ("response", "disposition", "complainant")
            ),
        ]
        said, subtypes = self._said(), self.complaint._act_subtype_ids()
        for user in (self.operator, self.head, self.administrator):
            Message = self.env["mail.message"].with_user(user)
            thread = self.complaint.with_user(user)
            for vals in forged:
                values = self._values(**vals)
                post = {
                    name: value for name, value in values.items() if name not in ("model", "res_id")
                }
                schedule = {
                    "model": "lapor.complaint",
                    "res_id": self.complaint.id,
                    "body": "Terjadwal",
                    "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                    "author_id": vals.get("author_id") or complainant,
                }
                for way in (
                    lambda v=values, m=Message: m.create(v),
                    lambda v=vals, m=Message: m.with_context(
                        **{f"default_{name}": value for name, value in self._values(**v).items()}
                    ).create({}),
                    lambda p=post, t=thread: t.message_post(**p),
                    lambda v=values, t=thread: t.write({"message_ids": [Command.create(v)]}),
                    lambda s=schedule, u=user: (
                        self.env["mail.scheduled.message"].with_user(u).create(s).post_message()
                    ),
                    lambda v=vals, t=thread: (
                        self.env["mail.compose.message"]
                        .with_user(t.env.user)
                        .with_context(default_model="lapor.complaint", default_res_ids=t.ids)
                        .create({"body": "Surat", "composition_mode": "comment", **v})
                        ._action_send_mail()
                    ),
                ):
                    floor = self.env["mail.message"].sudo().search([], order="id desc", limit=1).id
                    with self.subTest(user=user.login, vals=vals), self.env.cr.savepoint() as point:
                        try:
                            way()
                        except (UserError, AccessError, ValueError):
                            continue
                        self.env.flush_all()
                        for new in (
                            self.env["mail.message"]
                            .sudo()
                            .search([("id", ">", floor), ("model", "=", "lapor.complaint")])
                        ):
                            self.assertEqual(new.author_id, user.partner_id)
                            self.assertIn(new.message_type, ("comment", "notification"))
                            self.assertEqual(new.email_from, user.email_formatted)
                            self.assertNotIn(new.subtype_id.id, subtypes)
                        point.rollback()
                        self.env.invalidate_all()
            dated = Message.create(self._values(date=earlier, message_id="<tebak@x.example>"))
            self.assertGreater(dated.sudo().date, earlier + timedelta(days=29))
            self.assertNotEqual(dated.sudo().message_id, "<tebak@x.example>")
        self.assertLessEqual(set(said), set(self._said()))

    def test_nobody_changes_or_removes_what_stands(self):
        said = self._said()
        for user in (self.operator, self.head, self.administrator):
            for message in (self.received, self.sent, self.log, self.note):
                own = message.with_user(user).sudo(False)
                thread = self.complaint.with_user(user).sudo(False)
                for way in (
                    lambda m=own: m.write({"body": "diganti"}),
                    lambda m=own: m.sudo().write({"body": "diganti"}),
                    lambda m=own: m.write({"date": "2026-01-01 00:00:00"}),
                    lambda m=own: m.write({"author_id": self.head.partner_id.id}),
                    lambda m=own: m.write({"res_id": False}),
                    lambda m=own: m.write({"model": "res.partner"}),
                    lambda m=own: m.web_save({"body": "diganti"}, {"id": {}}),
                    lambda m=own, t=thread: t.write(
                        {"message_ids": [Command.update(m.id, {"body": "diganti"})]}
                    ),
                    lambda m=own, t=thread: t.write({"message_ids": [Command.delete(m.id)]}),
                    lambda m=own, t=thread: t.write({"message_ids": [Command.unlink(m.id)]}),
                    lambda t=thread: t.write({"message_ids": [Command.clear()]}),
                    lambda m=own: m.unlink(),
                    lambda m=own: m.load(["id", "body"], [[str(m.id), "diganti"]]),
                ):
                    with suppress(UserError, AccessError), self.env.cr.savepoint():
                        way()
                    now = self._said()
                    new = (
                        self.env["mail.message"]
                        .sudo()
                        .browse([one[0] for one in now if one not in said])
                    )
                    self.assertEqual(now, said, (user.login, new.mapped("body"), way))
        # The program's own messages are no more the system's to remove.
        for message in (self.received, self.sent, self.log):
            with self.assertRaises(UserError):
                message.sudo().unlink()
            with self.assertRaises(UserError):
                self.complaint.sudo()._message_update_content(message, body="diganti", strict=False)

    def _rpc(self, route, user, **params):
        self.authenticate(user.login, user.login)
        return self.url_open(
            route,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    def test_own_notes_are_edited_and_marked_stars_and_reactions_work(self):
        answer = self._rpc(
            "/mail/message/post",
            self.operator,
            thread_model="lapor.complaint",
            thread_id=self.complaint.id,
            post_data={"body": "Dari layar", "message_type": "comment"},
        )
        note = self.env["mail.message"].browse(answer["result"]["message_id"])
        self.assertEqual(note.author_id, self.operator.partner_id)
        for subtype in ("lapor_base.mt_complainant", "lapor_base.mt_response"):
            answer = self._rpc(
                "/mail/message/post",
                self.operator,
                thread_model="lapor.complaint",
                thread_id=self.complaint.id,
                post_data={"body": "Palsu", "message_type": "comment", "subtype_xmlid": subtype},
            )
            self.assertIn("error", answer)
        self._rpc(
            "/mail/message/update_content",
            self.operator,
            message_id=note.id,
            update_data={"body": "Diperbaiki"},
        )
        self.env.invalidate_all()
        self.assertIn("Diperbaiki", note.body)
        self.assertIn("o-mail-Message-edited", note.body)
        for message, user in (
            (note, self.head),
            (self.received, self.operator),
            (self.sent, self.head),
        ):
            before = message.body
            self._rpc(
                "/mail/message/update_content",
                user,
                message_id=message.id,
                update_data={"body": "Palsu"},
            )
            self.env.invalidate_all()
            self.assertEqual(message.body, before)
        self.received.with_user(self.operator).toggle_message_starred()
        self.assertTrue(self.received.with_user(self.operator).starred)
        self._rpc(
            "/mail/message/reaction",
            self.operator,
            message_id=self.received.id,
            content="👍",
            action="add",
        )
        self.env.invalidate_all()
        self.assertTrue(self.received.reaction_ids)

    def test_files_that_were_received_stay(self):
        raw = self._mail(
            photo=b"\xff\xd8\xff foto", answers=self.sent.message_id, text="Ini fotonya"
        )
        self._process(raw)
        photo = self._complainant_posts(self.complaint)[0].attachment_ids
        for user in (self.operator, self.administrator):
            for way in (
                lambda u=user: photo.with_user(u).sudo(False).unlink(),
                lambda u=user: photo.with_user(u).sudo().unlink(),
                lambda u=user: photo.with_user(u).sudo(False).write({"raw": b"\xff\xd8\xff x"}),
                lambda u=user: photo.with_user(u).sudo().write({"name": "lain.jpg"}),
                lambda u=user: photo.with_user(u).sudo(False).write({"public": True}),
            ):
                with self.assertRaises(UserError):
                    way()
        own = self.complaint.with_user(self.operator).message_post(
            body="Foto saya", attachments=[("foto.txt", b"isi")], message_type="comment"
        )
        own.attachment_ids.with_user(self.operator).unlink()

    def test_message_ids_are_for_mail_servers(self):
        for user in (self.operator, self.head, self.administrator):
            own = self.sent.with_user(user)
            self.assertNotIn("message_id", own.read()[0])
            with self.assertRaises(AccessError):
                own.read(["message_id"])
            with self.assertRaises(AccessError):
                own.search([("message_id", "=", self.sent.message_id)])


@tagged("post_install", "-at_install")
class TestProvenSender(MailIntakeCase):
    """The address alone does not say who wrote a mail."""

    def test_mail_with_address_and_number_only_is_marked_or_held(self):
        complaint = self._take_in(self._mail())
        subject = f"Re: [{complaint.number}]"
        self.assertEqual(self._process(self._mail(subject=subject))["status"], "reply")
        post = self._complainant_posts(complaint)[0]
        self.assertIn("Sender not proven", post.body)
        answers = self._acknowledgement(complaint).mail_id.message_id
        self.assertEqual(self._process(self._mail(answers=answers))["status"], "reply")
        self.assertNotIn("Sender not proven", self._complainant_posts(complaint)[0].body)
        complaint.with_user(self.operator).is_secret = True
        for sender in (CITIZEN, "lain@warga.example"):
            raw = self._mail(subject=subject, sender=sender)
            self.assertEqual(self._process(raw)["status"], "held")
            self.assertEqual(self._held().kind, "unproven")
            self._held().with_user(self.operator).action_discard()
        self.assertEqual(self._process(self._mail(answers=answers))["status"], "reply")

    def test_own_mail_server_proves_the_sender(self):
        complaint = self._take_in(self._mail())
        complaint.with_user(self.operator).is_secret = True
        self.manager.mail_auth_server = "mx.uji.example"
        proof = "mx.uji.example; dkim=pass header.d=warga.example"
        raw = self._mail(subject=f"Re: [{complaint.number}]", Authentication_Results=proof)
        self.assertEqual(self._process(raw)["status"], "reply")

    def test_proof_is_read_strictly(self):
        for value, expected in (
            ("mx.uji.example; dkim=pass header.d=warga.example", True),
            ("mx.uji.example; dmarc=pass (p=none) header.from=warga.example", True),
            ("mx.uji.example 1; spf=pass; dkim=pass header.i=@warga.example", True),
            ("mx.lain.example; dkim=pass header.d=warga.example", False),
            ("mx.uji.example; dkim=fail header.d=warga.example", False),
            ("mx.uji.example; dkim=pass header.d=penipu.example", False),
            ("mx.uji.example; spf=pass smtp.mailfrom=warga.example", False),
            ("mx.uji.example; (dkim=pass header.d=warga.example)", False),
            ("", False),
        ):
            message = EmailMessage()
            if value:
                message["Authentication-Results"] = value
            with self.subTest(value):
                self.assertEqual(is_authentic(message, "mx.uji.example", CITIZEN), expected)
        message = EmailMessage()
        message["Authentication-Results"] = "mx.uji.example; dkim=none"
        self.assertFalse(is_authentic(message, "mx.uji.example", CITIZEN))
        self.assertFalse(is_authentic(message, "", CITIZEN))
