"""Twelve dispositions leave one office at the same moment: its agenda has no gap and no double."""

import threading

import pytest

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from .committed_office import commit, make_office, remove_office

DISPOSITIONS = 12


@pytest.fixture
def registry():
    return Registry(get_db_name())


@pytest.fixture
def office(registry):
    company_id, *rest = commit(
        registry, lambda env: make_office(env, DISPOSITIONS, name="Disposisi Serentak")
    )
    yield rest
    remove_office(registry, company_id)


def _issue_all(registry, user_id, case_ids, failing=()):
    """Issue one disposition for each case, each in a thread and a transaction of its own."""
    barrier, errors = threading.Barrier(len(case_ids)), []

    def issue(case_id):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                case = env["lapor.complaint"].browse(case_id)
                barrier.wait(60)
                case._lock_cases()
                visit = case.sudo().current_step_id
                lead = visit.search([("complaint_id", "=", case_id)], limit=1).position_id
                env["lapor.disposition"].sudo()._issue(visit, None, {"lead_position_id": lead.id})
                if case_id in failing:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            return
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=issue, args=(case_id,)) for case_id in case_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def test_parallel_dispositions_give_agenda_numbers_without_gap_or_double(registry, office):
    _office_id, user_id, case_ids = office
    failing = set(case_ids[::4])
    assert not _issue_all(registry, user_id, case_ids, failing)
    # Those whose transaction was rolled back are issued again, once more all at once.
    assert not _issue_all(registry, user_id, sorted(failing))

    def check(env):
        dispositions = env["lapor.disposition"].search([("complaint_id", "in", case_ids)])
        numbers = sorted(int(number) for number in dispositions.mapped("agenda_number"))
        assert numbers == list(range(1, DISPOSITIONS + 1))

    commit(registry, check)
