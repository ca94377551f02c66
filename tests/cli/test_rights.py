"""What runs has no more rights than it needs: as a process, in the database, on the disk."""

import json
import os
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from laporctl import account, cluster, places, postgres
from laporctl.errors import LaporError
from laporctl.project import Project

PROJECT = Project.here()


def ask(sql, **more):
    """The first row of ``sql``, asked as the tests' role or as another; None if it is refused."""
    environment = {**os.environ, **more}
    command = ["psql", "-X", "-A", "-t", "-w", "-c", sql]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip().split("|") if done.returncode == 0 else None


@pytest.fixture(scope="module")
def embedded():
    """Skips what concerns the embedded server where the user brought one of their own."""
    if postgres.own_server() and os.environ.get("PGHOST") != str(
        postgres.socket_folder(PROJECT, PROJECT.state / "postgres-18")
    ):
        pytest.skip("the database server is the user's own")


def test_no_process_is_root():
    """This one is what ``./lapor test`` started, in the same way as it starts Odoo."""
    assert os.geteuid() != 0 and os.getegid() != 0
    assert not account.rights()


def test_the_database_server_is_not_root(embedded):
    [backend] = ask("SELECT pg_backend_pid()")
    # that one has ended, and its number with it; the server itself goes on
    pid = (PROJECT.state / "postgres-18/postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{pid}").stat().st_uid == os.geteuid()
    assert not account.rights(pid) and backend


def test_odoos_role_is_nothing_special(embedded):
    columns = "rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    assert ask(f"SELECT {columns} FROM pg_roles WHERE rolname = current_user") == [
        cluster.USER,
        *"fffff",
    ]
    refused = (
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
        "SET session_replication_role = replica",
        "CREATE DATABASE lapor_of_its_own",
        "CREATE ROLE lapor_of_its_own",
        f"SET ROLE {cluster.ADMIN}",
    )
    for sql in refused:
        assert ask(sql) is None, sql


def test_the_admin_role_wants_its_password(embedded):
    assert ask("SELECT 1", PGUSER=cluster.ADMIN) is None
    admin = json.loads(os.environ["LAPOR_TEST_ADMIN"])
    assert ask("SELECT current_user", **admin) == [cluster.ADMIN]


def test_nothing_in_the_state_folder_is_open_to_others():
    """The folder itself is closed, and so is what is written now below it."""
    assert stat.S_IMODE(PROJECT.state.stat().st_mode) == 0o700
    mask = os.umask(0o077)
    os.umask(mask)
    assert mask == 0o077
    for name in ("odoo.conf", "postgres-admin-password"):
        path = PROJECT.state / name
        assert not path.exists() or stat.S_IMODE(path.stat().st_mode) == 0o600, name


def test_a_state_folder_that_was_open_is_closed(tmp_path):
    project = Project(root=tmp_path, state=tmp_path / "state", cache=tmp_path / "cache")
    project.state.mkdir(mode=0o755)
    project.state.chmod(0o755)
    project.make_state()
    assert stat.S_IMODE(project.state.stat().st_mode) == 0o700


OTHER = SimpleNamespace(pw_uid=os.geteuid() + 1, pw_gid=os.getegid(), pw_name="other")


def test_a_folder_of_somebody_else_is_not_taken(tmp_path):
    with pytest.raises(LaporError, match=r"belongs to .*; run ./lapor as that user, or choose"):
        places.need_ours(tmp_path, OTHER)


@pytest.mark.parametrize("folder", ["/etc", "/usr/share", "/var/lib", "/root", "/", "/tmp"])
def test_a_folder_of_the_machine_is_not_taken(folder):
    """What root names by mistake is refused before anything in it is touched."""
    with pytest.raises((LaporError, PermissionError)):
        places.need_ours(Path(folder), OTHER)


def test_what_tells_a_state_folder(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    assert places.is_ours(state), "an empty one"
    (state / "postgres.users").touch()
    assert not places.is_ours(state), "a lock alone may have come by mistake"
    (state / "odoo.conf").write_text(f"[options]\ndata_dir = {tmp_path}/elsewhere\n")
    assert not places.is_ours(state)
    (state / "odoo.conf").write_text(f"[options]\ndata_dir = {state}/odoo-data\n")
    assert places.is_ours(state)
    link = tmp_path / "link"
    link.symlink_to("/etc")
    with pytest.raises(LaporError, match="is a link"):
        places.need_ours(link, OTHER)


def test_a_file_is_written_for_its_owner_only(tmp_path):
    path = tmp_path / "secret"
    path.write_text("before")
    path.chmod(0o644)
    cluster.write_secret(path, "after")
    assert path.read_text() == "after\n" and stat.S_IMODE(path.stat().st_mode) == 0o600
