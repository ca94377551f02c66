"""What of a mail its writer wrote, and what it only quotes.

A tail is parted only when nothing unquoted follows it: answers below and between the quoted lines
stay with the writer's words. All functions are linear in the length of the text.
"""

import re

# A head never is longer; longer lines are prose.
MAX_HEAD = 600

# "On 3 Feb 2025 at 10:12 NAME <address> wrote:" as mail programs print it in the languages of the
# people who write to an office and of their programs. It tells when or from which address; a
# sentence of a complaint ("Pada papan itu petugas menulis:") does not.
_WROTE = re.compile(
    r"""^\s*(?:-{2,}\s*)?(?:on|pada|am|le|el|op|il|em|den|w\sdniu)\s.{5,500}?
        (?:wrote|menulis|schrieb|a\s[ée]crit|escribi[óo]|schreef|ha\sscritto|escreveu|skrev
           |napisa[łl](?:\(a\))?)\b.{0,120}?:""",
    re.IGNORECASE | re.VERBOSE,
)
_BEGINS = re.compile(r"^\s*(?:on|pada|am|le|el|op|il|em|den)\s", re.IGNORECASE)
_WHEN_OR_WHO = re.compile(r"\S@\S|\d[.:]\d\d")
# Zoho prints it between dashes, Roundcube's and K-9's old ways begin with the date.
_DASHED = re.compile(r"^\s*-{2,}\s*(?:on|pada)\s.{5,500}\s-{2,}\s*$", re.IGNORECASE)
_DATED = re.compile(
    r"^\s*\d{4}-\d\d-\d\d\s\d\d?:\d\d\s(?:GMT|UTC)?[+-]?\d{0,2}:?\d{0,2}\s.{2,200}:\s*$"
)
# "-----Original Message-----" and its brothers; a head has to follow.
_MARKER = re.compile(
    r"""^\s*-{2,}\s*(?:original\s+(?:message|mail)|pesan\s+asli|forwarded\s+(?:message|mail)
        |pesan\s+(?:yang\s+)?diteruskan|urspr[üu]ngliche\s+nachricht|message\s+d'origine
        |mensaje\s+original|oorspronkelijk\s+bericht)\s*-{2,}\s*$
        |^\s*begin\s+forwarded\s+message\s*:\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FORWARDED = re.compile(
    r"^\s*-{2,}\s*(?:forwarded\s+(?:message|mail)|pesan\s+(?:yang\s+)?diteruskan)\s*-{2,}\s*$"
    r"|^\s*begin\s+forwarded\s+message\s*:\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
# Labels of Outlook's head, in the order in which it prints them. Out of HTML they may be *bold*.
_LABELS = (
    ("from", r"from|dari|von|de|van|da"),
    ("date", r"sent|dikirim|date|tanggal|gesendet|envoy[ée]|enviado|verzonden|inviato|datum|fecha"),
    ("to", r"to|kepada|untuk|an|[àa]|para|aan|a"),
    ("cc", r"cc|tembusan"),
    ("subject", r"subject|subjek|perihal|hal|betreff|objet|asunto|onderwerp|oggetto|assunto"),
)
_LABEL = re.compile(
    r"^\s*(?:>\s*)?\*{0,2}(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS)
    + r")\s*:\*{0,2}(?=\s|$)",
    re.IGNORECASE,
)
_ANSWER_MARK = re.compile(
    r"^\s*(?:re|bls|balas|aw|sv|antw|odp|vs|res|rif)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
_FORWARD_MARK = re.compile(
    r"^\s*(?:fw|fwd|trs|terusan|tr|wg|rv|doorst)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^--\s*$")
# The first words of disclaimers under mails of companies and offices.
_DISCLAIMER = re.compile(
    r"^\W{0,3}(?:disclaimer|penafian|perhatian|pemberitahuan|confidentiality|"
    r"this\s+(?:e-?mail|message)|e-?mail\s+ini|surel\s+ini|pesan\s+ini|"
    r"the\s+information\s+(?:contained|in\s+this))\b.{0,400}"
    r"(?:confidential|rahasia|intended|recipient|penerima|dimaksud)",
    re.IGNORECASE,
)
SIGNATURE_LINES = 15


def is_answer(subject: str) -> bool:
    """Whether a subject says that the mail answers another one."""
    return bool(_ANSWER_MARK.match(subject[:100]))


def is_forward(subject: str, text: str = "") -> bool:
    """Whether a mail says, by subject or a line of its text, that it passes another one on."""
    return bool(
        _FORWARD_MARK.match(subject[:100])
        or any(_FORWARDED.match(line) for line in text.split("\n") if len(line) <= MAX_HEAD)
    )


def split_quoted(text: str) -> tuple[str, str]:
    """Part the text of a mail that answers or passes on another one.

    :returns: (own words, quoted tail); the tail is "" when nothing is quoted, or when the
        writer's words go on below or between the quoted lines. When everything is quoted (a
        mail that only forwards), all of it counts as own words.
    """
    lines = text.split("\n")
    start = _tail_start(lines)
    if start is None:
        return text.strip(), ""
    own, tail = "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()
    return (own, tail) if own else (tail, "")


def split_signature(text: str) -> tuple[str, str]:
    """Part own words from the signature or disclaimer under them, which a thread folds away.

    :returns: (words, signature); the signature is "" where none is told apart by "-- " or by the
        words of a disclaimer
    """
    lines = text.split("\n")
    for index in range(len(lines) - 1, max(-1, len(lines) - SIGNATURE_LINES), -1):
        line = lines[index][:MAX_HEAD]
        if index and (_SIGNATURE.match(line) or _DISCLAIMER.match(line)):
            own, rest = "\n".join(lines[:index]).strip(), "\n".join(lines[index:]).strip()
            return (own, rest) if own else (text.strip(), "")
    return text.strip(), ""


def _tail_start(lines):
    """The line with which the quoted tail begins, or None."""
    quoted = [line.startswith(">") for line in lines]
    # From which line on there is nothing but quoted and empty lines.
    run = len(lines)
    while run and (quoted[run - 1] or not lines[run - 1].strip()):
        run -= 1
    last_quoted = max((index for index, is_quoted in enumerate(quoted) if is_quoted), default=-1)
    for index, line in enumerate(lines):
        if quoted[index]:
            if index >= run:
                return index
            continue
        if len(line) > MAX_HEAD or not line.strip():
            continue
        length = _wrote_head(lines, index)
        if length:
            after = index + length
            # Below the head is the quoted mail, marked or not; what stands below marked lines
            # is the writer's.
            if after >= run or last_quoted < after:
                return index
            continue
        if _is_block_head(lines, index):
            return index
    return None


def _wrote_head(lines, index):
    """How many lines the head "On … NAME wrote:" at this line has; 0 for none."""
    line = lines[index]
    if _DASHED.match(line) or _DATED.match(line):
        return 1
    head = line
    for length in (1, 2, 3):
        found = _WROTE.match(head)
        if found and _WHEN_OR_WHO.search(found.group()):
            return length
        if length == 3 or index + length >= len(lines):
            return 0
        following = lines[index + length]
        # Folded once or twice: only a line that says when or from whom may go on.
        if not following.strip() or len(following) > MAX_HEAD or following.startswith(">"):
            return 0
        if not _WHEN_OR_WHO.search(head) or len(head) < 9 or _BEGINS.match(following):
            return 0
        head = f"{head} {following}"
    return 0


def _is_block_head(lines, index):
    """Whether Outlook's head, a rule above it or a marker like "Original Message" begins here."""
    line = lines[index]
    if _MARKER.match(line):
        return bool(_labels(lines, _next_line(lines, index)))
    if _RULE.match(line):
        return _is_head(_labels(lines, _next_line(lines, index)))
    return bool(_LABEL.match(line)) and _is_head(_labels(lines, index))


def _next_line(lines, index):
    """The next line that is not empty, of the next three."""
    for following in range(index + 1, min(index + 4, len(lines))):
        if lines[following].strip():
            return following
    return len(lines)


def _labels(lines, index):
    """The labels of the lines from this one on, up to the first that has none."""
    found = []
    for line in lines[index : index + 8]:
        label = _LABEL.match(line[:MAX_HEAD])
        if label:
            found.append(label.lastgroup)
        elif not found or not line.startswith((" ", "\t")):
            # A long list of addresses goes on in the next line, indented.
            break
    return found


def _is_head(labels):
    """Whether labels are those of a quoted mail: who, then when, then at least one more. A formal
    letter has "Dari:" and "Perihal:", too, but not the moment at which it was sent."""
    return labels[:2] == ["from", "date"] and len(labels) > 2
