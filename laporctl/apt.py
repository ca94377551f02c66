"""apt as a downloader, with sources, lists and a cache that are not the machine's."""

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from .apt_sources import debian_mirror, read_sources
from .errors import LaporError
from .locks import held

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OTHER_WAYS = (
    "point LAPOR_ODOO_HOME to an Odoo 19 of your own, or use docker-compose.yml (see README)"
)

# The machine's own apt configuration stays in force (proxies, certificates), without its hooks:
# they refresh catalogues and empty caches that are none of our business.
APT_CONF = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::Retries "2";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
"""


class Deb(NamedTuple):
    """A package file as the archive describes it; ``size`` in bytes."""

    file: str
    size: int
    sha256: str


class PrivateApt:
    """apt over suites of the machine's own mirror, with every folder of its own.

    :param folder: where lists and cache may live; it survives an interruption
    :param suites: names of Debian suites, for example ``sid``
    :raises LaporError: when this is not a Debian, or it has no mirror
    """

    def __init__(self, folder: Path, suites: tuple[str, ...]):
        self.folder = folder
        named = os.environ.get("LAPOR_DEBIAN_MIRROR")
        mirror = named or debian_mirror(read_sources())
        self.mirror = f"LAPOR_DEBIAN_MIRROR={named}" if named else f"{mirror} of this machine"
        check_debian()
        if not mirror:
            raise LaporError(
                "apt on this machine names no Debian mirror to fetch Odoo 19 from; "
                f"set LAPOR_DEBIAN_MIRROR to one, {OTHER_WAYS}"
            )
        if "://" not in mirror:
            raise LaporError(f"{self.mirror} is no address that begins with http:// or https://")
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={KEYRING}]"
        (folder / "sources.list").write_text(
            "".join(f"deb {signed} {mirror} {suite} main\n" for suite in suites)
        )
        (folder / "apt.conf").write_text(
            f'{APT_CONF}Dir::Etc::sourcelist "{folder}/sources.list";\n'
            f'Dir::State::lists "{folder}/lists";\nDir::Cache "{folder}/cache";\n'
        )

    def update(self) -> None:
        """Fetch the package lists.

        :raises LaporError: when the mirror does not answer
        """
        self._run("apt-get", "update")

    def describe(self, packages: tuple[str, ...]) -> list[Deb]:
        """What the archive has for ``packages`` (``name/suite``), in the same order.

        :raises LaporError: naming the first package that it does not have
        """
        found = []
        for package in packages:
            output = self._run("apt-get", "download", "--print-uris", package, missing=package)
            match = re.search(r"'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})", output)
            if not match:
                raise LaporError(f"Debian has no package {package}; {OTHER_WAYS}")
            found.append(Deb(match[1], int(match[2]), match[3]))
        return found

    def download(
        self,
        packages: tuple[str, ...],
        debs: list[Deb],
        folder: Path,
        progress: Callable[[int], None],
    ) -> None:
        """Put the files of ``packages`` into ``folder``; whole ones from before are kept.

        :param progress: called about twice a second with the number of bytes present
        :raises LaporError: when the network fails
        """
        folder.mkdir(parents=True, exist_ok=True)
        missing = []
        for package, deb in zip(packages, debs, strict=True):
            path = folder / deb.file
            if not (path.exists() and sha256(path) == deb.sha256):
                path.unlink(missing_ok=True)
                missing.append(package)
        if missing:
            self._run(
                "apt-get",
                "download",
                *missing,
                cwd=folder,
                watch=lambda: progress(
                    sum(p.stat().st_size for p in folder.iterdir() if p.is_file())
                ),
            )

    def _run(
        self,
        *command: str,
        cwd: Path | None = None,
        watch: Callable[[], None] | None = None,
        missing: str = "",
    ) -> str:
        log = self.folder / "apt.log"
        with log.open("w+") as output:
            process = subprocess.Popen(
                [command[0], "-c", str(self.folder / "apt.conf"), "-y", *command[1:]],
                cwd=cwd or self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
                pass_fds=held(),
            )
            try:
                while process.poll() is None:
                    time.sleep(0.1 if watch is None else 0.5)
                    if watch:
                        watch()
            finally:
                process.kill()
            output.seek(0)
            text = output.read()
        if process.returncode == 0:
            return text
        if missing and "Unable to locate package" in text or "not found" in text and missing:
            raise LaporError(f"Debian has no package {missing}; {OTHER_WAYS}")
        if "No space left" in text:
            raise LaporError("no room on disk for the download; free some and run again")
        if re.search(r"NO_PUBKEY|not signed|Signed-By|signatures couldn't be verified", text):
            raise LaporError(
                "the mirror's signature cannot be checked; install debian-archive-keyring"
            )
        raise LaporError(
            f"the Debian mirror ({self.mirror}) does not answer (no network, a proxy that apt does "
            "not know, or a wrong address); repair it and run again: what came is kept. "
            f"Details: {log}"
        )


def check_debian() -> None:
    """Make sure that apt and dpkg are here.

    :raises LaporError: naming the other ways to run Lapor
    """
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise LaporError(f"this is not a Debian-like system ({tool} is missing); {OTHER_WAYS}")
    if not KEYRING.exists():
        raise LaporError(f"{KEYRING.name} is missing; install the package debian-archive-keyring")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
