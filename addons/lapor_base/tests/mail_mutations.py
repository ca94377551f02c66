"""Mails damaged at random, the same for the same seed."""

import random

_PIECES = (
    b"\x00",
    b"\xff\xfe",
    b"\r",
    b"\n\n",
    b"=?utf-8?b?",
    b"Content-Type: multipart/mixed; boundary=x\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-7",
    b"charset=x-mati",
    b"<" * 50,
    b"(" * 50,
    b'"',
    b";" * 200,
    b"\xe2\x80\xae",
    b"--\n",
    b"Auto-Submitted: auto-replied\n",
)


def mutated(raws, count, seed):
    """``count`` damaged mails.

    :param raws: whole mails, bytes
    :param int seed: gives the same mails each time
    """
    dice = random.Random(seed)
    for turn in range(count):
        raw = bytearray(dice.choice(raws)[:50_000])
        for _hurt in range(dice.randint(1, 6)):
            _hurt_one(raw, raws, dice)
        # A number of its own, so that two different mails rarely claim to be the same.
        yield bytes(raw).replace(b"<contoh-", b"<ubah-%d-" % turn, 1)


def _hurt_one(raw, raws, dice):
    at = dice.randrange(len(raw) + 1)
    end = min(len(raw), at + dice.choice((1, 2, 10, 100, 2000)))
    kind = dice.randrange(7)
    if kind == 0:
        del raw[at:end]
    elif kind == 1:
        raw[at:at] = dice.choice(_PIECES)
    elif kind == 2:
        raw[at:end] = bytes(dice.randrange(256) for _byte in range(min(20, end - at)))
    elif kind == 3:
        raw[at:at] = raw[at:end]
    elif kind == 4:
        other = dice.choice(raws)[:20_000]
        start = dice.randrange(len(other) + 1)
        raw[at:end] = other[start : start + 500]
    elif kind == 5:
        lines = bytes(raw).split(b"\n")
        dice.shuffle(head := lines[:12])
        raw[:] = b"\n".join(head + lines[12:])
    else:
        del raw[at:]
