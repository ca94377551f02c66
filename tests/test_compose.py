"""docker-compose.yml and what it mounts: parsed as the Compose Specification says, and coherent."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml
from compose_spec import PyCompose

from odoo.tests.common import get_db_name

from laporctl.project import Project

PROJECT = Project.here()
VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])([^}]*))?\}")
SETTINGS = {
    "LAPOR_HOST": "lapor.test",
    "LAPOR_DB_PASSWORD": "one",
    "LAPOR_DB_ADMIN_PASSWORD": "two",
    "LAPOR_ADMIN_PASSWORD": "three",
}
# What Odoo would install by itself and an office does without: it calls servers elsewhere, or
# opens doors.
UNWANTED = {
    *("iap", "iap_mail", "partner_autocomplete", "sms", "snailmail", "web_unsplash", "mail_bot"),
    *("rpc", "api_doc", "base_import_module", "google_gmail", "microsoft_outlook"),
}


def filled(text, values):
    """``text`` as Compose sees it, with the variables of .env put in."""

    def value(match):
        name, kind, word = match.groups()
        if values.get(name):
            return values[name]
        assert kind == "-", f"{name} has neither a value nor a default"
        return word

    return VARIABLE.sub(value, text)


def copied_by(dockerfile):
    """What a Dockerfile copies from the build's context."""
    for line in re.findall(r"^COPY (.+)$", dockerfile.replace("\\\n", " "), re.M):
        yield from [word for word in line.split() if not word.startswith("--")][:-1]


