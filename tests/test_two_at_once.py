"""Two officers, or one who clicks twice, act on the same case at once: one wins, the other is told
in clear words, and nothing is half done. Real transactions, which do not see each other."""

import itertools

import pytest

from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.lapor_base.tests.soundness import unsound

from .at_once import one_after_began, one_while_other
from .committed_office import commit, make_sop, remove_office

WALK = (
    ("receive", "admin_layanan"),
    ("direct", "kepala_dinas"),
    ("draft", "admin_layanan"),
    ("sign", "kepala_dinas"),
    ("publish", "admin_layanan"),
)
PEOPLE = {
    "depan": "admin_layanan",
    "samping": "admin_layanan",
    "belakang": "admin_layanan",
    "kepala": "kepala_dinas",
    "kasi": "kasi_pelayanan",
    "opd": "kepala_opd",
}


class Office:
    """An office with three clerks at the counter, their head, who initials, and an OPD."""

    def __init__(self, registry):
        self.registry = registry
        self.users, self.positions = {}, {}
        self.turn = itertools.count(1)
        self.company_id = self.commit(self._make)

    def commit(self, act):
        return commit(self.registry, act)

    def _make(self, env):
        company = env["res.company"].create({"name": "Pemkab Berdua", "lapor_code": "SRD"})
        env.user.company_ids += company
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        units = {
            kind: env["lapor.unit"].create(
                {
                    "name": f"Kantor {kind}",
                    "code": f"SRD{kind}",
                    "kind": kind,
                    "company_id": company.id,
                    "assignment": "order",
                    "paraf_source": "list",
                }
            )
            for kind in ("manager", "opd")
        }
        for login, role in PEOPLE.items():
            user = env["res.users"].create(
                {
                    "name": login.title(),
                    "login": f"serentak_{login}",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "notification_type": "inbox",
                }
            )
            self.users[login] = user.id
            self.positions[login] = (
                env["lapor.position"]
                .create(
                    {
                        "name": login.title(),
                        "unit_id": units["opd" if login == "opd" else "manager"].id,
                        "role_id": env.ref(f"lapor_base.role_{role}").id,
                        "user_id": user.id,
                    }
                )
                .id
            )
        head = env["lapor.position"].browse(self.positions["kepala"])
        (units["manager"].position_ids - head).parent_id = head
        env["lapor.paraf.rule"].create(
            {"unit_id": units["manager"].id, "position_id": self.positions["kasi"]}
        )
        make_sop(
            env,
            units["manager"],
            WALK,
            allowance_amount=5,
            allowance_unit="working_day",
            extension_amount=14,
            extension_unit="working_day",
        )
        self.unit_id = units["manager"].id
        return company.id

    def case(self, walk=(), **values):
        """A committed case on which these acts were done, as pairs of who and ``act(case)``.

        :returns: its id
        """

        def make(env):
            env = env(context={**env.context, "allowed_company_ids": [self.company_id]})
            person = env["lapor.complainant"].create(
                {"name": "Budi", "phone": "081234567890", "company_id": self.company_id}
            )
            case = env["lapor.complaint"].create(
                {
                    "name": f"Aduan {next(self.turn)}",
                    "description": "Lampu jalan di depan pasar padam.",
                    "complainant_id": person.id,
                    "company_id": self.company_id,
                    "intake_unit_id": self.unit_id,
                    **values,
                }
            )
            for login, act in walk:
                act(case.with_user(self.users[login]))
            return case.id

        return self.commit(make)

    def officer(self, login, act, case_id):
        """Who acts on a case, as the helpers take it."""

        def on_case(env):
            context = {**env.context, "allowed_company_ids": [self.company_id]}
            return act(env(context=context)["lapor.complaint"].browse(case_id))

        return self.users[login], on_case


@pytest.fixture(scope="module")
def office():
    office = Office(Registry(get_db_name()))
    yield office
    remove_office(office.registry, office.company_id)


# ------------------------------------------------------------
# WHAT OFFICERS DO
# ------------------------------------------------------------


def advance(case, **evidence):
    arrow = case.sudo().current_step_id.sop_step_id.transition_ids
    case.action_advance(arrow.id, **evidence)


def take(number, **evidence):
    """The step's arrow as the page shows it that was opened before the other one acted."""

    def act(case):
        step = case.sudo().sop_id.step_ids.filtered(lambda step: step.number == number)
        case.action_advance(step.transition_ids.id, **evidence)

    return act


def position(case, login):
    user = case.env["res.users"].sudo().search([("login", "=", f"serentak_{login}")])
    return case.env["lapor.position"].sudo().search([("user_id", "=", user.id)])


def dispose(case):
    parts = [{"position_id": position(case, "opd").id}]
    take("2", disposition={"lead_position_id": position(case, "depan").id, "parts": parts})(case)


