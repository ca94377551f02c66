"""How likely it is that a person waits behind a mail that is held: what is decided first."""

#: What each sign is worth, in points of a hundred.
ANSWERS_US = 40
NAMED = 10
HAS_WORDS = 10
HAS_FILES = 5
NO_SENDER = -30
RETURNS_NOWHERE = -15
#: Words from which on somebody has something to say.
MANY_WORDS = 12


def person_score(
    base: int,
    *,
    answers_us: bool = False,
    has_name: bool = False,
    sender: str = "",
    words: int = 0,
    files: int = 0,
    returns_nowhere: bool = False,
) -> int:
    """The likelihood that a person waits behind a held mail.

    :param base: that of the rule which holds it, 0 to 100; 0 stays 0
    :param answers_us: whether it answers a mail of ours, or has a signed address
    :param has_name: whether its sender has a name beside the address
    :param sender: the address, "" for none
    :param words: how many it has
    :param files: how many came with it
    :param returns_nowhere: whether its envelope has no sender (``Return-Path: <>``)
    :returns: 0 to 100
    """
    if not base:
        return 0
    score = base
    score += ANSWERS_US * answers_us
    score += NAMED * has_name
    score += HAS_WORDS * (words >= MANY_WORDS)
    score += HAS_FILES * bool(files)
    score += NO_SENDER * (not sender)
    score += RETURNS_NOWHERE * returns_nowhere
    return max(1, min(100, score))
