"""Shared by the tests that use the project from the outside."""

import os
import socket
import subprocess
import sys

import pytest

from laporctl.project import Project

ROOT = Project.here().root


@pytest.fixture
def lapor(tmp_path):
    """Runs ``./lapor`` with a state of its own and returns what it said; stops it afterwards."""
    environment = {**os.environ, "LAPOR_STATE": str(tmp_path / "state")}
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PYTHONPATH"):
        environment.pop(name, None)

    def run(*arguments, status=0):
        done = subprocess.run(
            [sys.executable, str(ROOT / "lapor"), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    yield run
    run("stop")


@pytest.fixture
def free_port():
    """A port on which nobody listens at this moment, as text."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])