@pytest.fixture(scope="module")
def source():
    return (PROJECT.root / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose(source):
    return yaml.safe_load(filled(source, SETTINGS))


def test_the_specification_accepts_it(compose):
    # anchors are YAML's business and resolved before
    text = yaml.safe_dump(compose)
    assert set(PyCompose.from_yaml(text).service_names()) == {"db", "init", "odoo", "proxy"}


def test_no_secret_has_a_default(source):
    for name, kind, word in VARIABLE.findall(source):
        assert kind == "?", f"{name} must be demanded, not defaulted to {word!r}"
    example = (PROJECT.root / ".env.example").read_text()
    named = set(re.findall(r"^(\w+)=$", example, re.M))
    assert named == set(SETTINGS) == {name for name, _kind, _word in VARIABLE.findall(source)}


def test_volumes_and_files_exist(compose):
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (PROJECT.root / source).is_file(), f"{name} mounts {source}"
            else:
                assert source in compose["volumes"], f"{name} uses the volume {source}"
    dockerfile = (PROJECT.root / "config/docker/Dockerfile").read_text()
    for copied in copied_by(dockerfile):
        assert (PROJECT.root / copied).exists(), f"the Dockerfile copies {copied}"


def test_the_build_sees_what_it_copies():
    lines = (PROJECT.root / ".dockerignore").read_text().split()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    dockerfile = (PROJECT.root / "config/docker/Dockerfile").read_text()
    for copied in copied_by(dockerfile):
        assert any(copied == name or copied.startswith(f"{name}/") for name in allowed), copied


def test_every_server_is_watched_and_waited_for(compose):
    services = compose["services"]
    for name, service in services.items():
        assert ("healthcheck" in service) == (name != "init"), name
        for other, wait in service.get("depends_on", {}).items():
            expected = "service_healthy" if other != "init" else "service_completed_successfully"
            assert wait["condition"] == expected, (name, other)
    assert set(services["proxy"]["depends_on"]) == {"odoo"}
    assert set(services["odoo"]["depends_on"]) == {"db", "init"}
    assert not {name for name, one in services.items() if "ports" in one} - {"proxy"}


def test_every_container_is_bounded(compose, source):
    for name, service in compose["services"].items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"] and service["read_only"], name
        assert service["mem_limit"] and service["pids_limit"] and service["cpus"], name
        assert service["logging"]["options"]["max-size"], name
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (.+)$", (PROJECT.root / "config/docker/Dockerfile").read_text())
    for image in images:
        assert re.search(r":\d+\.\d+([.-]\d+)?", image), f"{image} has no version of its own"


def test_odoo_does_not_know_the_admin_role(compose):
    services = compose["services"]
    assert services["db"]["environment"]["POSTGRES_USER"] == "lapor_admin"
    assert services["init"]["environment"]["LAPOR_PG_ADMIN"] == "lapor_admin"
    for name in ("odoo", "proxy"):
        said = str(services[name])
        assert "lapor_admin" not in said and SETTINGS["LAPOR_DB_ADMIN_PASSWORD"] not in said
    assert services["odoo"]["environment"]["PGUSER"] == "lapor"


def test_there_are_connections_for_all(compose):
    """Each worker, each job and the websockets may have db_maxconn of them."""
    conf = configparser.ConfigParser(interpolation=None)
    conf.read(PROJECT.root / "config/docker/odoo.conf")
    options = {name: int(text) for name, text in conf["options"].items() if text.isdigit()}
    processes = options["workers"] + options["max_cron_threads"] + 1
    [most] = [
        int(word.partition("=")[2])
        for word in compose["services"]["db"]["command"]
        if word.startswith("-cmax_connections=")
    ]
    assert processes * options["db_maxconn"] < most


@pytest.mark.parametrize(
    ("path", "closed"),
    [
        ("/web/signup", True),
        ("/id/web/signup", True),
        ("/en_US/web/signup", True),
        ("/WEB/database/manager", True),
        ("/web/database", True),
        ("/xmlrpc/2/object", True),
        ("/jsonrpc", True),
        ("/json/2/lapor.complaint/search", True),
        ("/doc", True),
        ("/doc-bearer/index.json", True),
        ("/report/barcode/QR/x", True),
        ("/web/become", True),
        ("/web/tests", True),
        ("/web/login", False),
        ("/web/reset_password", False),
        ("/web/databases", False),
        ("/odoo/lapor.complaint/5", False),
        ("/aduan", False),
        ("/lapor/mail", False),
        ("/report/pdf/lapor_reports.letter/1", False),
        ("/website/translations", False),
        ("/web/session/authenticate", False),
        ("/web/dataset/call_kw/lapor.complaint/read", False),
        ("/mail/attachment/upload", False),
    ],
)
def test_doors_that_the_proxy_closes(path, closed):
    caddy = (PROJECT.root / "config/docker/Caddyfile").read_text()
    [pattern] = re.findall(r"@closed path_regexp (\S+)", caddy)
    assert bool(re.search(pattern, path)) is closed


@pytest.mark.skipif(not shutil.which("caddy"), reason="there is no Caddy on this machine")
def test_caddy_takes_the_file(tmp_path):
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config"]
        + [str(PROJECT.root / "config/docker/Caddyfile")],
        env={**os.environ, "LAPOR_HOST": "lapor.test", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_proxy_knows_odoos_ports():
    conf = configparser.ConfigParser(interpolation=None)
    conf.read(PROJECT.root / "config/docker/odoo.conf")
    options = conf["options"]
    caddy = (PROJECT.root / "config/docker/Caddyfile").read_text()
    assert f"reverse_proxy /websocket odoo:{options['gevent_port']}" in caddy
    assert f"reverse_proxy odoo:{options['http_port']}" in caddy
    assert options["proxy_mode"] == "True"
    assert options["list_db"] == "False"
    # with several workers Odoo itself hands websockets to the second port only
    assert int(options["workers"]) > 1
    assert "password" not in conf["options"] and "db_password" not in conf["options"]


class Office:
    """What config/docker makes of this Odoo and this PostgreSQL."""

    def __init__(self, folder):
        self.name = f"{get_db_name()}_init"
        shim = folder / "odoo"
        words = [sys.executable, str(PROJECT.state / "odoo")]
        shim.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        shim.chmod(0o755)
        share = folder / "share"
        share.mkdir()
        dockerfile = (PROJECT.root / "config/docker/Dockerfile").read_text()
        for copied in (PROJECT.root / path for path in copied_by(dockerfile)):
            if copied.parent.name == "inside":
                shutil.copy(copied, share)
        for sql in (PROJECT.root / "config/postgres").iterdir():
            shutil.copy(sql, share)
        self.admin = json.loads(os.environ["LAPOR_TEST_ADMIN"])
        self.environment = {
            **os.environ,
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "ODOO_RC": str(PROJECT.state / "odoo.conf"),
            "LAPOR_DB": self.name,
            "LAPOR_ADDONS": str(PROJECT.addons),
            "LAPOR_SHARE": str(share),
            "LAPOR_ADMIN_PASSWORD": "Rahasia-1-panjang",
            "LAPOR_PG_ADMIN": self.admin["PGUSER"],
            "LAPOR_PG_ADMIN_PASSWORD": self.admin["PGPASSWORD"],
        }
        self.environment.pop("PGDATABASE")

    def init(self, *arguments):
        done = subprocess.run(
            [str(PROJECT.root / "config/docker/init"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert " ERROR " not in done.stderr and " CRITICAL " not in done.stderr, done.stderr[-3000:]

    def shell(self, script):
        """What a script in Odoo's shell prints, as Odoo's role."""
        done = subprocess.run(
            ["odoo", "shell", "-d", self.name, "--no-http", "--log-level=warn"],
            env=self.environment,
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.split()

    def sql(self, sql, **more):
        """psql's result of ``sql``, asked as Odoo's role or as another."""
        return subprocess.run(
            ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.name, "-c", sql],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, sql):
        done = self.sql(sql)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()


# An act in a fresh installation: an officer is appointed, keys a complaint in, takes it on.
ACT = """
from odoo.fields import Command

sop = env.ref("lapor_bantul.sop", False) or env["lapor.sop"].search([], order="id", limit=1)
officer = env["res.users"].create({
    "name": "Petugas Uji", "login": "petugas.uji", "password": "Rahasia-2-panjang",
    "company_id": sop.company_id.id, "company_ids": [Command.set(sop.company_id.ids)],
})
intake = env.ref("lapor_base.group_lapor_intake")
positions = env["lapor.position"].search([("company_id", "=", sop.company_id.id)])
desk = positions.filtered(lambda one: intake in one.role_id.group_id.all_implied_ids)[0]
desk.user_id = officer
env.flush_all()
own = env(user=officer, context={"allowed_company_ids": sop.company_id.ids})
complainant = own["lapor.complainant"].create({"name": "Budi", "phone": "081234567890"})
complaint = own["lapor.complaint"].create({
    "name": "Jalan berlubang", "description": "Jalan di depan pasar berlubang.",
    "complainant_id": complainant.id,
})
env.flush_all()
env.cr.commit()
events = env["lapor.event"].search_count([("complaint_id", "=", complaint.id)])
print(events, len(env["lapor.event"]._verify()["broken"]))
"""


@pytest.mark.slow
def test_init_makes_an_office_whose_evidence_odoo_cannot_change(tmp_path):
    """config/docker/init against this Odoo and this PostgreSQL, twice and with an upgrade."""
    if not json.loads(os.environ["LAPOR_TEST_ADMIN"]):
        pytest.skip("the user's own database server has one role only")
    office = Office(tmp_path)
    try:
        office.init()
        password = office.ask("SELECT password FROM res_users WHERE login = 'admin'")
        assert password[0].startswith("$pbkdf2")
        lang = "SELECT lang FROM res_users u JOIN res_partner p ON p.id = partner_id"
        assert office.ask(f"{lang} WHERE login = 'admin'") == ["id_ID"]
        ours = {path.parent.name for path in PROJECT.addons.glob("*/__manifest__.py")}
        installed = set(office.ask("SELECT name FROM ir_module_module WHERE state = 'installed'"))
        assert ours <= installed
        assert not UNWANTED & installed
        assert (
            office.ask("SELECT cron_name FROM ir_cron WHERE active AND cron_name ~ 'Publisher'")
            == []
        )
        [events, broken] = office.shell(ACT)
        assert int(events) > 0 and broken == "0"
        evidence_is_kept(office)
        office.init("upgrade")
        assert office.ask("SELECT password FROM res_users WHERE login = 'admin'") == password
        evidence_is_kept(office)
    finally:
        subprocess.run(
            ["psql", "-X", "-q", "-d", "postgres", "-c"]
            + [f'DROP DATABASE IF EXISTS "{office.name}" WITH (FORCE)'],
            env={**office.environment, **office.admin},
            check=True,
        )


def evidence_is_kept(office):
    """Odoo's role can add to the evidence and do nothing else to it."""
    [line] = office.shell("print(','.join(env['lapor.event']._evidence_tables()))")
    tables = line.split(",")
    assert {"lapor_event", "lapor_event_anchor"} <= set(tables)
    for table in tables:
        for sql in (
            f"UPDATE {table} SET create_date = now()",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"TRUNCATE {table} CASCADE",
            f"DROP TABLE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} RENAME TO gone",
            f"ALTER TABLE {table} OWNER TO CURRENT_USER",
            f"CREATE RULE gone AS ON INSERT TO {table} DO INSTEAD NOTHING",
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1)",
            f"SET session_replication_role = replica; DELETE FROM {table}",
        ):
            done = office.sql(sql)
            assert done.returncode != 0, sql
            assert re.search(r"permission denied|must be owner", done.stderr), (sql, done.stderr)
        triggers = f"SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = '{table}'::regclass"
        found = office.ask(f"{triggers} AND NOT tgisinternal")
        assert found and all(one.endswith("|A") for one in found), found
        called = office.ask(
            "SELECT DISTINCT tgfoid::regprocedure FROM pg_trigger "
            f"WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal"
        )
        for function in called:
            assert office.sql(f"DROP FUNCTION {function} CASCADE").returncode != 0, function
        # not even the owner, who could switch them off, changes a row by the way
        if office.ask(f"SELECT count(*) FROM {table}") != ["0"]:
            replica = f"SET session_replication_role = replica; DELETE FROM {table}"
            assert office.sql(replica, **office.admin).returncode != 0, table
    for sql in ("DROP SCHEMA public CASCADE", "ALTER SCHEMA public OWNER TO CURRENT_USER"):
        assert office.sql(sql).returncode != 0, sql
    assert office.sql(f'DROP DATABASE "{office.name}"', PGDATABASE="postgres").returncode != 0
    [timeout] = office.ask("SHOW statement_timeout")
    assert timeout == "1min"
