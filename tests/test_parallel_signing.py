"""Twenty officers sign at the same moment: real transactions, which do not see each other."""

import threading

import pytest

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from .committed_office import commit, make_office, remove_office

SIGNERS = 20


@pytest.fixture
def registry():
    return Registry(get_db_name())


@pytest.fixture
def office(registry):
    company_id, *rest = commit(registry, lambda env: make_office(env, SIGNERS))
    yield rest
    remove_office(registry, company_id)


def _sign_all(registry, user_id, case_ids, failing=()):
    """Sign every case in a thread and a transaction of its own, all at the same moment."""
    barrier, errors = threading.Barrier(len(case_ids)), []

    def sign(case_id):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                case = env["lapor.complaint"].browse(case_id)
                arrow = case.sudo().current_step_id.sop_step_id.transition_ids
                barrier.wait(60)
                case.action_advance(arrow.id, sign=True)
                if case_id in failing:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            return
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=sign, args=(case_id,)) for case_id in case_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def test_twenty_parallel_signings_give_numbers_without_gap_or_double(registry, office):
    office_id, user_id, case_ids = office
    failing = set(case_ids[::4])
    errors = _sign_all(registry, user_id, case_ids, failing)
    assert not errors
    # Those whose transaction was rolled back sign again, once more all at once.
    assert not _sign_all(registry, user_id, sorted(failing))

    def check(env):
        lines = env["lapor.agenda"].search([("unit_id", "=", office_id)])
        responses = env["lapor.response"].search([("complaint_id", "in", case_ids)])
        assert sorted(lines.mapped("seq")) == list(range(1, SIGNERS + 1))
        assert set(responses.mapped("state")) == {"signed"}
        assert sorted(responses.mapped("number")) == sorted(lines.mapped("number"))
        assert len(set(lines.mapped("number"))) == SIGNERS

    commit(registry, check)
