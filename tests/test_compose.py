"""docker-compose.yml and what it mounts: parsed as the Compose Specification says, and coherent."""

import configparser
import os
import re
import shlex
import subprocess
import sys

import pytest
import yaml
from compose_spec import PyCompose

from odoo.tests.common import get_db_name

from laporctl.project import Project

PROJECT = Project.here()
VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])([^}]*))?\}")
SETTINGS = {"LAPOR_HOST": "lapor.test", "LAPOR_DB_PASSWORD": "one", "LAPOR_ADMIN_PASSWORD": "two"}


def filled(text, values):
    """``text`` as Compose sees it, with the variables of .env put in."""

    def value(match):
        name, kind, word = match.groups()
        if values.get(name):
            return values[name]
        assert kind == "-", f"{name} has neither a value nor a default"
        return word

    return VARIABLE.sub(value, text)


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
    for line in re.findall(r"^COPY (.+)$", dockerfile, re.M):
        copied = [word for word in line.split() if not word.startswith("--")][0]
        assert (PROJECT.root / copied).exists(), f"the Dockerfile copies {copied}"


def test_the_build_sees_what_it_copies():
    lines = (PROJECT.root / ".dockerignore").read_text().split()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    dockerfile = (PROJECT.root / "config/docker/Dockerfile").read_text()
    for line in re.findall(r"^COPY (.+)$", dockerfile, re.M):
        copied = [word for word in line.split() if not word.startswith("--")][0]
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


@pytest.mark.slow
def test_init_makes_the_database_once(tmp_path):
    """config/docker/init against this Odoo and this PostgreSQL, twice and with an upgrade."""
    name = f"{get_db_name()}_init"
    shim = tmp_path / "odoo"
    words = [sys.executable, str(PROJECT.state / "odoo")]
    shim.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    shim.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "ODOO_RC": str(PROJECT.state / "odoo.conf"),
        "LAPOR_DB": name,
        "LAPOR_ADDONS": str(PROJECT.addons),
        "LAPOR_PREPARE_OFFICE": str(PROJECT.root / "laporctl/inside/prepare_office.py"),
        "LAPOR_ADMIN_PASSWORD": "Rahasia-1",
    }
    environment.pop("PGDATABASE")
    script = str(PROJECT.root / "config/docker/init")

    def run(*arguments):
        done = subprocess.run(
            [script, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert " ERROR " not in done.stderr and " CRITICAL " not in done.stderr, done.stderr[-3000:]

    def ask(sql):
        command = ["psql", "-X", "-A", "-t", "-d", name, "-c", sql]
        return subprocess.check_output(command, env=environment, text=True).split()

    try:
        run()
        password = ask("SELECT password FROM res_users WHERE login = 'admin'")
        assert password[0].startswith("$pbkdf2")
        lang = "SELECT lang FROM res_users u JOIN res_partner p ON p.id = partner_id"
        assert ask(f"{lang} WHERE login = 'admin'") == ["id_ID"]
        ours = {path.parent.name for path in PROJECT.addons.glob("*/__manifest__.py")}
        installed = ask("SELECT name FROM ir_module_module WHERE state = 'installed'")
        assert ours <= set(installed)
        run("upgrade")
        assert ask("SELECT password FROM res_users WHERE login = 'admin'") == password
    finally:
        command = ["psql", "-X", "-q", "-d", "postgres", "-c"]
        command.append(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        subprocess.run(command, env=environment, check=True)
