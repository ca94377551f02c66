"""Two officers, or one who clicks twice, act on the same case at once: one wins, the other is told
in clear words, and nothing is half done. Real transactions, which do not see each other."""

import pytest

from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lapor_base.tests.soundness import unsound

from . import counter_office as does
from .at_once import one_after_began, one_while_other
from .committed_office import remove_office
from .counter_office import Office


@pytest.fixture(scope="module")
def office():
    office = Office(Registry(get_db_name()))
    yield office
    remove_office(office.registry, office.company_id)


TO_2 = [("depan", does.take("1", note="Lengkap"))]
TO_3 = [*TO_2, ("kepala", does.dispose)]
TO_PARAF = [*TO_3, ("depan", does.draft)]
TO_4 = [*TO_PARAF, ("kasi", does.paraf)]
CLOSED = [("depan", does.withdraw)]

#: what was done before; who does what first; who does what at the same moment; what he is told;
#: the event of which there is one, where both want the same
PAIRS = {
    "advance": (
        [],
        "depan",
        does.take("1", note="A"),
        "samping",
        does.take("1"),
        "done by Depan",
        "step_done",
    ),
    "double click": (
        [],
        "depan",
        does.take("1"),
        "depan",
        does.take("1"),
        "done by Depan",
        "step_done",
    ),
    "dispose": (
        TO_2,
        "kepala",
        does.dispose,
        "kepala",
        does.dispose,
        "done by Kepala",
        "disposition",
    ),
    "sign": (
        TO_4,
        "kepala",
        does.take("4", sign=True),
        "kepala",
        does.take("4", sign=True),
        "done by Kepala",
        "response_signed",
    ),
    "paraf": (
        TO_PARAF,
        "kasi",
        does.paraf,
        "kasi",
        does.paraf,
        "no initial any more",
        "response_initialled",
    ),
    "return, accept": (
        TO_3,
        "opd",
        does.part("action_return", "Bukan bagian kami"),
        "opd",
        does.part("action_accept"),
        # The office that gave it back has lost the case.
        "tidak terbuka bagi Anda",
        "part_returned",
    ),
    "accept twice": (
        TO_3,
        "opd",
        does.part("action_accept"),
        "opd",
        does.part("action_accept"),
        "settled already: Accepted",
        "part_accepted",
    ),
    "report, return": (
        TO_3,
        "opd",
        does.part("action_report", "Sudah"),
        "opd",
        does.part("action_return", "Bukan"),
        "settled already: Done",
        "part_done",
    ),
    "hold, advance": (
        [],
        "depan",
        does.hold,
        "samping",
        does.take("1"),
        "waits for its complainant",
        "held",
    ),
    "advance, hold": (
        [],
        "depan",
        does.take("1"),
        "samping",
        does.hold,
        "is for Kepala",
        "step_done",
    ),
    "hold twice": ([], "depan", does.hold, "depan", does.hold, "is on hold already", "held"),
    "resume twice": (
        [("depan", does.hold)],
        "depan",
        lambda case: case.action_resume(),
        "depan",
        lambda case: case.action_resume(),
        "is not on hold",
        "resumed",
    ),
    "withdraw, advance": (
        [],
        "depan",
        does.withdraw,
        "samping",
        does.take("1"),
        "closed meanwhile",
        "closed",
    ),
    "reopen": (CLOSED, "depan", does.reopen, "samping", does.reopen, "is not closed", "reopened"),
    "extension": (
        [("depan", does.ask_more_time)],
        "kepala",
        does.grant,
        "kasi",
        does.refuse,
        "it has been decided",
        "clock_extended",
    ),
    "reveal": (
        [],
        "depan",
        does.reveal,
        "depan",
        does.reveal,
        "open to Depan already",
        "identity_revealed",
    ),
    "take over": (
        [],
        "samping",
        does.take_over,
        "belakang",
        does.take_over,
        "now for Samping",
        "reassigned",
    ),
    "hand over": (
        [],
        "depan",
        does.hand_over,
        "depan",
        does.hand_over,
        "is with Samping",
        "reassigned",
    ),
    "deliver": (
        CLOSED,
        "depan",
        does.deliver,
        "samping",
        does.deliver,
        "arrived already",
        "response_delivered",
    ),
}


def _told(error, words):
    assert isinstance(error, (UserError, AccessError)), repr(error)
    assert words in str(error), str(error)


@pytest.mark.parametrize("name", PAIRS)
def test_one_wins_and_the_other_is_told(office, name):
    walk, first, act, second, same_act, words, code = PAIRS[name]
    case_id = office.case(walk, is_anonymous=name == "reveal")
    winner, loser = office.officer(first, act, case_id), office.officer(second, same_act, case_id)

    def events(env):
        case = env["lapor.complaint"].browse(case_id)
        assert not unsound(case)
        return case.event_ids.mapped("code")

    before = office.commit(events)
    error = one_while_other(office.registry, winner, loser)
    _told(error, "Somebody else is working on this complaint")
    assert office.commit(events) == before  # the first one's transaction was not committed
    _told(one_after_began(office.registry, winner, loser), words)
    after = office.commit(events)
    assert after.count(code) == before.count(code) + 1


def test_two_cases_into_each_other(office):
    one, other = office.case(), office.case()

    def into(main_id):
        return lambda case: case.action_merge(main_id)

    winner = office.officer("depan", into(other), one)
    loser = office.officer("samping", into(one), other)
    _told(one_while_other(office.registry, winner, loser), "Somebody else is working")
    _told(one_after_began(office.registry, winner, loser), "already")

    def check(env):
        cases = env["lapor.complaint"].browse([one, other])
        assert cases.mapped("main_id").ids == [other]
        assert not [fault for case in cases for fault in unsound(case)]

    office.commit(check)


def test_what_is_handled_together_is_acted_on_by_one(office):
    main, supporter = office.case(), office.case()
    office.commit(
        lambda env: (
            env["lapor.complaint"]
            .browse(supporter)
            .with_user(office.users["depan"])
            .action_merge(main)
        )
    )
    winner = office.officer("depan", does.take("1"), main)
    loser = office.officer("samping", lambda case: case.action_separate(), supporter)
    _told(one_while_other(office.registry, winner, loser), "Somebody else is working")
    # One after the other both may be done: nothing was decided about the supporter.
    assert one_after_began(office.registry, winner, loser) is None

    def check(env):
        cases = env["lapor.complaint"].browse([main, supporter])
        assert not cases.main_id
        assert not [fault for case in cases for fault in unsound(case)]

    office.commit(check)


def test_correcting_the_text_of_a_case_that_goes_on(office):
    """Both are kept: the form writes what it says, the step where it stands."""
    case_id = office.case()
    winner = office.officer("depan", does.take("1"), case_id)
    loser = office.officer("samping", lambda case: case.write({"place": "Pasar Baru"}), case_id)
    assert one_after_began(office.registry, winner, loser) is None

    def check(env):
        case = env["lapor.complaint"].browse(case_id)
        assert (case.place, case.current_step_id.kind) == ("Pasar Baru", "direct")
        assert not unsound(case)

    office.commit(check)
