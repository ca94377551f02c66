"""Servers are recognised by number and start, and ended for good."""

import json
import os
import subprocess
import time

from laporctl import processes


def test_remembered_and_recalled(tmp_path):
    path = tmp_path / "server.pid"
    processes.remember(path, os.getpid(), port=8069)
    facts = processes.recall(path)
    assert facts["pid"] == os.getpid() and facts["port"] == 8069


def test_a_later_process_with_the_same_number_is_another(tmp_path):
    path = tmp_path / "server.pid"
    processes.remember(path, os.getpid())
    facts = {**json.loads(path.read_text()), "start": "1"}
    path.write_text(json.dumps(facts))
    assert processes.recall(path) is None
    assert not path.exists()


def test_a_dead_process_is_forgotten(tmp_path):
    path = tmp_path / "server.pid"
    child = subprocess.Popen(["sleep", "60"])
    processes.remember(path, child.pid)
    child.kill()
    # not waited for: a zombie is as dead
    time.sleep(0.2)
    assert processes.recall(path) is None
    child.wait()


def test_a_torn_file_is_forgotten(tmp_path):
    path = tmp_path / "server.pid"
    path.write_text('{"pid": 12')
    assert processes.recall(path) is None
    assert not path.exists()
    assert processes.recall(path) is None


def test_end_asks_then_kills():
    child = subprocess.Popen(
        [
            "python3",
            "-c",
            "import signal, time; signal.signal(15, 1); print(flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    begun = time.monotonic()
    processes.end(child.pid, patience=1)
    assert 1 <= time.monotonic() - begun < 5
    assert child.wait() == -9


def test_end_of_what_is_gone():
    child = subprocess.Popen(["true"])
    child.wait()
    processes.end(child.pid, patience=1)
