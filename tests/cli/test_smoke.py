"""The command from the outside: a database from nothing, served, fed with mail, measured,
stopped."""

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

    script = tmp_path / "script.py"
    script.write_text("print(env.company.currency_id.name, env.user.tz)\n")
    assert lapor("shell", str(script)).split() == ["IDR", "Asia/Jakarta"]

    message = tmp_path / "message.eml"
    message.write_bytes(MESSAGE)
    assert lapor("mail", str(message), status=1).startswith(f"{message}: disimpan — ")

    # a bench that takes its samples from the tests
    assert "WRONG" not in lapor("bench", "mail", "--fuzz", "--size", "3")

    lapor("stop")
    assert "not running" in lapor("status", status=3)
