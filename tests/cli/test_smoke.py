"""The command from the outside: a database from nothing, served, fed with mail, measured,
stopped."""

import json
import stat
import urllib.request

import pytest

MESSAGE = b"""\
From: Siti Aminah <siti@example.org>
To: nobody-knows-this@example.com
Subject: Jalan berlubang
Message-ID: <smoke-1@example.org>
Content-Type: text/plain; charset=utf-8

Jalan di depan sekolah berlubang sejak dua minggu lalu.
"""


def logged_in(port, login, password):
    """Whether the server at ``port`` lets ``login`` in."""
    params = {"db": "lapor", "login": login, "password": password}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return bool(json.load(answer).get("result", {}).get("uid"))


@pytest.mark.slow
def test_run_mail_bench_stop(lapor, free_port, tmp_path):
    port = free_port
    said = lapor("run", "--detach", "--port", port)
    assert f"http://127.0.0.1:{port}" in said
    assert "operator.bantul" in said
    assert "warnings or errors" not in said, "the demo data load with warnings"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login") as page:
        assert "Kata Sandi" in page.read().decode()
    assert port in lapor("status")
    assert "runs already" in lapor("run")
    assert "runs already" in lapor("run", "--port", str(int(port) + 1), status=2)
    kept = tmp_path / "state" / "lapor-admin-password"
    assert str(kept) in lapor("status")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    password = kept.read_text().strip()
    assert password in said, "the administrator's password is printed once"
    assert logged_in(port, "admin", password)
    assert not logged_in(port, "admin", "admin")

    script = tmp_path / "script.py"
    script.write_text("print(env.company.currency_id.name, env.user.tz)\n")
    assert lapor("shell", str(script)).split() == ["IDR", "Asia/Jakarta"]

    message = tmp_path / "message.eml"
    message.write_bytes(MESSAGE)
    assert lapor("mail", str(message), status=1).startswith(f"{message}: disimpan — ")

    # a bench that takes its samples from the tests
    assert "WRONG" not in lapor("bench", "mail", "--fuzz", "--size", "3")

    lapor("stop")
    lapor("run", "--detach", "--port", port, "--listen", "0.0.0.0", status=2)
    assert "not running" in lapor("status", status=3)
