"""Odoo 19 itself: unpacked from Debian's package into the cache folder, or the user's own."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from .apt import OTHER_WAYS, Deb, PrivateApt
from .disk import need_room
from .errors import LaporError
from .locks import complete_folder, exclusive
from .places import open_folders
from .project import Project
from .stage import Stage, say

# 41 fonts and scripts of Odoo's are links into these. Newer versions of two of them have moved
# their files, so those come from the release that Odoo's package was made against.
PACKAGES = (
    "odoo-19/sid",
    "fonts-dejavu-core/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-roboto-unhinted/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
)
LIBRARY = PurePosixPath("usr/lib/python3/dist-packages")
KEPT = (
    str(LIBRARY / "odoo"),
    "usr/share/fonts",
    "usr/share/fonts-font-awesome",
    "usr/share/javascript",
    "usr/share/sass",
)

# Debian leaves out a script whose source it lacks (background blur in video calls); without any
# file in its place every backend page logs an error in the browser.
REMOVED_ASSET = LIBRARY / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"

# Part of the key: raise it when what is kept, left out or repaired changes.
RECIPE = 1
ROOM_GB = 3.0


class Odoo(NamedTuple):
    """An Odoo that can be run.

    :param library: the folder to put on ``sys.path`` so that ``import odoo`` works
    :param addons: its folders of addons, in the order of ``addons_path``
    :param key: tells this version from another
    """

    library: Path
    addons: tuple[Path, ...]
    key: str


def find_odoo(project: Project) -> Odoo:
    """The Odoo to use: LAPOR_ODOO_HOME's, or the cached one, which is fetched when missing.

    :raises LaporError: when there is none and none can be had
    """
    home = os.environ.get("LAPOR_ODOO_HOME")
    if home:
        return own_odoo(Path(home).expanduser().absolute())
    folder = project.cache / "odoo"
    tree = newest(folder)
    if not tree:
        with exclusive(folder / ".fetch.lock", "waiting for another run that fetches Odoo"):
            tree = newest(folder) or fetch(project, folder)
    return Odoo(tree / LIBRARY, (tree / LIBRARY / "odoo/addons",), tree.name)


def newest(folder: Path) -> Path | None:
    """The newest complete tree in the cache's ``folder``, or None."""
    trees = sorted(folder.glob(f"odoo-*-r{RECIPE}"), key=lambda path: path.stat().st_mtime)
    return trees[-1] if trees else None


def own_odoo(home: Path) -> Odoo:
    """The Odoo below ``home``: a source checkout, or a folder that holds the package ``odoo``.

    :raises LaporError: when there is no Odoo 19 in it
    """
    if not (home / "odoo/init.py").exists() and not (home / "odoo/__init__.py").exists():
        raise LaporError(f"LAPOR_ODOO_HOME={home} has no Odoo 19 in it (no package 'odoo')")
    release = (home / "odoo/release.py").read_text()
    if "version_info = (19, 0" not in release:
        raise LaporError(f"LAPOR_ODOO_HOME={home} is not Odoo 19.0")
    addons = tuple(path for path in (home / "addons", home / "odoo/addons") if path.is_dir())
    digest = hashlib.sha256(f"{home}{release}".encode()).hexdigest()[:8]
    return Odoo(home, addons, f"own-{digest}")


def fetch(project: Project, folder: Path) -> Path:
    """Download and unpack Debian's packages below ``folder``; returns the finished tree."""
    need_room(project.cache, ROOM_GB, "Odoo 19")
    say("First use: Odoo 19 comes from Debian (about 130 MB), once for all your checkouts.")
    suites = tuple(dict.fromkeys(package.split("/")[1] for package in PACKAGES))
    apt = PrivateApt(project.cache / "apt", suites)
    with Stage("Debian's package lists"):
        apt.update()
        debs = apt.describe(PACKAGES)
    downloads = project.cache / "debs"
    total = sum(deb.size for deb in debs)
    with Stage("download of Odoo 19 and its fonts") as stage:
        apt.download(
            PACKAGES, debs, downloads, lambda done: stage.progress(done / 1e6, total / 1e6, "MB")
        )
    target = folder / tree_name(debs)
    # of a killed run that fetched another version
    for stale in folder.glob(".odoo-*.tmp-*"):
        shutil.rmtree(stale, ignore_errors=True)

    def build(temporary: Path) -> None:
        with Stage("unpacking of Odoo 19") as stage:
            unpack([downloads / deb.file for deb in debs], temporary, stage)
            repair(temporary)

    complete_folder(target, build)
    for leftover in (downloads, apt.folder):
        shutil.rmtree(leftover, ignore_errors=True)
    return target


def tree_name(debs: list[Deb]) -> str:
    """The key of the tree made of ``debs``: Odoo's version, a hash of all of them, the recipe."""
    digest = hashlib.sha256("".join(deb.sha256 for deb in debs).encode()).hexdigest()[:8]
    version = debs[0].file.split("_")[1].replace("%3a", "-")
    return f"odoo-{version}-{digest}-r{RECIPE}"


def wanted(name: str) -> bool:
    """Whether the archive member ``name`` is needed.

    Odoo's translations into other languages than Indonesian are two thirds of its size.
    """
    path = PurePosixPath(name)
    text = str(path)
    if not any(text == kept or text.startswith(f"{kept}/") for kept in KEPT):
        return False
    return not (path.suffix == ".po" and path.parent.name == "i18n" and path.stem != "id")


def unpack(debs: list[Path], target: Path, stage: Stage) -> None:
    """Unpack what is wanted of the package files ``debs`` into ``target``.

    :raises LaporError: when a package cannot be read or the disk is full
    """
    total = sum(installed_size(deb) for deb in debs)
    before = 0
    for deb in debs:
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE
        ) as process:
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    for count, member in enumerate(archive):
                        if wanted(member.name):
                            archive.extract(member, target, set_attrs=False)
                        if count % 2000 == 0:
                            stage.progress((before + archive.offset) / 1e6, total / 1e6, "MB")
            except OSError as error:
                raise LaporError(f"cannot unpack {deb.name}: {error.strerror or error}") from error
            except tarfile.TarError as error:
                deb.unlink(missing_ok=True)
                raise LaporError(
                    f"{deb.name} is damaged ({error}); run again to fetch it anew"
                ) from error
        if process.returncode:
            deb.unlink(missing_ok=True)
            raise LaporError(f"{deb.name} is damaged; run again to fetch it anew")
        before += installed_size(deb)


def installed_size(deb: Path) -> int:
    """How many bytes a package says it takes once unpacked; 0 if it does not say."""
    command = ["dpkg-deb", "--field", str(deb), "Installed-Size"]
    text = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return 1024 * int(text) if text.isdigit() else 0


def repair(tree: Path) -> None:
    """Put back what Debian removed, and make sure that no link points to nothing.

    :raises LaporError: naming the first dangling link
    """
    # unpacked without the archive's modes they are closed to everybody else
    open_folders(tree)
    asset = tree / REMOVED_ASSET
    asset.parent.mkdir(parents=True, exist_ok=True)
    if not asset.exists():
        asset.write_text("/* Left out by Debian: background blur in video calls. */\n")
    for path in (tree / LIBRARY).rglob("*"):
        if path.is_symlink() and not path.exists():
            raise LaporError(
                f"Debian's packages do not fit together any more ({path.relative_to(tree)} points "
                f"to nothing); {OTHER_WAYS}"
            )
