"""The administrator's password is random; passwords that everybody knows stay on this machine."""

import pytest

from odoo.addons.base.models.res_users import MIN_ROUNDS

from laporctl import demo, passwords, serve
from laporctl.errors import LaporError


def test_odoo_reads_what_is_written():
    from passlib.hash import pbkdf2_sha512

    stored = passwords.hashed("Rahasia/1")
    assert pbkdf2_sha512.verify("Rahasia/1", stored)
    assert passwords.ROUNDS == MIN_ROUNDS == pbkdf2_sha512.from_string(stored).rounds


def test_what_odoo_writes_is_read():
    from passlib.hash import pbkdf2_sha512

    for number in range(20):
        stored = pbkdf2_sha512.using(rounds=10).hash(f"admin{number}")
        assert passwords.matches(f"admin{number}", stored)
        assert not passwords.matches("admin", stored)
    assert passwords.matches("plain", "plain") and not passwords.matches("plain", "other")


@pytest.mark.parametrize(
    ("listen", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("10.1.2.3", False),
        ("no.such.host.invalid", False),
    ],
)
def test_what_is_reached_from_here_alone(listen, alone):
    assert serve.is_loopback(listen) is alone


@pytest.fixture
def office(monkeypatch):
    """A database as ``need_private`` sees it: its demo flag and its users' passwords."""
    facts = {"demo": False, "rows": []}
    monkeypatch.setattr(demo, "has_demo", lambda pg: facts["demo"])
    monkeypatch.setattr(passwords.database, "query", lambda pg, sql, name: facts["rows"])
    return facts


def test_demo_users_are_not_served_to_strangers(office):
    office["demo"] = True
    serve.need_private(None, "127.0.0.1")
    with pytest.raises(LaporError, match=r"demo users.*--no-demo --listen 0\.0\.0\.0"):
        serve.need_private(None, "0.0.0.0")
    with pytest.raises(LaporError, match="demo users"):
        serve.need_private(None, "10.0.0.1", demo_comes=True)


def test_a_login_for_a_password_is_not_served_to_strangers(office):
    office["rows"] = [
        ["admin", passwords.hashed("a secret")],
        ["budi", passwords.hashed("budi")],
    ]
    serve.need_private(None, "::1")
    with pytest.raises(LaporError, match="password of the user budi is the login"):
        serve.need_private(None, "10.0.0.1")
    office["rows"].pop()
    serve.need_private(None, "10.0.0.1")
