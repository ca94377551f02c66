"""Values for any field, so that a test can walk all fields of a model, new ones too."""

import datetime

from odoo.fields import Command

#: The beginning of a photo: a file is what its name says.
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100

#: The smallest PNG, as base64.
PHOTO = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)

BOOKKEEPING = {"id", "create_uid", "create_date", "write_uid", "write_date", "display_name"}


def own_fields(model, without=()):
    """Names of the stored fields that a person could write: no computed ones, no
    bookkeeping of the ORM or of the thread."""
    return [
        name
        for name, field in model._fields.items()
        if name not in BOOKKEEPING
        and name not in without
        and not name.startswith(("message_", "activity_", "website_", "rating_"))
        and (field.store or field.type in ("one2many", "many2many"))
        and not field.related
        and (not field.compute or not field.readonly)
    ]


def sample(model, name, other=None):
    """A value for this field that differs from an empty one and, for texts, from any other.

    :param other: record to refer to, for relations; else any record of the comodel
    """
    field = model._fields[name]
    simple = {
        "char": f"contoh {name}",
        "text": f"contoh {name}",
        "html": f"<p>contoh {name}</p>",
        "integer": 4711,
        "float": 47.11,
        "boolean": True,
        "date": datetime.date(2020, 6, 12),
        "datetime": datetime.datetime(2020, 6, 12, 1, 2, 3),
        "json": {"contoh": 1},
        "binary": PHOTO,
        "image": False,
    }
    if field.type in simple:
        return simple[field.type]
    if field.type == "selection":
        return list(dict(field._description_selection(model.env)))[-1]
    if other is None:
        other = model.env[field.comodel_name].with_context(active_test=False).search([], limit=1)
    if field.type == "many2one":
        return other.id
    if field.type == "one2many":
        return [Command.create({})]
    if field.type == "many2many":
        return [Command.set(other.ids)]
    raise NotImplementedError(f"no sample for {field}")


def make(model, known, **values):
    """Create a record of any model, with a value in every field that needs one.

    :param model: an empty recordset, in the environment that creates
    :param dict known: {model name: record} to refer to
    :param values: values of fields, where the model has them
    """
    return model.create(needed_values(model, known, **values))


def needed_values(model, known, **values):
    """Values with which :func:`make` creates."""
    values = {name: value for name, value in values.items() if name in model._fields}
    defaults = model.default_get(list(model._fields))
    used = set()
    for name, field in model._fields.items():
        needed = field.required or field.comodel_name == "lapor.complaint"
        if name in values or not needed or field.compute or name in BOOKKEEPING:
            continue
        if field.comodel_name in known:
            record = known[field.comodel_name]
            if record in used and field.comodel_name != "res.users":
                record = record.sudo().copy()
            used.add(record)
            values[name] = record.id if field.type == "many2one" else record.ids
        elif name == "date_to" and defaults.get("date_from"):
            # A period is over, so that it changes nothing, and does not end before it begins.
            values[name] = values["date_from"] = sample(model, name)
        elif name not in defaults:
            values[name] = sample(model, name)
    return values
