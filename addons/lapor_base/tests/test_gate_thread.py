import inspect
import re
import textwrap

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .papers import PapersCase

WORD = "Zqxpungli"


class _Threads(PapersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.outsider, cls.engineer, cls.operator, cls.overseer):
            user.notification_type = "inbox"

    def _hidden_case(self, **values):
        case = self._case(name=f"{WORD} di loket", description=WORD).sudo()
        case.with_user(self.operator).write(values)
        self.flush_tracking()
        return case


@tagged("post_install", "-at_install")
class TestGateThread(_Threads):
    """Nobody is let in on a case beside those who may read it: by no way, by nobody."""

    def _ways(self, case, user):
        """Every way in which a colleague lets somebody in: name to attempt."""
        own = case.with_user(self.operator)
        partner = user.partner_id.ids
        activity = own.activity_schedule(
            "mail.mail_activity_data_todo", summary="Cek", user_id=self.operator.id
        )
        scheduled = {
            "model": case._name,
            "res_id": case.id,
            "author_id": self.operator.partner_id.id,
            "body": "x",
            "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
        }
        Scheduled = self.env["mail.scheduled.message"].with_user(self.operator)
        return {
            "mention": lambda: own.message_post(body=WORD, partner_ids=partner),
            "notify": lambda: own.message_notify(body=WORD, partner_ids=partner),
            "subscribe": lambda: own.message_subscribe(partner_ids=partner),
            "assign": lambda: own.activity_schedule(
                "mail.mail_activity_data_todo", summary=WORD, user_id=user.id
            ),
            "give an activity away": lambda: activity.write({"user_id": user.id}),
            "schedule": lambda: Scheduled.create({**scheduled, "partner_ids": [(6, 0, partner)]}),
            "schedule later": lambda: Scheduled.create(scheduled).write(
                {"partner_ids": [(6, 0, partner)]}
            ),
            "compose": lambda: (
                self.env["mail.compose.message"]
                .with_user(self.operator)
                .create(
                    {
                        "model": case._name,
                        "res_ids": str(case.ids),
                        "partner_ids": [(6, 0, partner)],
                        "body": WORD,
                        "composition_mode": "comment",
                    }
                )
                ._action_send_mail()
            ),
        }

    def test_every_way_in_is_refused_by_name(self):
        case = self._hidden_case(is_misconduct=True)
        for user in (self.outsider, self.overseer, self.engineer, self.employee):
            for name, attempt in self._ways(case, user).items():
                with self.subTest(name, user=user.login):
                    with self.assertRaises(UserError) as caught:
                        attempt()
                    self.assertIn(user.name, str(caught.exception))
                    self.assertNotIn(WORD, str(caught.exception))
            self.assertNotIn(user.partner_id, case.message_partner_ids)
            self.assertFalse(
                self.env["mail.notification"].search(
                    [
                        ("res_partner_id", "=", user.partner_id.id),
                        ("mail_message_id.res_id", "=", case.id),
                        ("mail_message_id.model", "=", case._name),
                    ]
                )
            )

    def other_company(self):
        return self.env["res.company"].create({"name": "Kabupaten Seberang"})

    def test_readers_are_let_in(self):
        case = self._hidden_case()
        for name, attempt in self._ways(case, self.engineer).items():
            with self.subTest(name):
                attempt()
        self.assertIn(self.engineer.partner_id, case.message_ids.notified_partner_ids)

    def test_program_lets_nobody_in_either(self):
        case = self._hidden_case(is_misconduct=True)
        partner = self.outsider.partner_id
        message = case.message_post(
            body=WORD, partner_ids=partner.ids, subtype_xmlid="mail.mt_comment"
        )
        case.message_subscribe(partner.ids)
        case._message_subscribe(partner.ids)
        self.assertFalse(message.notified_partner_ids & partner)
        self.assertFalse(message.partner_ids & partner)
        self.assertNotIn(partner, case.message_partner_ids)

    def test_mention_offers_readers_only(self):
        case = self._hidden_case(is_misconduct=True)
        Partner = self.env["res.partner"].with_user(self.operator)
        offered = Partner.get_mention_suggestions_of_case("", case._name, case.id, limit=100)
        ids = {partner["id"] for partner in offered["res.partner"]}
        self.assertIn(self.inspector.partner_id.id, ids)
        for user in (self.outsider, self.overseer, self.engineer, self.employee):
            self.assertNotIn(user.partner_id.id, ids)
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.outsider).get_mention_suggestions_of_case(
                "", case._name, case.id
            )

    def test_mention_offers_nobody_of_another_government(self):
        foreign = self._make_officer("seberang", "Zqxseberang")
        company = self.other_company()
        foreign.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        Partner = self.env["res.partner"].with_user(self.operator)
        offered = Partner.get_mention_suggestions("Zqxseberang")
        self.assertNotIn(
            foreign.partner_id.id, {one["id"] for one in offered.get("res.partner", ())}
        )

    # ------------------------------------------------------------
    # WHAT HANGS ON IT
    # ------------------------------------------------------------

    def _parts_of(self, case):
        messages = self.env["mail.message"].search(
            [("model", "=", case._name), ("res_id", "=", case.id)]
        )
        document = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        activities = self.env["mail.activity"].with_context(active_test=False)
        return {
            "mail.message": messages,
            "mail.followers": self.env["mail.followers"].search(document),
            "mail.activity": activities.search(document),
            "mail.notification": self.env["mail.notification"].search(
                [("mail_message_id", "in", messages.ids)]
            ),
            "mail.tracking.value": self.env["mail.tracking.value"].search(
                [("mail_message_id", "in", messages.ids)]
            ),
        }

    def test_parts_of_a_thread_follow_the_case(self):
        case = self._hidden_case()
        case.with_user(self.operator).name = f"{WORD} baru"
        self.flush_tracking()
        own = case.with_user(self.operator)
        own.message_post(
            body=WORD,
            partner_ids=(self.engineer | self.opd_head).partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        own.activity_schedule(
            "mail.mail_activity_data_todo", summary=WORD, user_id=self.engineer.id
        )
        system = self.env.ref("base.group_system")
        technician = self._make_officer("teknisi", "Teknisi")
        technician.group_ids += system
        parts = self._parts_of(case)
        for model, records in parts.items():
            self.assertTrue(records, model)
        strangers = (self.outsider, self.employee, self.inspector, technician)
        for user in strangers:
            self.env.invalidate_all()
            for records in parts.values():
                self._assert_shut(records.with_user(user), user)
            with self.assertRaises(AccessError):
                case.with_user(user).message_get_followers()
        self.env.invalidate_all()
        for model, records in parts.items():
            if records.with_user(self.engineer).browse().has_access("read"):
                with self.subTest(model, user="engineer"):
                    self.assertTrue(
                        records.with_user(self.engineer).search([("id", "in", records.ids)])
                    )

    def _assert_shut(self, own, user):
        if not own.browse().has_access("read"):
            return
        with self.subTest(own._name, user=user.login):
            found = own.with_context(active_test=False).search([("id", "in", own.ids)])
            self.assertFalse(found)
            self.assertFalse(own._filtered_access("read"))
            groups = own.formatted_read_group([("id", "in", own.ids)], [], ["__count"])
            self.assertFalse(groups[0]["__count"])

    def test_whoever_wrote_or_was_told_reads_no_longer(self):
        """A case that is hidden later takes along what its people were told and wrote."""
        case = self._hidden_case()
        self.engineer_message = case.with_user(self.engineer).message_post(
            body=f"{WORD} dari saya", subtype_xmlid="mail.mt_comment"
        )
        case.with_user(self.operator).message_post(
            body=WORD, partner_ids=self.engineer.partner_id.ids
        )
        case.with_user(self.operator).activity_schedule(
            "mail.mail_activity_data_todo", summary=WORD, user_id=self.engineer.id
        )
        case.with_user(self.operator).is_misconduct = True
        self.env.invalidate_all()
        for records in self._parts_of(case).values():
            self._assert_shut(records.with_user(self.engineer), self.engineer)
        self.assertTrue(self.engineer_message.exists())
        self.assertIn(WORD, self.engineer_message.sudo().body)
        self.assertNotIn(self.engineer.partner_id, case.message_partner_ids)

    def test_every_part_of_messages_is_guarded(self):
        """Models of the core that hang on a message are read by no employee, or follow it."""
        guarded = self.env.registry["lapor.thread.part.mixin"]
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or name.startswith("lapor."):
                continue
            for field in model._fields.values():
                if field.type == "many2one" and field.comodel_name == "mail.message":
                    own = self.env[name].with_user(self.employee)
                    with self.subTest(name, field=field.name):
                        self.assertTrue(
                            issubclass(model, guarded)
                            or not own.has_access("read")
                            or name.startswith(("discuss.", "snailmail."))
                        )

    # ------------------------------------------------------------
    # MAILS
    # ------------------------------------------------------------

    def test_mails_about_hidden_cases_tell_the_number(self):
        for values in ({"is_misconduct": True}, {"is_secret": True}, {"is_anonymous": True}):
            case = self._hidden_case(**values)
            reader = self.inspector if "is_misconduct" in values else self.engineer
            reader.notification_type = "email"
            with self.subTest(values), self.mock_mail_gateway():
                own = case.with_user(self.operator)
                own.message_post(
                    body=f"<p>{WORD}</p>",
                    subject=WORD,
                    partner_ids=reader.partner_id.ids,
                    attachments=[(f"{WORD}.txt", WORD.encode())],
                    subtype_xmlid="mail.mt_comment",
                )
                own.activity_schedule(
                    "mail.mail_activity_data_todo", summary=WORD, user_id=reader.id
                )
                self.assertTrue(self._mails)
                for mail in self._mails:
                    told = str(
                        {
                            name: mail.get(name)
                            for name in (
                                *("subject", "body", "attachments", "headers", "references"),
                                *("message_id", "object_id", "reply_to", "body_alternative"),
                            )
                        }
                    )
                    self.assertNotIn(WORD, told)
                    self.assertNotRegex(told, r"lapor\.complaint|X-Odoo")
                    self.assertEqual(mail["subject"], case.number)
                    self.assertIn(f"/odoo/pengaduan/{case.id}", mail["body"])
                    self.assertFalse(mail["attachments"])

    def test_mails_about_open_cases_tell_what_was_said(self):
        case = self._hidden_case()
        self.engineer.notification_type = "email"
        with self.mock_mail_gateway():
            case.with_user(self.operator).message_post(
                body=WORD, partner_ids=self.engineer.partner_id.ids
            )
            self.assertIn(WORD, self._mails[0]["body"])

    def test_mail_queued_before_the_case_was_hidden_tells_nothing(self):
        case = self._hidden_case()
        (self.engineer | self.inspector).notification_type = "email"
        with self.mock_mail_gateway():
            message = (
                case.with_user(self.operator)
                .with_context(mail_notify_force_send=False)
                .message_post(body=WORD, partner_ids=self.engineer.partner_id.ids)
            )
            mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
            self.assertTrue(mail)
            case.with_user(self.operator).is_misconduct = True
            self._init_mail_mock()
            mail.send()
            self.assertNotIn(WORD, str(self._mails))
            self.assertFalse(
                [one for one in self._mails if self.engineer.email in str(one["email_to"])]
            )

    def test_devices_are_told_the_number(self):
        case = self._hidden_case(is_secret=True)
        message = case.with_user(self.operator).message_post(body=WORD)
        payload = case.with_user(self.operator)._notify_by_web_push_prepare_payload(message)
        self.assertNotIn(WORD, str(payload))
        self.assertIn(case.number, payload["title"])


@tagged("post_install", "-at_install")
class TestGateHttp(_Threads, HttpCase):
    """The same over HTTP, where the core posts as the system."""

    def test_mention_over_http_is_refused(self):
        case = self._hidden_case(is_misconduct=True)
        self.operator.password = "lapor-uji-12345"
        self.authenticate(self.operator.login, "lapor-uji-12345")
        for partner_ids, more, word in (
            (self.outsider.partner_id.ids, {}, self.outsider.name),
            ([], {"subtype_xmlid": "lapor_base.mt_response"}, "by hand|bukan ditulis sendiri"),
        ):
            with self.subTest(word):
                answer = self.url_open(
                    "/mail/message/post",
                    json={
                        "params": {
                            "thread_model": case._name,
                            "thread_id": case.id,
                            "post_data": {"body": WORD, "partner_ids": partner_ids, **more},
                        }
                    },
                ).json()
                self.assertRegex(answer["error"]["data"]["message"], word)
        self.env.invalidate_all()
        self.assertFalse(case.message_ids.notified_partner_ids & self.outsider.partner_id)


@tagged("post_install", "-at_install")
class TestChains(PapersCase):
    def test_every_private_super_has_a_root(self):
        """An override of a hook that nothing calls or defines does nothing, silently."""
        dead = []
        for name, model in self.env.registry.items():
            for cls in () if model._abstract else model.mro():
                if not cls.__module__.startswith("odoo.addons.lapor_"):
                    continue
                for attribute, function in vars(cls).items():
                    function = inspect.unwrap(getattr(function, "__func__", function))
                    if not inspect.isfunction(function) or attribute.startswith("__"):
                        continue
                    source = textwrap.dedent(inspect.getsource(function))
                    if f"super().{attribute}(" not in re.sub(r"super\([^)]*\)", "super()", source):
                        continue
                    rest = model.mro()[model.mro().index(cls) + 1 :]
                    if not any(attribute in vars(base) for base in rest):
                        dead.append(f"{cls.__module__}.{cls.__name__}.{attribute} in {name}")
        self.assertFalse(sorted(set(dead)))
