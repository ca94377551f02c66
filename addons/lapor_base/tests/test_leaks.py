import json
import logging

import pytest
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import SQL

from .leaks import LeaksCase

# All begin with the same letters: whoever may know none of them is looked for by these.
COMMON = "Zqx"
IDENTITY = "Zqxidentitas"
MISCONDUCT = "Zqxpengawasan"
SECRET = "Zqxterbatas"

# To whom each marker may come out; to nobody else, by no way.
ENTITLED = {
    IDENTITY: set(),
    MISCONDUCT: {"operator", "head", "inspector"},
    SECRET: {"operator", "head", "engineer"},
}


@tagged("post_install", "-at_install")
class TestLeaks(LeaksCase):
    """What is hidden comes out to nobody who is not entitled: every model, field and way."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logs, logger = _Lines(), logging.getLogger("odoo")
        level = logger.level
        logger.addHandler(logs)
        logger.setLevel(logging.INFO)
        logger.info("Planting what is hidden")
        try:
            cls("test_log_tells_nothing_hidden")._planted()
        finally:
            logger.removeHandler(logs)
            logger.setLevel(level)
        cls.lines = logs.lines

    def _planted(self):
        cls = type(self)
        cls.hidden = self._plant_identity()
        cls.accused = self._plant_case(MISCONDUCT)
        cls.accused.message_subscribe(self.engineer.partner_id.ids)
        cls.accused.with_user(self.operator).is_misconduct = True
        self.env.cr.precommit.run()
        rows = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM bus_bus"))
        cls.bus_floor = rows[0][0]
        self._say(cls.accused, MISCONDUCT)
        cls.secret = self._plant_case(SECRET)
        cls.secret.with_user(self.operator).is_secret = True
        self.flush_tracking()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()

    def _plant_identity(self):
        """An anonymous complainant who wrote, was answered by mail, and signed by name."""
        complainant = (
            self.env["lapor.complainant"]
            .with_user(self.operator)
            .create({"name": f"{IDENTITY} Sari", "email": f"{IDENTITY}@warga.example"})
        )
        complaint = self._make_complaint(
            complainant_id=complainant.id,
            is_anonymous=True,
            description=f"Jalan rusak. Salam, {IDENTITY}",
            channel_id=self.env.ref("lapor_base.channel_email").id,
        )
        complaint.sudo()._acknowledge()
        case = complaint.sudo()
        case.message_post(
            body=case._without_secrets(Markup("<p>Salam, %s</p>") % IDENTITY),
            subject=case._mail_text(f"Re: {IDENTITY}", proven=True),
        )
        self._walk_to(complaint, "5")
        self._plant(complainant.sudo(), IDENTITY)
        return complaint.sudo()

    @pytest.mark.slow
    def test_nothing_hidden_comes_out_and_all_of_it_does_to_those_entitled(self):
        for person, user in self.people.items():
            hidden = [marker for marker in ENTITLED if person not in ENTITLED[marker]]
            markers = [COMMON] if len(hidden) == len(ENTITLED) else hidden
            with self.subTest(person, hidden=hidden):
                self.assertEqual(self._told(user, markers), {})
        # The walk can fail: whoever may know finds the marker in every paper of the case.
        papers = self._papers(self.secret).keys() - {
            "lapor.complainant",
            "lapor.event",
            "lapor.clock.report",
        }
        told = self._told(self.operator, [SECRET])
        self.assertLessEqual({model for model in papers if self._writes_words(model)}, told.keys())
        for model in ("mail.message", "mail.activity", "ir.attachment"):
            self.assertIn(model, told)
        self.assertIn("lapor.complaint", self._told(self.inspector, [MISCONDUCT]))

    def test_opened_identity_comes_out_to_whom_it_was_opened_only(self):
        self.hidden.with_user(self.operator).action_reveal_identity(
            "Menelepon pelapor", user_id=self.engineer.id
        )
        self.assertIn("lapor.complainant", self._told(self.engineer, [IDENTITY]))
        self.assertEqual(self._told(self.operator, [IDENTITY]), {})

    def _writes_words(self, model):
        return any(
            field.type in ("char", "text", "html")
            and field.store
            and not field.related
            and self.env[model]._has_field_access(field, "read")
            for name, field in self.env[model]._fields.items()
            if name not in ("hash", "method")
        )

    def test_files_of_hidden_cases_are_not_served(self):
        for complaint, marker in ((self.accused, MISCONDUCT), (self.secret, SECRET)):
            files = self.env["ir.attachment"].search(
                [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
            )
            self.assertTrue(files)
            for person, user in self.people.items():
                for attachment in files:
                    served = self._try(
                        lambda u=user, a=attachment: (
                            self.env["ir.binary"]
                            .with_user(u)
                            ._find_record(res_model="ir.attachment", res_id=a.id)
                            .raw
                        )
                    )
                    with self.subTest(person, marker=marker):
                        self.assertEqual(bool(served), person in ENTITLED[marker])

    def test_nothing_hidden_goes_over_the_bus_or_by_mail_to_others(self):
        entitled = {
            marker: {self.people[person].partner_id.id for person in people}
            for marker, people in ENTITLED.items()
        }
        rows = self.env.execute_query(
            SQL("SELECT channel, message FROM bus_bus WHERE id > %s", self.bus_floor)
        )
        for channel, message in rows:
            for marker, partners in entitled.items():
                if marker in (message or ""):
                    target = json.loads(channel)
                    self.assertIn(target[-1], partners, f"{marker}: {channel}")
        for mail in self.env["mail.mail"].search([("id", ">", self.floors["mail.mail"])]):
            text = f"{mail.subject} {mail.body_html}"
            self.assertFalse(IDENTITY in text and self.hidden.number not in text)
            for user in self.people.values():
                if mail.with_user(user).has_access("read"):
                    self.assertNotIn(IDENTITY, f"{text} {mail.email_to}")

    def test_log_tells_nothing_hidden(self):
        self.assertTrue(self.lines)
        for line in self.lines:
            for marker in ENTITLED:
                self.assertNotIn(marker, line)


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())
