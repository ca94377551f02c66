"""The small pieces: keys of addons, log lines, SQL quoting, tables, sockets, mail's answers."""

import os
from types import SimpleNamespace

import pytest

from laporctl import addons, bench, database, given, mail, postgres, rival, testing
from laporctl.errors import LaporError
from laporctl.odoo import complaints, last_words
from laporctl.project import Project
from laporctl.table import table

MANIFEST = '{{"name": "X", "depends": {depends}, "installable": {installable}}}'


@pytest.fixture
def project(tmp_path):
    project = Project(root=tmp_path, state=tmp_path / "state", cache=tmp_path / "cache")
    for name, depends, installable in (
        ("lapor_a", ["mail", "portal"], True),
        ("lapor_b", ["lapor_a", "resource"], True),
        ("lapor_off", ["stock"], False),
    ):
        folder = project.addons / name
        folder.mkdir(parents=True)
        text = MANIFEST.format(depends=depends, installable=installable)
        (folder / "__manifest__.py").write_text(text)
    return project


def test_addons(project):
    assert addons.our_addons(project) == ["lapor_a", "lapor_b"]
    assert addons.foundations(project) == ["base", "mail", "portal", "resource", "web_tour"]


def test_unreadable_manifest(project):
    (project.addons / "lapor_a/__manifest__.py").write_text("{")
    with pytest.raises(LaporError, match="lapor_a/__manifest__.py cannot be read"):
        addons.our_addons(project)


def test_fingerprint(project):
    before = addons.fingerprint(project)
    for path in ("lapor_a/tests/test_x.py", "lapor_a/__pycache__/x.pyc", "lapor_off/models.py"):
        file = project.addons / path
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
        assert addons.fingerprint(project) == before, path
    (project.addons / "lapor_b/models.py").write_text("x")
    changed = addons.fingerprint(project)
    assert changed != before
    (project.addons / "lapor_b/models.py").rename(project.addons / "lapor_b/other.py")
    assert addons.fingerprint(project) not in (before, changed)


LOG = """\
2026-11-22 11:00:00,000 12 INFO lapor odoo.modules: WARNING in the text only
2026-11-22 11:00:00,100 12 WARNING lapor odoo.fields: unknown parameter
2026-11-22 11:00:00,200 12 ERROR ? odoo.registry: Failed to load registry
Traceback (most recent call last):
  File "x.py", line 1, in <module>
psycopg2.errors.NotNullViolation: null value
odoo.tools.convert.ParseError: while parsing x.xml:3
"""


def test_log(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(LOG)
    assert [line.split()[3] for line in complaints(log)] == ["WARNING", "ERROR"]
    assert last_words(log) == "odoo.tools.convert.ParseError: while parsing x.xml:3"
    log.write_text("one\n\ntwo\n")
    assert last_words(log) == "two"
    log.write_text("")
    assert last_words(log) == "it said nothing"


def test_quoting():
    assert database.literal("it's") == "'it''s'"
    assert database.quoted('a"b') == '"a""b"'


def test_table():
    assert table(("A", "Long"), [("xyz", ""), ("", "b")]).split("\n") == [
        "  A    Long",
        "  ---  ----",
        "  xyz",
        "       b",
    ]
    assert table(None, [("a", "b")]) == "  a  b"


def test_socket_of_a_deep_folder(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 6)
    near = Project(root=tmp_path, state=tmp_path / "s", cache=deep)
    assert postgres.socket_folder(near, near.state / "pg") == near.state / "pg"
    far = Project(root=deep, state=deep / "s", cache=tmp_path / "c")
    assert postgres.socket_folder(far, far.state / "pg") == far.cache / "run" / far.short_id
    both = Project(root=deep, state=deep / "s", cache=deep / "c")
    short = postgres.socket_folder(both, both.state / "pg")
    assert short.name.endswith(both.short_id)
    assert len(str(short / postgres.SOCKET)) <= postgres.LONGEST_SOCKET


def test_states_of_two_checkouts_differ(project, monkeypatch):
    other = Project(root=project.root, state=project.state / "b", cache=project.cache)
    assert project.short_id != other.short_id


def test_message_that_is_not_there(tmp_path):
    with pytest.raises(LaporError, match="cannot read .*: No such file"):
        mail.read(str(tmp_path / "none.eml"))
    (tmp_path / "empty.eml").write_text("\n")
    with pytest.raises(LaporError, match="is empty"):
        mail.read(str(tmp_path / "empty.eml"))


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], ["addons/lapor_a/tests", "tests"]),
        (["-k", "tests"], ["addons/lapor_a/tests", "tests"]),
        (["-x", "addons/lapor_a/tests"], []),
        (["addons/lapor_a/tests/test_x.py::TestX::test_y"], []),
        (["-k", "no/such"], ["addons/lapor_a/tests", "tests"]),
    ],
)
def test_paths_for_pytest(project, arguments, paths):
    tests = project.addons / "lapor_a/tests"
    tests.mkdir()
    (tests / "test_x.py").touch()
    (project.root / "tests").mkdir()
    odoo = SimpleNamespace(project=project, conf="odoo.conf")
    command = testing.odoo_pytest(odoo, "lapor_test", arguments)
    start = command.index(arguments[0]) if arguments else len(command) - len(paths)
    assert command[start:] == [*arguments, *paths]


@pytest.mark.parametrize(
    ("arguments", "cores", "workers"),
    [([], 2, 2), (["-k", "clock"], 2, 2), ([], 64, testing.WORKERS), ([], None, 1)],
)
def test_processes_share_a_whole_run(project, monkeypatch, arguments, cores, workers):
    monkeypatch.setattr(testing.os, "cpu_count", lambda: cores)
    assert testing.number_of_workers(project, arguments) == workers


@pytest.mark.parametrize("arguments", [["--pdb"], ["-s"], ["addons/lapor_a/tests"]])
def test_one_process_where_somebody_looks_on(project, monkeypatch, arguments):
    (project.addons / "lapor_a/tests").mkdir()
    monkeypatch.setattr(testing.os, "cpu_count", lambda: 8)
    assert testing.number_of_workers(project, arguments) == 1


def test_benches_are_described_and_have_a_size():
    for name in bench.NAMES:
        module = bench.load(name)
        assert module.HELP and module.SIZE > 0 and callable(module.run)
        assert name in bench.describe()


def test_cells_of_a_bench():
    item = {"act": "create", "count": 20, "queries": 30, "seconds": 1.234, "note": "clocks"}
    assert bench.cells(item) == ["20", "30", "1.50", "1.23", "clocks"]
    assert bench.cells({"act": "clocks", "count": 7}) == ["7", "", "", "", ""]
    assert bench.cells(None) == [""] * 5


def test_rival_that_cannot_be_had(project, monkeypatch):
    def refuse(*_arguments):
        raise OSError("No matching distribution found for odoo-addon-x")

    monkeypatch.setattr(rival, "_download", refuse)
    found, reason = rival.fetch(project, "x", ("odoo-addon-x",))
    assert found is None and "No matching distribution" in reason


def test_files_that_root_opened_are_read_by_name(tmp_path, monkeypatch):
    path = tmp_path / "message.eml"
    path.write_text("Subject: x")
    monkeypatch.setenv(given.HANDED, given.hand([str(path), "-", str(tmp_path / "none")]))
    given.take()
    assert given.HANDED not in os.environ
    path.unlink()
    for _again in range(2):
        with given.opened(str(path)) as file:
            assert file.read() == b"Subject: x"
    with pytest.raises(FileNotFoundError):
        given.opened(str(tmp_path / "none"))
