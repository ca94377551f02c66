"""An office that is committed and gets mail, for tests of several transactions and processes."""

import uuid
from email.message import EmailMessage

from odoo import SUPERUSER_ID, api

from .committed_office import make_sop, remove_office, unused_code

ADDRESS = "aduan@serentak.example"


def mail(turn, text=None, sender="budi@warga.example", attach=None, **heads):
    """One mail to the office, as bytes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ADDRESS, f"Lampu {turn}"
    message["Message-Id"] = f"<pintu-{turn}@warga.example>"
    for name, value in heads.items():
        message[name.replace("_", "-")] = value
    message.set_content(text or f"Lampu jalan {'abcdefghijklmnopqrstuvwxyz'[turn % 26] * 5} mati.")
    if attach:
        message.add_attachment(attach, maintype="application", subtype="pdf", filename="x.bin")
    return message.as_bytes()


class Office:
    """An office that is committed to the database, with a further address for its mail."""

    def __init__(self, registry):
        self.registry = registry
        self.last_receipt = self.commit(
            lambda env: env["lapor.mail.receipt"].search([], limit=1).id or 0
        )
        self.company_id, self.unit_id = self.commit(self._make)

    def commit(self, act):
        with self.registry.cursor() as cr:
            return act(api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"}))

    def _make(self, env):
        company = env["res.company"].create(
            {"name": f"Pemkab Surat {uuid.uuid4()}", "lapor_code": unused_code()}
        )
        env.user.company_ids += company
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        unit = env["lapor.unit"].create(
            {"name": "Kantor", "code": "SRX", "kind": "manager", "company_id": company.id}
        )
        unit.write({"mail_hour_limit": 1000, "mail_day_limit": 1000, "mail_repeat_limit": 1000})
        env["lapor.mail.address"].create({"name": ADDRESS, "unit_id": unit.id})
        for role in ("admin_layanan", "kepala_dinas"):
            user = env["res.users"].create(
                {
                    "name": role,
                    "login": f"serentak_surat_{role}",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "notification_type": "inbox",
                }
            )
            env["lapor.position"].create(
                {
                    "name": role,
                    "unit_id": unit.id,
                    "role_id": env.ref(f"lapor_base.role_{role}").id,
                    "user_id": user.id,
                }
            )
        make_sop(env, unit)
        return company.id, unit.id

    def remove(self):
        def mails(env):
            env["fetchmail.server"].search([("name", "=", "Uji surat")]).unlink()
            # What was no mail at all is held for nobody.
            lost = env["lapor.mail.receipt"].search([("id", ">", self.last_receipt)])
            (lost.held_id - lost.held_id.filtered("company_id")).unlink()
            lost.filtered(lambda receipt: not receipt.company_id).unlink()
            cases = env["lapor.complaint"].search([("company_id", "=", self.company_id)])
            env["mail.mail"].search(
                [("model", "=", "lapor.complaint"), ("res_id", "in", cases.ids)]
            ).unlink()
            env.cr.execute(
                "DELETE FROM mail_message WHERE model = 'lapor.complaint' AND res_id = ANY(%s)",
                [cases.ids],
            )
            env.cr.execute("UPDATE lapor_response SET mail_id = NULL")

        self.commit(mails)
        remove_office(self.registry, self.company_id)

    def receive(self, raw, **kwargs):
        return self.commit(lambda env: env["lapor.mail.gateway"]._receive_now(raw, **kwargs))

    def counts(self):
        """(complaints, acknowledgements, held mails) of the office."""

        def count(env):
            own = [("company_id", "=", self.company_id)]
            return (
                env["lapor.complaint"].search_count(own),
                env["lapor.response"].search_count([*own, ("kind", "=", "ack")]),
                env["lapor.mail.held"].search_count(own),
            )

        return self.commit(count)

    def fetch(self, kind, port):
        """Fetch as the scheduled job does; gives the error that it noted down."""

        def fetch(env):
            server = env["fetchmail.server"].search([("name", "=", "Uji surat")])
            server = server or env["fetchmail.server"].create({"name": "Uji surat"})
            if (server.port, server.server_type) != (port, kind):
                server.write(
                    {
                        "server": "127.0.0.1",
                        "port": port,
                        "server_type": kind,
                        "user": "u",
                        "password": "p",
                        "state": "done",
                    }
                )
                env.cr.commit()
            server._fetch_mail()
            return server.error_message

        return self.commit(fetch)
