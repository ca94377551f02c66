"""The mirror is found in both forms of apt's configuration, and only Debian's own."""

import pytest

from laporctl.apt_sources import Source, debian_mirror, parse_deb822, parse_list, read_sources

DEB822 = """\
# a comment
Types: deb
URIs: http://mirror.test/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main contrib
"""


def test_deb822():
    assert list(parse_deb822(DEB822)) == [
        Source("http://mirror.test/debian", "bookworm", ("main",)),
        Source("http://mirror.test/debian", "bookworm-updates", ("main",)),
        Source("http://mirror.test/debian-security", "bookworm-security", ("main", "contrib")),
    ]


@pytest.mark.parametrize("line", ["Enabled: no", "Enabled: false", "Types: deb-src"])
def test_deb822_disabled(line):
    assert not list(parse_deb822(f"URIs: http://a.test/\nSuites: sid\nTypes: deb\n{line}\n"))


def test_deb822_continued_lines():
    text = (
        "Types: deb deb-src\nURIs: http://a.test\nSuites:\n sid\n# no\n testing\nComponents: main"
    )
    assert [source.suite for source in parse_deb822(text)] == ["sid", "testing"]


def test_classic_list():
    text = """
    # deb http://commented.test/debian sid main
    deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian trixie main non-free # why
    deb-src http://mirror.test/debian trixie main
    deb http://short.test
    """
    assert list(parse_list(text)) == [
        Source("http://mirror.test/debian", "trixie", ("main", "non-free"))
    ]


def test_files_of_a_folder(tmp_path):
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb cdrom:[Debian]/ bookworm main\n")
    (parts / "debian.sources").write_text(DEB822)
    (parts / "other.list.disabled").write_text("deb http://off.test/debian sid main\n")
    sources = read_sources(tmp_path)
    assert len(sources) == 4
    assert debian_mirror(sources) == "http://mirror.test/debian"


@pytest.mark.parametrize(
    "source",
    [
        Source("http://a.test/debian-security", "bookworm-security", ("main",)),
        Source("http://a.test/repos/apt", "bookworm-pgdg", ("main",)),
        Source("http://a.test/node", "nodistro", ("main",)),
        Source("http://a.test/ubuntu", "noble", ("main",)),
        Source("file:/media/debian", "bookworm", ("main",)),
        Source("http://a.test/debian", "bookworm", ("contrib",)),
    ],
)
def test_no_debian_mirror(source):
    assert debian_mirror([source]) is None
