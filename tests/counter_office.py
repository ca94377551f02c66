"""A committed office with several clerks at one counter, and what its people do with a case."""

import itertools

from .committed_office import commit, make_sop, unused_code

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
        company = env["res.company"].create({"name": "Pemkab Berdua", "lapor_code": unused_code()})
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


# ------------------------------------------------------------
# WHAT OFFICERS DO
# ------------------------------------------------------------


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
    given = {
        "lead_position_id": position(case, "depan").id,
        "note": "Tinjau",
        "parts": [{"position_id": position(case, "opd").id}],
    }
    take("2", disposition=given)(case)


def draft(case):
    take("3", response={"body": "<p>Lampu sudah diganti.</p>"}, parts_reason="Cukup")(case)


def paraf(case):
    case.response_ids.filtered(lambda item: item.kind == "final").action_paraf()


def hold(case):
    items = case.env["lapor.missing.item"].search([], limit=1).ids
    case.action_hold(items, delivery_note="Ditelepon")


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
