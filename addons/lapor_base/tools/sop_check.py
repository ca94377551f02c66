"""Checker of SOP documents: finds oddities, mends none.

The three founding documents all have some (Bantul numbers its steps
1, 3, 4, 5, 6, 5, 6; Kapuas prints no total; superseded rules are cited), and an
office must see them without the program "correcting" a signed document.
Pure functions over plain data, so that any SOP can be checked before it is stored.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One row of the step table.

    :param key: identity of the step inside the document (its id or position)
    :param number: the number as printed; may be empty, missing or double
    :param has_role: whether a role is known for it
    :param has_allowance: whether it has a time standard
    """

    key: int
    number: str
    name: str = ""
    has_role: bool = True
    has_allowance: bool = True


@dataclass(frozen=True)
class Transition:
    """An arrow. ``target`` is the key of a step, or None for an end of the case."""

    source: int
    target: int | None
    needs_reason: bool = False
    rejects: bool = False


@dataclass(frozen=True)
class Oddity:
    """One finding. ``code`` says which, ``values`` fill the sentence shown to people."""

    code: str
    values: dict = field(default_factory=dict, hash=False)


def check_sop(steps, transitions, printed_total="", computed_total="", superseded=()):
    """List the oddities of a document, in the order a reader meets them.

    :param list[Step] steps: in true order
    :param list[Transition] transitions: all arrows
    :param str printed_total: the total as printed, "" when the document has none
    :param str computed_total: the total added in the document's own manner
    :param superseded: pairs of (cited rule, rule that replaced it)
    :rtype: list[Oddity]
    """
    found = []
    if not steps:
        return [Oddity("no_steps")]
    found += _check_numbers(steps)
    for step in steps:
        if not step.has_role:
            found.append(Oddity("no_role", {"step": _label(step)}))
        if not step.has_allowance:
            found.append(Oddity("no_allowance", {"step": _label(step)}))
    if not printed_total:
        found.append(Oddity("total_not_printed", {"computed": computed_total}))
    elif _normal(printed_total) != _normal(computed_total):
        found.append(
            Oddity("total_differs", {"printed": printed_total, "computed": computed_total})
        )
    found += _check_flow(steps, transitions)
    found += [Oddity("superseded", {"rule": old, "by": new}) for old, new in superseded]
    return found


def _label(step):
    return f"{step.number or '–'} ({step.name[:40].strip()})" if step.name else step.number


def _normal(total):
    return re.sub(r"\s+", " ", total).strip().casefold()


def _check_numbers(steps):
    numbers = [step.number.strip().rstrip(".") for step in steps]
    found = [
        Oddity("number_double", {"number": number})
        for number, count in Counter(filter(None, numbers)).items()
        if count > 1
    ]
    if not all(numbers):
        found.append(Oddity("number_empty", {"count": numbers.count("")}))
    # Longer numbers ("2018") are codes, not places in a row.
    whole = [int(number) for number in numbers if number.isdecimal() and len(number) <= 3]
    if whole:
        missing = sorted(set(range(1, max(whole) + 1)) - set(whole))
        found += [Oddity("number_missing", {"number": number}) for number in missing]
        if any(after < before for before, after in zip(whole, whole[1:], strict=False)):
            found.append(Oddity("number_order", {"numbers": ", ".join(numbers)}))
    return found


def _check_flow(steps, transitions):
    by_key = {step.key: step for step in steps}
    arrows, backwards, ends = defaultdict(set), defaultdict(set), set()
    found = []
    for transition in transitions:
        if transition.target is None:
            ends.add(transition.source)
            if transition.rejects:
                found.append(
                    Oddity("rejects_incomplete", {"step": _label(by_key[transition.source])})
                )
        else:
            arrows[transition.source].add(transition.target)
            backwards[transition.target].add(transition.source)
    reached = _closure({steps[0].key}, arrows)
    found += [
        Oddity("unreachable", {"step": _label(step)}) for step in steps if step.key not in reached
    ]
    finishing = _closure(ends, backwards)
    found += [
        Oddity("dead_end", {"step": _label(step)}) for step in steps if step.key not in finishing
    ]
    return found


def _closure(start, arrows):
    seen, todo = set(start), list(start)
    while todo:
        for target in arrows[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    return seen
