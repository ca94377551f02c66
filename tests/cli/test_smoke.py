"""The command from the outside: a database from nothing, served, fed with mail, stopped."""

import os
import socket
import subprocess
import sys
import urllib.request

import pytest

from laporctl.project import Project

ROOT = Project.here().root
MESSAGE = b"""\
From: Siti Aminah <siti@example.org>
To: nobody-knows-this@example.com
Subject: Jalan berlubang
Message-ID: <smoke-1@example.org>
Content-Type: text/plain; charset=utf-8

Jalan di depan sekolah berlubang sejak dua minggu lalu.
"""


@pytest.fixture
def lapor(tmp_path):
    """Runs ``./lapor`` with a state of its own; stops what is left running."""
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


@pytest.mark.slow
def test_run_mail_stop(lapor, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    said = lapor("run", "--detach", "--port", port)
    assert f"http://127.0.0.1:{port}" in said
    assert "operator.bantul" in said
    assert "warnings or errors" not in said, "the demo data load with warnings"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login") as page:
        assert "Kata Sandi" in page.read().decode()
    assert port in lapor("status")
    assert "runs already" in lapor("run")

    script = tmp_path / "script.py"
    script.write_text("print(env.company.currency_id.name, env.user.tz)\n")
    assert lapor("shell", str(script)).split() == ["IDR", "Asia/Jakarta"]

    message = tmp_path / "message.eml"
    message.write_bytes(MESSAGE)
    assert lapor("mail", str(message), status=1).startswith(f"{message}: disimpan — ")

    lapor("stop")
    assert "not running" in lapor("status", status=3)
