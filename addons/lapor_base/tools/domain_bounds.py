"""What a search may ask: conditions in all, and how far it goes along relations.

Each step along a relation repeats the record rules of the model that it comes to, so twelve steps
within each other keep a database busy for minutes.
"""

from odoo.fields import Domain

#: Conditions in all, and those that go along relations.
MOST_TERMS = 5000
MOST_STEPS = 60
#: Steps along relations within each other.
DEEPEST = 5
#: What a reading may unfold: lists of records within each other.
DEEPEST_READING = 8


def excess(domain) -> bool:
    """Whether a domain asks for too much.

    :param domain: a list, as users send it, or a ``Domain``
    """
    terms = steps = 0
    todo = [(domain, 0)]
    while todo:
        part, depth = todo.pop()
        for field, operator, value in _conditions(part):
            terms += 1
            dots = field.count(".") if isinstance(field, str) else 0
            inner = operator in ("any", "not any", "any!", "not any!")
            deep = depth + dots + inner
            steps += dots + inner
            if terms > MOST_TERMS or steps > MOST_STEPS or deep > DEEPEST:
                return True
            if inner and isinstance(value, (list, tuple, Domain)):
                todo.append((value, deep))
    return False


def _conditions(domain):
    if isinstance(domain, Domain):
        for condition in domain.iter_conditions():
            yield condition.field_expr, condition.operator, condition.value
        return
    for item in domain or ():
        if isinstance(item, Domain):
            yield from _conditions(item)
        elif isinstance(item, (list, tuple)) and len(item) == 3:
            yield item


def excess_reading(specification) -> bool:
    """Whether a reading unfolds too many lists within each other (``web_read``)."""
    todo = [(specification, 1)]
    while todo:
        part, depth = todo.pop()
        if depth > DEEPEST_READING:
            return True
        for field in part.values() if isinstance(part, dict) else ():
            if isinstance(field, dict) and isinstance(field.get("fields"), dict):
                todo.append((field["fields"], depth + 1))
    return False
