"""What can go wrong ends in one sentence that names the way out."""

import collections
import errno
import re
import shutil
import socket
import subprocess
import sys

import pytest

from laporctl import apt, apt_sources, cli, database, disk, system, venv
from laporctl.errors import LaporError
from laporctl.project import Project
from laporctl.stage import Stage

LAUNCHER = Project.here().root / "lapor"
# a port that nothing listens on: the discard service's
NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 18), (3, 14, 0)])
def test_wrong_python(version):
    code = (
        f"import runpy, sys; sys.version_info = {version!r}; sys.argv = ['lapor', 'run']\n"
        f"runpy.run_path({str(LAUNCHER)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Python 3.10 to 3.13 is needed and this is {}.{}".format(*version) in done.stderr


def test_launcher_has_no_new_syntax():
    text = LAUNCHER.read_text()
    assert "f'" not in text and 'f"' not in text and "->" not in text and ":=" not in text


def test_port_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LaporError, match=f"port {port} .*--port 8070"):
            system.need_free_port("127.0.0.1", port)
    system.need_free_port("127.0.0.1", port)


def test_no_room(tmp_path, monkeypatch):
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1_500_000_000))
    with pytest.raises(LaporError, match=r"Odoo needs 3.0 GB .* 1.5 GB are free; .*XDG_CACHE_HOME"):
        disk.need_room(tmp_path / "not" / "yet", 3, "Odoo")
    disk.need_room(tmp_path, 1, "Odoo")


def test_not_debian(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LaporError, match=r"not a Debian-like .* LAPOR_ODOO_HOME.*docker-compose"):
        apt.check_debian()


def test_no_mirror(tmp_path, monkeypatch):
    monkeypatch.delenv("LAPOR_DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(apt, "read_sources", lambda: apt_sources.read_sources(tmp_path))
    monkeypatch.setattr(apt, "check_debian", lambda: None)
    with pytest.raises(LaporError, match=r"no Debian mirror.*LAPOR_ODOO_HOME"):
        apt.PrivateApt(tmp_path / "apt", ("sid",))


@pytest.mark.skipif(not shutil.which("apt-get"), reason="needs apt")
def test_no_network_for_apt(tmp_path, monkeypatch):
    monkeypatch.setenv("LAPOR_DEBIAN_MIRROR", f"{NOWHERE}/debian")
    monkeypatch.setattr(apt, "check_debian", lambda: None)
    private = apt.PrivateApt(tmp_path / "apt", ("sid",))
    with pytest.raises(
        LaporError, match=r"LAPOR_DEBIAN_MIRROR=.*does not answer \(no network.*run again"
    ):
        private.update()


def test_no_network_for_pip(tmp_path, monkeypatch):
    for name, value in (
        ("PIP_INDEX_URL", NOWHERE),
        ("PIP_CONFIG_FILE", "/dev/null"),
        ("PIP_NO_INDEX", "0"),
        ("PIP_RETRIES", "1"),
        ("PIP_EXTRA_INDEX_URL", ""),
        ("PIP_FIND_LINKS", ""),
    ):
        monkeypatch.setenv(name, value)
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("six==1.17.0\n")
    venv.create(tmp_path / "venv")
    message = r"package index does not answer \(no network.*run again"
    with Stage("packages") as stage, pytest.raises(LaporError, match=message):
        venv.install(tmp_path / "venv", requirements, stage)


def test_package_missing_for_a_plain_user(monkeypatch):
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(LaporError, match="install the package python3-venv"):
        system.need_package("python3-venv", "Python's venv module")


def test_one_line_and_a_status(monkeypatch, capsys):
    def fail(project, options):
        raise LaporError("this went wrong; do that", 7)

    monkeypatch.setattr(cli.commands, "stop", fail)
    assert cli.main(["stop"]) == 7
    assert capsys.readouterr().err == "lapor: this went wrong; do that.\n"


def test_interrupted(monkeypatch, capsys):
    def interrupt(project, options):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.commands, "stop", interrupt)
    assert cli.main(["stop"]) == 130
    assert "run the same command again" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["run", "--port", "0"], ["run", "--port", "x"], ["fly"], [], ["stop", "now"]]
)
def test_wrong_arguments(arguments, capsys):
    with pytest.raises(SystemExit) as failure:
        cli.main(arguments)
    assert failure.value.code == 2
    assert "usage: ./lapor" in capsys.readouterr().err


def test_pytest_gets_its_arguments(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        cli.testing, "test", lambda project, options: seen.update(vars(options)) or 0
    )
    assert (
        cli.main(["test", "--quick", "-x", "-k", "quick or slow", "addons/lapor_base/tests"]) == 0
    )
    assert seen["quick"] is True
    assert seen["pytest_args"] == ["-x", "-k", "quick or slow", "addons/lapor_base/tests"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            PermissionError(13, "Permission denied", "/no/x"),
            r"no right to use /no/x \(/ ",
        ),
        (OSError(errno.EROFS, "Read-only", "/no/x"), "disk is read-only; set LAPOR_STATE"),
        (OSError(errno.ENOSPC, "full", "/no/x"), "no room on disk"),
        (
            OSError(errno.EIO, "Input/output error", "/no/x"),
            r"Input/output error \(/no/x",
        ),
    ],
)
def test_what_the_system_refuses_is_one_line(monkeypatch, capsys, error, words):
    def fail(project, options):
        raise error

    monkeypatch.setattr(cli.commands, "stop", fail)
    assert cli.main(["stop"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and re.search(words, said)


def test_a_folder_of_another_user(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    monkeypatch.setenv("LAPOR_STATE", str(folder / "state"))
    # The tests' own server would be asked first.
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main(["verify"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "LAPOR_STATE" in said and str(folder) in said


def test_a_wrong_mirror_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(apt, "check_debian", lambda: None)
    monkeypatch.setenv("LAPOR_DEBIAN_MIRROR", "nonsense")
    with pytest.raises(LaporError, match=r"LAPOR_DEBIAN_MIRROR=nonsense is no address"):
        apt.PrivateApt(tmp_path / "apt", ("sid",))


def test_a_role_without_the_right_to_make_databases(monkeypatch):
    answer = subprocess.CompletedProcess(
        [], 3, "", "psql:<stdin>:1: ERROR:  permission denied to create database\n"
    )
    monkeypatch.setattr(database, "_psql", lambda *_arguments: answer)
    with pytest.raises(LaporError, match="ALTER ROLE … CREATEDB"):
        database.query(None, "CREATE DATABASE x")
