"""Packages are unpacked in part, repaired and checked; damage and kills leave nothing half done."""

import shutil
import signal
import subprocess
import sys

import pytest

from laporctl.apt import Deb
from laporctl.errors import LaporError
from laporctl.odoo_tree import REMOVED_ASSET, own_odoo, repair, tree_name, unpack, wanted
from laporctl.project import Project
from laporctl.stage import Stage

BASE = "usr/lib/python3/dist-packages/odoo"

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="makes Debian packages")


def package(folder, name, files, links=()):
    """A Debian package with ``files`` (path: text) and ``links`` (path, target)."""
    tree = folder / f"{name}.tree"
    for path, text in {"DEBIAN/control": CONTROL.format(name=name), **files}.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    for path, target in links:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).symlink_to(target)
    # whatever the umask: a package's own folder has to be open
    (tree / "DEBIAN").chmod(0o755)
    (tree / "DEBIAN/control").chmod(0o644)
    deb = folder / f"{name}_1_all.deb"
    command = ["dpkg-deb", "--root-owner-group", "--build", tree, deb]
    subprocess.run(command, check=True, capture_output=True)
    return deb


CONTROL = """\
Package: {name}
Version: 1
Architecture: all
Maintainer: Nobody <nobody@example.org>
Installed-Size: 3
Description: for a test
"""


@pytest.fixture
def debs(tmp_path):
    odoo = package(
        tmp_path,
        "odoo",
        {
            f"{BASE}/release.py": "version_info = (19, 0)\n",
            f"{BASE}/addons/mail/i18n/id.po": "",
            f"{BASE}/addons/mail/i18n/fr.po": "",
            f"{BASE}/addons/mail/i18n/mail.pot": "",
            "usr/lib/python3/dist-packages/addons/mail/old.py": "",
            "usr/share/doc/odoo/copyright": "",
        },
        [(f"{BASE}/font.ttf", "../../../../share/fonts/font.ttf")],
    )
    return [odoo, package(tmp_path, "fonts", {"usr/share/fonts/font.ttf": "font"})]


def test_unpack_and_repair(tmp_path, debs):
    tree = tmp_path / "tree"
    with Stage("unpacking") as stage:
        unpack(debs, tree, stage)
    repair(tree)
    found = {str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()}
    assert found == {
        f"{BASE}/release.py",
        f"{BASE}/addons/mail/i18n/id.po",
        f"{BASE}/addons/mail/i18n/mail.pot",
        f"{BASE}/font.ttf",
        "usr/share/fonts/font.ttf",
        str(REMOVED_ASSET),
    }
    assert (tree / BASE / "font.ttf").read_text() == "font"


def test_a_link_to_nothing_is_told(tmp_path, debs):
    tree = tmp_path / "tree"
    with Stage("unpacking") as stage:
        unpack(debs[:1], tree, stage)
    with pytest.raises(LaporError, match=r"odoo/font.ttf points to nothing.*LAPOR_ODOO_HOME"):
        repair(tree)


@pytest.mark.parametrize("size", [10, 400])
def test_a_damaged_package_is_fetched_anew(tmp_path, debs, size):
    debs[0].write_bytes(debs[0].read_bytes()[:size])
    with Stage("unpacking") as stage, pytest.raises(LaporError, match="damaged.*run again"):
        unpack(debs, tmp_path / "tree", stage)
    assert not debs[0].exists()


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from laporctl.locks import complete_folder
from laporctl.odoo_tree import unpack
from laporctl.stage import Stage
def build(folder):
    with Stage("unpacking") as stage:
        unpack([Path(sys.argv[3])], folder, stage)
    os.kill(os.getpid(), 9)
complete_folder(Path(sys.argv[2]), build)
"""


def test_killed_while_unpacking(tmp_path, debs):
    from laporctl.locks import complete_folder

    target = tmp_path / "odoo" / "tree"
    target.parent.mkdir()
    command = [sys.executable, "-c", KILLED, str(Project.here().root), str(target), str(debs[0])]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not target.exists()

    def build(folder):
        with Stage("unpacking") as stage:
            unpack(debs, folder, stage)
        repair(folder)

    complete_folder(target, build)
    assert (target / BASE / "release.py").exists()
    assert {path.name for path in target.parent.iterdir()} == {"tree", ".tree.lock"}


def test_name_follows_every_package():
    one = Deb("odoo-19_19.0.0+dfsg-1_all.deb", 1, "a" * 64)
    other = Deb("fonts_2%3a3_all.deb", 1, "b" * 64)
    assert tree_name([one, other]).startswith("odoo-19.0.0+dfsg-1-")
    assert tree_name([one, other]) != tree_name([one, other._replace(sha256="c" * 64)])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (f"./{BASE}/addons/web/i18n/id.po", True),
        (f"./{BASE}/addons/web/i18n/nl.po", False),
        (f"./{BASE}/addons/l10n_id/data/template/x.csv", True),
        ("./usr/lib/python3/dist-packages/odoofoo", False),
        ("./usr/share/fonts/truetype/x.ttf", True),
        ("./usr/share/doc/x", False),
    ],
)
def test_what_is_kept(name, kept):
    assert wanted(name) is kept


def test_an_odoo_of_ones_own(tmp_path):
    with pytest.raises(LaporError, match="no Odoo 19 in it"):
        own_odoo(tmp_path)
    for folder in ("odoo/addons", "addons"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "odoo/init.py").touch()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    with pytest.raises(LaporError, match="is not Odoo 19.0"):
        own_odoo(tmp_path)
    (tmp_path / "odoo/release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    odoo = own_odoo(tmp_path)
    assert odoo.library == tmp_path
    assert odoo.addons == (tmp_path / "addons", tmp_path / "odoo/addons")
