"""The job of the reminders is killed in the middle, twice, and two of them run at once: real
processes and transactions. Every level of every clock is told exactly once all the same."""

import contextlib
import os
import signal
from datetime import datetime
from unittest.mock import patch

import pytest
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lapor_sla.models import lapor_escalation_mixin
from odoo.addons.lapor_sla.models.lapor_escalation import LaporEscalation

from .committed_office import commit, make_office, remove_office

pytestmark = pytest.mark.slow

CASES = 6
RECEIVED = datetime(2026, 2, 2, 2)
#: A Tuesday in office hours, long after the first deadlines.
LATE = datetime(2026, 3, 3, 3)


@pytest.fixture
def registry():
    return Registry(get_db_name())


@pytest.fixture
def office(registry, request):
    with freeze_time(RECEIVED):
        company_id, _unit_id, _user_id, case_ids = commit(
            registry, lambda env: make_office(env, CASES, request.node.name)
        )
    yield case_ids
    remove_office(registry, company_id)


@contextlib.contextmanager
def job(registry, stop_at=None):
    """The job in a process of its own.

    :param int stop_at: how many notes it writes before it waits to be killed; None: to its end
    :returns: (process id, file descriptor on which it says where it is)
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        try:
            yield pid, read
        finally:
            os.close(read)
        return
    status = 1
    try:
        # Connections of the parent are the parent's.
        sql_db._Pool = sql_db._Pool_readonly = None
        registry._db = sql_db.db_connect(registry.db_name)
        run(registry, write, stop_at)
        status = 0
    finally:
        os._exit(status)


def run(registry, write, stop_at):
    values, written = LaporEscalation._note_values, []

    def counted(escalation):
        if len(written) == stop_at:
            os.write(write, b"x")
            signal.pause()
        written.append(escalation)
        return values(escalation)

    with (
        freeze_time(LATE),
        patch.object(lapor_escalation_mixin, "PAGE", 4),
        patch.object(LaporEscalation, "_note_values", counted),
        registry.cursor() as cr,
    ):
        api.Environment(cr, SUPERUSER_ID, {})["lapor.clock"]._cron_escalate()


def finished(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def assert_told_once(registry, case_ids):
    def check(env):
        cases = env["lapor.complaint"].browse(case_ids)
        assert cases.clock_ids.filtered(lambda clock: clock.result == "late" or clock.due_at)
        late = cases.clock_ids.filtered(
            lambda clock: clock.state == "running" and clock.due_at < LATE
        )
        assert len(late) >= CASES
        rules = env["lapor.escalation.rule"].search([("basis", "in", ["due", "after"])])
        assert len(rules) == 3
        for case in cases:
            fired = case.clock_ids.escalation_ids
            pairs = [(fire.clock_id, fire.rule_id) for fire in fired]
            assert len(pairs) == len(set(pairs))
            for clock in late & case.clock_ids:
                assert rules <= clock.escalation_ids.rule_id
            # The highest level of each clock is told, each person hears of it once.
            loud = fired.filtered(lambda fire: not fire.silent)
            assert loud.clock_id == fired.clock_id and len(loud) == len(loud.clock_id)
            notes = [message for message in case.message_ids if case.number in (message.body or "")]
            told = loud.filtered(lambda fire: fire.method == "note" and fire.user_ids)
            assert len(notes) == len(told) > 0
            logged = case.event_ids.filtered(lambda event: event.code == "escalated")
            assert len(logged) == len(loud)
            heard = [(fire.rule_id, user) for fire in loud for user in fire.user_ids]
            assert len(heard) == len(set(heard))
            alarms = loud.activity_ids
            assert len(alarms) == len({(alarm.summary, alarm.user_id) for alarm in alarms})
        assert not env["lapor.event"]._verify_chains(cases)

    commit(registry, check)


def test_killed_in_the_middle_twice(registry, office):
    for written in (5, 1):
        with job(registry, stop_at=written) as (pid, heard):
            assert os.read(heard, 1) == b"x"
            os.kill(pid, signal.SIGKILL)
            assert finished(pid) == -signal.SIGKILL
    with job(registry) as (pid, _heard):
        assert finished(pid) == 0
    assert_told_once(registry, office)


def test_two_at_once(registry, office):
    with job(registry) as (one, _heard), job(registry) as (other, _heard):
        assert [finished(one), finished(other)] == [0, 0]
    # What one left because the other held it is served by the next run.
    with job(registry) as (pid, _heard):
        assert finished(pid) == 0
    assert_told_once(registry, office)
