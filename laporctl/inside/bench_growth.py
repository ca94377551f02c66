"""Run in Odoo's shell on a database of the bench: what hostile texts cost. Nothing is committed.

``ARGUMENTS``: ``size``, how many texts are put together by dice, besides the plain ones. First
every tool that reads texts, twice as much of each family beside once; then whole mails with a
megabyte of text each, taken in or held, and the forms of the complaints that they become. Only
seconds of this process's own work are compared, so what else the machine does counts little.
"""

import time

from laporctl.inside.bench_office import fill_office, officer
from tests import growth, hostile

MEGABYTE = 1_000_000
#: Seconds that one mail may take, and its form.
TAKEN_IN, OPENED = 2.0, 0.5


def tools():
    """The dearest family of each tool, and each that grows faster than its text."""
    pairs = 0
    for name, ways in growth.calls().items():
        worst = (0.0, "", 0, 0.0)
        for kind, call in ways:
            diced = kind in ("text", "mail")
            families = growth.KINDS[kind](7, ARGUMENTS["size"]) if diced else growth.KINDS[kind]()
            for family, make in families.items():
                factor, size, seconds = hostile.growth(call, make, longest=128 * 1024)
                pairs += 1
                worst = max(worst, (factor, family, size, seconds))
                if factor > hostile.BOUND:
                    report({"wrong": f"{name}: {family} grows {factor:.1f}-fold at {size}"})
        report(
            {
                "act": name,
                "count": sum(len(growth.KINDS[kind]()) for kind, _call in ways),
                "seconds": round(worst[3], 3),
                "note": f"{worst[0]:.1f}-fold: {worst[1]}" if worst[0] else "always cheap",
            }
        )
    report({"act": "pairs of a tool and a family", "count": pairs})


def mails():
    """Whole mails, and the forms of what becomes of them."""
    fill_office(env)
    desk = officer(env, "admin_layanan")
    unit = desk["lapor.position"].search([("holder_id", "=", desk.uid)], limit=1).unit_id
    gateway = env["lapor.mail.gateway"]
    view = desk["lapor.complaint"].get_view(view_type="form")
    names = dict.fromkeys(view["models"]["lapor.complaint"], {})
    taken, opened, fates = [], [], {}
    for family, make in hostile.mails().items():
        if not family.startswith(("text: ", "html: ")) and ": " in family:
            continue
        env.cr.execute("SAVEPOINT mail")
        raw = make(MEGABYTE)
        begun = time.process_time()
        result = gateway._receive(raw, unit=unit)
        taken.append((time.process_time() - begun, family))
        fates[result["status"]] = fates.get(result["status"], 0) + 1
        case = desk["lapor.complaint"].search([("number", "=", result["number"] or "")])
        if case:
            env.flush_all()
            env.invalidate_all()
            begun = time.process_time()
            case.web_read(names)
            opened.append((time.process_time() - begun, family))
        env.cr.execute("ROLLBACK TO SAVEPOINT mail")
        env.invalidate_all()
    for act, found, limit in (
        ("a mail of one megabyte, the dearest", taken, TAKEN_IN),
        ("its form, the dearest", opened, OPENED),
    ):
        seconds, family = max(found)
        report({"act": act, "count": len(found), "seconds": round(seconds, 3), "note": family})
        for slow, name in found:
            if slow > limit:
                report({"wrong": f"{act}: {name} takes {slow:.1f} s"})
    for fate, count in fates.items():
        report({"act": f"mails of one megabyte: {fate}", "count": count})


mails()
tools()
env.cr.rollback()
