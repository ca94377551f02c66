"""Which Debian mirror this machine uses, read from its own apt configuration."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

RELEASES = {"bookworm", "trixie", "forky", "duke", "sid"}
ALIASES = {"oldoldstable", "oldstable", "stable", "testing", "unstable"}


class Source(NamedTuple):
    """One suite of one address: ``uri`` without a slash at its end."""

    uri: str
    suite: str
    components: tuple[str, ...]


def parse_list(text: str) -> Iterator[Source]:
    """The enabled ``deb`` lines of a classic sources.list."""
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        line = re.sub(r"\[[^]]*\]", " ", line)
        words = line.split()
        if len(words) >= 3 and words[0] == "deb":
            yield Source(words[1].rstrip("/"), words[2], tuple(words[3:]))


def parse_deb822(text: str) -> Iterator[Source]:
    """The enabled stanzas of a deb822 .sources file."""
    for stanza in re.split(r"\n\s*\n", text):
        fields: dict[str, list[str]] = {}
        name = ""
        for line in stanza.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line[0].isspace():
                fields.setdefault(name, []).extend(line.split())
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.split()
        if "deb" not in fields.get("types", []):
            continue
        if fields.get("enabled", ["yes"])[0].lower() in ("no", "false", "0"):
            continue
        for uri in fields.get("uris", []):
            for suite in fields.get("suites", []):
                yield Source(uri.rstrip("/"), suite, tuple(fields.get("components", [])))


def read_sources(folder: Path = Path("/etc/apt")) -> list[Source]:
    """Every enabled source below apt's configuration ``folder``, in apt's own order."""
    found: list[Source] = []
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for path in files:
        if not path.is_file() or path.suffix not in (".list", ".sources"):
            continue
        text = path.read_text(errors="replace")
        found.extend(parse_list(text) if path.suffix == ".list" else parse_deb822(text))
    return found


def debian_mirror(sources: list[Source]) -> str | None:
    """The address of the Debian archive itself among ``sources``, or None.

    Security and third-party archives use other suite names, or lack ``main``.
    """
    for source in sources:
        named = source.suite in RELEASES | ALIASES
        remote = source.uri.partition(":")[0] in ("http", "https", "mirror+http", "mirror+https")
        if named and remote and "main" in source.components:
            return source.uri
    return None
