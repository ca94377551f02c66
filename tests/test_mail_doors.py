"""Mails come in by every door, in transactions of their own, and are acknowledged to their source
only after the commit."""

import http.server
import smtplib
import subprocess
import sys
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from .mail_office import ADDRESS, Office, mail
from .mail_servers import MailBox, serve

GATE = Path(__file__).parents[1] / "addons/lapor_base/static/scripts/lapor-mailgate.py"


@pytest.fixture(scope="module")
def office():
    made = Office(Registry(get_db_name()))
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def more(office):
    """How much more there is than at the beginning of the test."""
    before = office.counts()
    return lambda: tuple(now - then for now, then in zip(office.counts(), before, strict=True))


def test_eight_deliveries_of_one_mail_at_once_are_one_complaint(office, more):
    barrier, results = threading.Barrier(8), []

    def deliver():
        barrier.wait(30)
        results.append(office.receive(mail(1))["status"])

    threads = [threading.Thread(target=deliver) for _turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(results) == ["duplicate"] * 7 + ["new"]
    assert more() == (1, 1, 0)


def test_eight_mails_at_once_are_eight_complaints(office, more):
    barrier, results = threading.Barrier(8), []

    def deliver(turn):
        barrier.wait(30)
        results.append(office.receive(mail(turn))["number"])

    threads = [threading.Thread(target=deliver, args=(turn,)) for turn in range(100, 108)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(set(results)) == 8
    assert more() == (8, 8, 0)


class Killed(BaseException):
    """The process is gone, whatever it was doing."""


def test_process_that_dies_before_the_commit_leaves_nothing(office, more):
    Response = office.registry["lapor.response"]
    with patch.object(Response, "_acknowledge", side_effect=Killed), pytest.raises(Killed):
        office.receive(mail(2))
    assert more() == (0, 0, 0)
    assert office.receive(mail(2))["status"] == "new"
    assert more() == (1, 1, 0)


@pytest.mark.parametrize(("kind", "turn"), [("imap", 10), ("pop", 20)])
def test_fetching_marks_a_mail_only_after_its_commit(office, more, kind, turn):
    box = MailBox([mail(turn), mail(turn + 1, Precedence="bulk"), b"bukan surat %d" % turn])
    with serve(kind, box) as port:
        assert not office.fetch(kind, port)
        assert box.seen == {0, 1, 2}
        assert office.fetch(kind, port) in (False, None)
    held = more()[2]
    assert more()[:2] == (1, 1)
    # What is no mail at all is for no office, and held for the administrator.
    assert held == 1


@pytest.mark.parametrize("broken", ["STORE", "FETCH"])
def test_fetching_that_breaks_in_the_middle_goes_on_where_it_was(office, more, broken):
    first = 30 if broken == "STORE" else 40
    box = MailBox([mail(first), mail(first + 1)])
    box.break_at = broken
    with serve("imap", box) as port:
        assert office.fetch("imap", port)
        assert not box.seen
        assert more()[0] == (1 if broken == "STORE" else 0)
        assert not office.fetch("imap", port)
    assert box.seen == {0, 1}
    assert more() == (2, 2, 0)


def test_pop_session_that_breaks_before_its_end_loses_and_doubles_nothing(office, more):
    box = MailBox([mail(50), mail(51)])
    box.break_at = "QUIT"
    with serve("pop", box) as port:
        office.fetch("pop", port)
        assert not box.seen
        office.fetch("pop", port)
    assert box.seen == {0, 1}
    assert more() == (2, 2, 0)


def test_mail_that_cannot_be_committed_stays_in_its_mailbox(office, more):
    box = MailBox([mail(60), mail(61)])
    gateway = office.registry["lapor.mail.gateway"]
    real = gateway._receive

    def fail_first(self, raw, *args):
        if b"pintu-60" in raw:
            raise OSError("no space left")
        return real(self, raw, *args)

    with serve("imap", box) as port:
        with patch.object(gateway, "_receive", fail_first):
            assert "1 " in office.fetch("imap", port)
        assert box.seen == {1}
        assert not office.fetch("imap", port)
    assert more() == (2, 2, 0)


class _Relay:
    """An SMTP server that hands every mail to the gateway before it says yes."""

    def __init__(self, office):
        self.office = office

    async def handle_DATA(self, _server, _session, envelope):
        self.office.receive(envelope.content, recipients=envelope.rcpt_tos)
        return "250 OK"


def test_mail_by_smtp_for_a_blind_copy(office, more, free_port):
    port = int(free_port)
    relay = Controller(_Relay(office), hostname="127.0.0.1", port=port, ready_timeout=60)
    relay.start()
    try:
        raw = mail(70).replace(ADDRESS.encode(), b"undisclosed@warga.example")
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.sendmail("budi@warga.example", [ADDRESS], raw)
    finally:
        relay.stop()
    assert more() == (1, 1, 0)


def pipe(tmp_path, url, raw):
    """Run the script for pipes; gives its exit code."""
    secret = tmp_path / "secret"
    secret.write_text("kunci\n")
    arguments = ["--url", url, "--secret-file", str(secret), ADDRESS]
    done = subprocess.run([sys.executable, str(GATE), *arguments], input=raw, check=False)
    return done.returncode


@pytest.mark.parametrize(("answer", "code"), [(200, 0), (401, 77), (413, 69), (500, 75), (503, 75)])
def test_pipe_tells_the_mail_server_what_became_of_the_mail(tmp_path, answer, code):
    got = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heads = self.headers
            length = int(heads["Content-Length"])
            got.append((heads["Authorization"], heads["X-Envelope-To"], self.rfile.read(length)))
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/lapor/mail/1"
    assert pipe(tmp_path, url, mail(80)) == code
    thread.join()
    server.server_close()
    assert got == [("Bearer kunci", ADDRESS, mail(80))]


def test_pipe_keeps_the_mail_at_the_server_when_nobody_is_there(tmp_path, free_port):
    assert pipe(tmp_path, f"http://127.0.0.1:{free_port}/lapor/mail/1", mail(80)) == 75
