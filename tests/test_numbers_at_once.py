"""Officers of one office take numbers at the same moment: no gap, no double."""

import pytest

from odoo import SUPERUSER_ID
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lapor_base.tests.soundness import unsound

from .at_once import all_at_once
from .committed_office import commit, make_office, remove_office

OFFICERS = 20


@pytest.fixture
def registry():
    return Registry(get_db_name())


@pytest.fixture
def office(registry):
    company_id, *rest = commit(registry, lambda env: make_office(env, OFFICERS))
    yield rest
    remove_office(registry, company_id)


def _all_but_some_fail(registry, user_id, case_ids, act):
    """A quarter of the acts is rolled back, and done again, once more all at once."""
    failing = set(case_ids[::4])
    assert not all_at_once(registry, user_id, case_ids, act, failing)
    assert not all_at_once(registry, user_id, sorted(failing), act)


def test_twenty_parallel_signings_give_numbers_without_gap_or_double(registry, office):
    office_id, user_id, case_ids = office

    def sign(env, case_id):
        case = env["lapor.complaint"].browse(case_id)
        case.action_advance(case.sudo().current_step_id.sop_step_id.transition_ids.id, sign=True)

    _all_but_some_fail(registry, user_id, case_ids, sign)

    def check(env):
        lines = env["lapor.agenda"].search([("unit_id", "=", office_id)])
        responses = env["lapor.response"].search([("complaint_id", "in", case_ids)])
        assert sorted(lines.mapped("seq")) == list(range(1, OFFICERS + 1))
        assert set(responses.mapped("state")) == {"signed"}
        assert sorted(responses.mapped("number")) == sorted(lines.mapped("number"))
        assert len(set(lines.mapped("number"))) == OFFICERS

    commit(registry, check)


def test_twenty_parallel_dispositions_give_agenda_numbers_without_gap_or_double(registry, office):
    _office_id, user_id, case_ids = office

    def issue(env, case_id):
        case = env["lapor.complaint"].browse(case_id)
        case._lock_cases()
        visit = case.sudo().current_step_id
        lead = visit.search([("complaint_id", "=", case_id)], limit=1).position_id
        env["lapor.disposition"].sudo()._issue(
            visit, None, {"lead_position_id": lead.id, "note": "Tinjau"}
        )

    _all_but_some_fail(registry, user_id, case_ids, issue)

    def check(env):
        dispositions = env["lapor.disposition"].search([("complaint_id", "in", case_ids)])
        numbers = sorted(int(number) for number in dispositions.mapped("agenda_number"))
        assert numbers == list(range(1, OFFICERS + 1))

    commit(registry, check)


def test_twenty_parallel_intakes_give_no_number_twice_and_wait_for_nobody(registry, office):
    office_id, _user_id, _case_ids = office
    numbers = []

    def take_in(env, turn):
        unit = env["lapor.unit"].browse(office_id)
        env = env(context={**env.context, "allowed_company_ids": unit.company_id.ids})
        case = env["lapor.complaint"].create(
            {
                "name": f"Serentak masuk {turn}",
                "description": "Uji",
                "is_anonymous": True,
                "company_id": unit.company_id.id,
                "intake_unit_id": office_id,
            }
        )
        numbers.append(case.number)

    turns = list(range(OFFICERS))
    assert not all_at_once(registry, SUPERUSER_ID, turns, take_in, failing={3, 7})
    assert len(set(numbers)) == OFFICERS  # what a failing intake took is not given again

    def check(env):
        own = env["lapor.complaint"].search([("name", "like", "Serentak masuk")])
        assert len(own) == OFFICERS - 2
        assert not [fault for case in own for fault in unsound(case)]

    commit(registry, check)
