"""The lines above a signature: who signs, and for whom (a.n., u.b., Plt., Plh.)."""

MODES = ("own", "an", "ub")


def title_lines(mode: str, title: str, superior: str = "", head: str = "") -> list[str]:
    """The titles of a signature block, as tata naskah writes them.

    :param mode: "own"; "an" (atas nama: a direct subordinate signs for his superior); "ub"
        (untuk beliau: the second level signs, for a superior who himself signs a.n.)
    :param title: of the signer, with "Plt." or "Plh." before it when acting
    :param superior: for whom the signer signs
    :param head: for "ub": for whom that superior signs
    :raises ValueError: for an unknown mode
    """
    if mode not in MODES:
        raise ValueError(f"unknown way to sign: {mode!r}")
    if mode == "own" or not superior:
        return [f"{title},"]
    if mode == "an":
        return [f"a.n. {superior}", f"{title},"]
    if not head:
        return [f"a.n. {superior}", "u.b.", f"{title},"]
    return [f"a.n. {head}", f"{superior},", "u.b.", f"{title},"]


def full_title(title: str, unit: str) -> str:
    """A title with the unit that it leads: "Kepala Dinas" of "Dinas Kesehatan" is "Kepala Dinas
    Kesehatan". Any other title stays as it is.
    """
    words, named = title.split(), unit.split()
    if words and named and words[-1].lower() == named[0].lower():
        return " ".join([*words[:-1], *named])
    return title


def nip_spaced(nip: str | None) -> str:
    """A NIP in its groups ("19670403 199403 2 008"); anything else as it is."""
    digits = "".join(filter(str.isdigit, nip or ""))
    if len(digits) != 18:
        return nip or ""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"