def draft(case):
    take("3", response={"body": "<p>Lampu sudah diganti.</p>"}, parts_reason="Cukup")(case)


def paraf(case):
    case.response_ids.filtered(lambda item: item.kind == "final").action_paraf()


def hold(case):
    case.action_hold([], note="Pasar yang mana?", delivery_note="Ditelepon")


def reveal(case):
    case.action_reveal_identity("Menelepon pelapor tentang letaknya")


def take_over(case):
    seen = {str(case.id): position(case, "depan").holder_id.id}
    case.action_take_over("Rekan sedang rapat", seen=seen)


def hand_over(case):
    case.action_hand_over(position(case, "samping").id, "Rapat")


def part(method, *arguments):
    """An act of the OPD on the part that was handed to it."""

    def act(case):
        line = case.sudo().disposition_line_ids.filtered("required").sudo(False)
        getattr(line, method)(*arguments)

    return act


def withdraw(case):
    case.action_withdraw("Ditelepon, masalah sudah selesai")


def deliver(case):
    notice = case.response_ids.filtered(lambda item: item.kind == "notice")
    channel = case.env.ref("lapor_base.channel_counter")
    notice.action_deliver_otherwise(channel.id, "Diambil sendiri")


def ask_more_time(case):
    case.action_ask_extension("Menunggu suku cadang", ground="other")


def grant(case):
    case.action_decide_extension(True)


def refuse(case):
    case.action_decide_extension(False, note="Tidak perlu")


def reopen(case):
    case.action_reopen("Belum menyala")


TO_2 = [("depan", take("1", note="Lengkap"))]
TO_3 = [*TO_2, ("kepala", dispose)]
TO_PARAF = [*TO_3, ("depan", draft)]
TO_4 = [*TO_PARAF, ("kasi", paraf)]
CLOSED = [("depan", withdraw)]

#: what was done before; who does what first; who does what at the same moment; what he is told;
#: the event of which there is one, where both want the same
PAIRS = {
    "advance": (
        [],
        "depan",
        take("1", note="A"),
        "samping",
        take("1"),
        "done by Depan",
        "step_done",
    ),
    "double click": ([], "depan", take("1"), "depan", take("1"), "done by Depan", "step_done"),
    "dispose": (TO_2, "kepala", dispose, "kepala", dispose, "done by Kepala", "disposition"),
    "sign": (
        TO_4,
        "kepala",
        take("4", sign=True),
        "kepala",
        take("4", sign=True),
        "done by Kepala",
        "response_signed",
    ),
    "paraf": (TO_PARAF, "kasi", paraf, "kasi", paraf, "no initial any more", "response_initialled"),
    "return, accept": (
        TO_3,
        "opd",
        part("action_return", "Bukan bagian kami"),
        "opd",
        part("action_accept"),
        "settled already: Returned",
        "part_returned",
    ),
    "accept twice": (
        TO_3,
        "opd",
        part("action_accept"),
        "opd",
        part("action_accept"),
        "settled already: Accepted",
        "part_accepted",
    ),
    "report, return": (
        TO_3,
        "opd",
        part("action_report", "Sudah"),
        "opd",
        part("action_return", "Bukan"),
        "settled already: Done",
        "part_done",
    ),
    "hold, advance": ([], "depan", hold, "samping", take("1"), "waits for its complainant", "held"),
    "advance, hold": ([], "depan", take("1"), "samping", hold, "is for Kepala", "step_done"),
    "hold twice": ([], "depan", hold, "depan", hold, "is on hold already", "held"),
    "resume twice": (
        [("depan", hold)],
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
        withdraw,
        "samping",
        take("1"),
        "closed meanwhile",
        "closed",
    ),
    "reopen": (CLOSED, "depan", reopen, "samping", reopen, "is not closed", "reopened"),
    "extension": (
        [("depan", ask_more_time)],
        "kepala",
        grant,
        "kasi",
        refuse,
        "it has been decided",
        "clock_extended",
    ),
    "reveal": ([], "depan", reveal, "depan", reveal, "open to Depan already", "identity_revealed"),
    "take over": ([], "samping", take_over, "belakang", take_over, "now for Samping", "reassigned"),
    "hand over": ([], "depan", hand_over, "depan", hand_over, "is with Samping", "reassigned"),
    "deliver": (
        CLOSED,
        "depan",
        deliver,
        "samping",
        deliver,
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
    winner = office.officer("depan", take("1"), main)
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
    winner = office.officer("depan", take("1"), case_id)
    loser = office.officer("samping", lambda case: case.write({"place": "Pasar Baru"}), case_id)
    assert one_after_began(office.registry, winner, loser) is None

    def check(env):
        case = env["lapor.complaint"].browse(case_id)
        assert (case.place, case.current_step_id.kind) == ("Pasar Baru", "direct")
        assert not unsound(case)

    office.commit(check)
