"""``./lapor mail``: files and folders, and one line for each message."""

import argparse
import json
from types import SimpleNamespace

import pytest

from laporctl import given, mail
from laporctl.errors import LaporError

FATES = {"new", "reply", "note", "held", "known", "refused"}


@pytest.mark.parametrize(
    ("result", "line", "word", "status"),
    [
        ({"status": "new", "number": "LAP-1"}, "LAP-1 — aduan baru", "new", 0),
        ({"status": "reply", "number": "LAP-1"}, "LAP-1 — pesan pelapor pada aduannya", "reply", 0),
        ({"status": "note", "number": "LAP-1"}, "LAP-1 — catatan internal", "note", 0),
        ({"status": "report", "number": "LAP-1"}, "LAP-1 — laporan pengiriman", "note", 0),
        ({"status": "duplicate", "number": False, "reason": "ada"}, "– — ada", "known", 0),
        ({"status": "held", "number": False, "reason": "robot"}, "disimpan — robot", "held", 1),
        ({"status": "failed", "reason": "KeyError"}, "gagal — KeyError", "refused", 2),
    ],
)
def test_each_fate_has_a_line_a_word_and_a_status(result, line, word, status):
    result = {"reason": False, **result}
    assert mail.outcome(result) == (line, status)
    told = json.loads(mail.json_line("a.eml", result))
    assert told["result"] == word and word in FATES
    assert told["number"] == (result.get("number") or None)


def test_line_of_json_says_what_the_mail_says():
    result = {
        "status": "held",
        "number": False,
        "reason": "Surel otomatis.",
        "rule": "automatic",
        "title": "Lampu",
        "text": "Mati\nsejak Senin “gelap”",
        "files": ["lampu.jpg"],
    }
    line = mail.json_line("surat/1.eml", result)
    assert "\n" not in line
    assert json.loads(line) == {
        "file": "surat/1.eml",
        "result": "held",
        "reason": "Surel otomatis.",
        "rule": "automatic",
        "number": None,
        "title": "Lampu",
        "text": "Mati\nsejak Senin “gelap”",
        "attachments": ["lampu.jpg"],
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kotak/baru").mkdir(parents=True)
    for name in ("2.eml", "1.eml", ".sembunyi", "baru/3.eml"):
        (tmp_path / "kotak" / name).write_bytes(f"Subject: {name}\n\nIsi".encode())
    (tmp_path / "kosong").mkdir()
    (tmp_path / "kotak/4.eml").write_bytes(b" \n")
    return tmp_path


def test_folder_stands_for_its_files(folder, monkeypatch):
    box = str(folder / "kotak")
    names = [f"{box}/{name}" for name in ("1.eml", "2.eml", "4.eml", "baru/3.eml")]
    assert given.files([box + "/", "x.eml"]) == [*names, "x.eml"]
    with pytest.raises(LaporError, match="no files in .*kosong"):
        given.files([str(folder / "kosong")])
    # What root has opened is found wherever the account is, and read by its name.
    monkeypatch.chdir(folder)
    monkeypatch.setenv(given.HANDED, given.hand(["kotak", "kosong", "x.eml", "-"]))
    given.take()
    monkeypatch.chdir("/")
    assert given.files(["kotak"])[-1] == "kotak/baru/3.eml"
    assert mail.read("kotak/1.eml").startswith(b"Subject: 1.eml")
    with pytest.raises(LaporError, match="no files in kosong"):
        given.files(["kosong"])
    with pytest.raises(LaporError, match=r"cannot read x.eml: No such file"):
        mail.read("x.eml")


def test_one_bad_file_costs_only_that_file(folder, monkeypatch, capsys):
    asked = []

    def taken(_self, _database, script, _log, messages):
        asked.append((script, len(messages)))
        return [{"status": "new", "number": f"LAP-{n}", "reason": False} for n in range(9)]

    monkeypatch.setattr(mail, "prepare", lambda project: print("menyiapkan …"))
    monkeypatch.setattr(mail, "need_database", lambda pg: None)
    monkeypatch.setattr(mail, "server", lambda project: _nothing())
    monkeypatch.setattr(mail.Installation, "__init__", lambda self, project, pg: None)
    monkeypatch.setattr(mail.Installation, "run_inside", taken)
    files = [str(folder / "kotak"), str(folder / "tidak-ada.eml")]
    project = SimpleNamespace(state=folder)
    assert mail.mail(project, argparse.Namespace(files=files, json=True)) == mail.FAILED
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    assert asked == [("take_mail", 3)]
    assert [line["result"] for line in lines] == ["new", "new", "refused", "new", "refused"]
    assert "is empty" in lines[2]["reason"]
    assert "No such file" in lines[4]["reason"]
    # What was done before is no line about a message.
    assert mail.mail(project, argparse.Namespace(files=files, json=False)) == mail.FAILED
    out = capsys.readouterr().out
    assert "tidak-ada.eml: gagal — cannot read" in out


class _nothing:
    def __enter__(self):
        return None

    def __exit__(self, *_error):
        return None
