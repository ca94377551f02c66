"""Whatever goes away while mails are taken in (the process, the database, the disk), a mail is in
its mailbox or in Lapor, and never twice in Lapor. Real processes and transactions."""

import contextlib
import os
import signal
import threading
from unittest.mock import patch

import pytest
from psycopg2.errors import SerializationFailure

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lapor_base.models import fetchmail_server

from .mail_office import Office, mail
from .mail_servers import MailBox, serve


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


@contextlib.contextmanager
def fetching(office, port, owner, name):
    """A process of its own that fetches, and stops in the method ``owner.name``.

    :returns: its process id
    """
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            # Connections of the parent are the parent's.
            sql_db._Pool = sql_db._Pool_readonly = None
            office.registry._db = sql_db.db_connect(office.registry.db_name)

            def stop(*_args, **_kwargs):
                os.write(write, b"x")
                signal.pause()

            with patch.object(owner, name, stop):
                office.fetch("imap", port)
        finally:
            os._exit(1)
    os.close(write)
    try:
        assert os.read(read, 1) == b"x"
        yield pid
    finally:
        os.close(read)


def test_fetching_process_is_killed_in_the_middle(office, more):
    """Once before anything is committed, once between the commit and the mark in the mailbox."""
    box = MailBox([mail(200), mail(201)])
    Response = office.registry["lapor.response"]
    with serve("imap", box) as port:
        for owner, name, taken in (
            (Response, "_acknowledge", 0),
            (fetchmail_server._ImapBox, "done", 1),
        ):
            with fetching(office, port, owner, name) as pid:
                os.kill(pid, signal.SIGKILL)
                assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
            assert not box.seen
            assert more() == (taken, taken, 0)
        assert not office.fetch("imap", port)
    assert box.seen == {0, 1}
    assert more() == (2, 2, 0)


def test_two_processes_fetch_the_same_mailbox(office, more):
    box = MailBox([mail(210)])
    barrier, errors = threading.Barrier(2), []

    def fetch(port):
        barrier.wait(30)
        try:
            office.fetch("imap", port)
        except SerializationFailure:
            # It came when the other one had just ended: its next run is in time.
            return
        except Exception as error:
            errors.append(error)

    with serve("imap", box) as port:
        # The mailbox is known before both begin.
        office.fetch("imap", port)
        box.mails += [mail(turn) for turn in range(211, 217)]
        threads = [threading.Thread(target=fetch, args=(port,)) for _turn in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        office.fetch("imap", port)
    assert not errors
    assert box.seen == set(range(7))
    assert more() == (7, 7, 0)


def test_database_that_goes_away_in_the_middle_is_tried_again(office, more):
    Response = office.registry["lapor.response"]
    real, turns = Response._acknowledge, []

    def lost(self, complaint, *left):
        turns.append(complaint)
        if len(turns) < 3:
            self.env.cr.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(self, complaint, *left)

    box = MailBox([mail(230)])
    with serve("imap", box) as port, patch.object(Response, "_acknowledge", lost):
        assert not office.fetch("imap", port)
    assert len(turns) == 3
    assert box.seen == {0}
    assert more() == (1, 1, 0)


def test_database_that_stays_away_leaves_the_mail_in_its_mailbox(office, more):
    box = MailBox([mail(240), mail(241)])

    def lost(_self, *_args, **_kwargs):
        raise sql_db.PoolError("no connection")

    with serve("imap", box) as port:
        with patch.object(office.registry["lapor.mail.gateway"], "_receive_now", lost):
            assert "2 " in office.fetch("imap", port)
        assert not box.seen
        assert not office.fetch("imap", port)
    assert more() == (2, 2, 0)


def test_full_disk_leaves_the_mail_in_its_mailbox(office, more):
    raw = mail(250, attach=os.urandom(3000))
    box = MailBox([raw])
    with serve("imap", box) as port:
        Attachment = office.registry["ir.attachment"]
        full = patch.object(Attachment, "_file_write", side_effect=OSError(28, "No space left"))
        with full:
            assert "1 " in office.fetch("imap", port)
        assert not box.seen
        assert more() == (0, 0, 0)
        assert not office.fetch("imap", port)
    assert more() == (1, 1, 0)
