"""What printing needs: installed as root, named otherwise, never in the way."""

import pytest

from laporctl import printing
from laporctl.errors import LaporError


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine without anything, and what was asked of apt on it."""
    asked = []
    monkeypatch.setattr(printing.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(printing, "FONT_FOLDERS", (tmp_path / "fonts",))
    monkeypatch.setattr(printing.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(printing.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(printing, "apt_install", asked.append)
    monkeypatch.setattr(printing, "is_root", lambda: True)
    return asked


def test_root_gets_what_is_missing(machine):
    printing.need_printing()
    assert machine == [(*printing.LIBRARIES, printing.FONT)]


def test_nothing_is_done_where_all_is_there(machine, monkeypatch, tmp_path):
    font = tmp_path / "fonts/truetype/LiberationSans-Regular.ttf"
    font.parent.mkdir(parents=True)
    font.touch()
    monkeypatch.setattr(printing.ctypes.util, "find_library", lambda name: f"lib{name}.so")
    printing.need_printing()
    assert machine == []


def test_a_font_of_the_user_counts(machine, tmp_path):
    (tmp_path / ".fonts").mkdir()
    (tmp_path / ".fonts/LiberationSans-Regular.ttf").touch()
    assert printing.missing_packages() == list(printing.LIBRARIES)


def test_others_are_told_and_go_on(machine, monkeypatch, capsys):
    monkeypatch.setattr(printing, "is_root", lambda: False)
    printing.need_printing()
    assert machine == []
    assert "libpango-1.0-0" in capsys.readouterr().out


def test_a_failing_apt_is_told_and_does_not_stop(machine, monkeypatch, capsys):
    def fail(packages):
        raise LaporError("no network")

    monkeypatch.setattr(printing, "apt_install", fail)
    printing.need_printing()
    output = capsys.readouterr().out
    assert "no network" in output and printing.FONT in output
