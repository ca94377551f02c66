"""How long a text may be that somebody types: one table for all models of the suite."""

#: Characters, by type of field: a line, a note or a reason, and a letter.
LIMITS = {"char": 500, "text": 10_000, "html": 200_000}
#: Fields that need another one.
LIMITS_OF = {
    ("lapor.complaint", "name"): 250,
    ("lapor.complaint", "place"): 250,
    ("lapor.complaint", "channel_reference"): 250,
    **{
        ("lapor.complainant", name): 250
        for name in ("name", "email", "email_normalized", "phone", "nik", "address", "occupation")
    },
    # What a mail or a letter says is taken in whole.
    ("lapor.complaint", "description"): 100_000,
}
#: What the program itself writes and nobody types: as long as it must be.
UNLIMITED = {
    ("lapor.complainant", "original_text"),
    ("lapor.mail.held", "detail"),
}


def limit_of(model: str, field: str, kind: str) -> int | None:
    """The most characters of a field; None where there is no limit.

    :param kind: type of the field ("char", "text", "html")
    """
    if not model.startswith("lapor.") or (model, field) in UNLIMITED:
        return None
    return LIMITS_OF.get((model, field), LIMITS.get(kind))
