"""Run in Odoo's shell: what one plain mail costs, from the bytes to a first step with its activity,
its clocks and an acknowledgement in the queue."""

from email.message import EmailMessage

from laporctl.inside.bench_office import fill_office
from laporctl.inside.measuring import measured

company = fill_office(env)
office = env["lapor.unit"].search([("kind", "=", "manager"), ("company_id", "=", company.id)])
env["lapor.mail.address"].create({"name": "aduan@bangku.example", "unit_id": office.id})


def mail(turn):
    """A mail of a person, each of another one."""
    message = EmailMessage()
    message["From"] = f"Warga {turn} <warga{turn}@bangku.example>"
    message["To"], message["Subject"] = "aduan@bangku.example", f"Lampu {'abcde'[turn] * 5} mati"
    message["Message-Id"] = f"<bangku-{turn}@warga.example>"
    message.set_content(f"Lampu jalan di RT {turn} mati sejak Senin.")
    return message.as_bytes()


def take_in(raw):
    """As a door does, without the commit."""
    result = env["lapor.mail.gateway"]._receive(raw)
    env.flush_all()
    env.cr.precommit.run()
    return result


env.flush_all()
take_in(mail(0))
for turn, act in enumerate(("one plain mail", "another", "a third"), 1):
    _result, figures = measured(env, act, 1, lambda turn=turn: take_in(mail(turn)))
    report(figures)
_result, figures = measured(env, "a mail that is known", 1, lambda: take_in(mail(1)))
report(figures)
env.cr.rollback()
