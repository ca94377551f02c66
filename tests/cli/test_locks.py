"""Folders are complete or absent, whatever kills their making; locks end with their holder."""

import os
import signal
import subprocess
import sys
import time

import pytest

from laporctl.locks import complete_folder, complete_in_place, exclusive, if_unused, shared
from laporctl.project import Project

ROOT = str(Project.here().root)
PROLOGUE = f"import os, sys, time\nsys.path.insert(0, {ROOT!r})\nfrom pathlib import Path\n"


def python(code, *arguments):
    command = [sys.executable, "-c", PROLOGUE + code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


KILLED = """
from laporctl.locks import {function} as make
def build(folder):
    folder.mkdir(exist_ok=True)
    (folder / "half").touch()
    os.kill(os.getpid(), 9)
make(Path(sys.argv[1]), build)
"""


@pytest.mark.parametrize("make", [complete_folder, complete_in_place])
def test_killed_and_made_again(tmp_path, make):
    target = tmp_path / "tree"
    process = python(KILLED.format(function=make.__name__), target)
    assert process.wait() == -signal.SIGKILL

    def build(folder):
        folder.mkdir(exist_ok=True)
        (folder / "whole").touch()

    assert make(target, build) == target
    names = {path.name for path in target.iterdir()} - {".complete"}
    assert names == {"whole"}
    assert {path.name for path in tmp_path.iterdir()} == {"tree", ".tree.lock"}
    assert make(target, lambda folder: pytest.fail("made twice")) == target


def test_failed_making_leaves_nothing(tmp_path):
    def build(folder):
        (folder / "half").touch()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        complete_folder(tmp_path / "tree", build)
    assert [path.name for path in tmp_path.iterdir()] == [".tree.lock"]


TWO = """
from laporctl.locks import complete_folder
def build(folder):
    print("made", flush=True)
    time.sleep(1)
complete_folder(Path(sys.argv[1]), build)
"""


def test_two_at_once_make_it_once(tmp_path):
    processes = [python(TWO, tmp_path / "tree") for _ in range(3)]
    said = [process.communicate()[0] for process in processes]
    assert "".join(said).split("\n").count("made") == 1
    assert all(process.returncode == 0 for process in processes)


HOLD = """
from laporctl.locks import shared
hold = shared(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_dead_user_does_not_count(tmp_path):
    path = tmp_path / "users"
    process = python(HOLD, path)
    assert process.stdout.readline() == "held\n"
    with if_unused(path) as unused:
        assert not unused
    process.kill()
    process.wait()
    with if_unused(path) as unused:
        assert unused


def test_a_child_keeps_the_lock(tmp_path):
    path = tmp_path / "users"
    hold = shared(path)
    child = subprocess.Popen(["sleep", "60"], pass_fds=(hold,))
    os.close(hold)
    with if_unused(path) as unused:
        assert not unused
    child.kill()
    child.wait()
    with if_unused(path) as unused:
        assert unused


def test_exclusive_waits(tmp_path, capsys):
    path = tmp_path / "lock"
    code = "from laporctl.locks import exclusive\nwith exclusive(Path(sys.argv[1])):\n"
    process = python(f"{code}    print('in', flush=True)\n    time.sleep(1)\n", path)
    assert process.stdout.readline() == "in\n"
    begun = time.monotonic()
    with exclusive(path, "waiting"):
        assert time.monotonic() - begun > 0.5
    assert capsys.readouterr().out == "waiting\n"
    process.wait()
