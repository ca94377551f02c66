"""What printing needs of the machine: the libraries of WeasyPrint, and the font of the letters."""

import ctypes.util
import shutil
from pathlib import Path

from .errors import LaporError
from .stage import say
from .system import apt_install, is_root

# Debian's package, and how to tell that it is there.
LIBRARIES = {
    "libpango-1.0-0": "pango-1.0",
    "libpangoft2-1.0-0": "pangoft2-1.0",
    "libharfbuzz-subset0": "harfbuzz-subset",
}
FONT = "fonts-liberation"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def missing_packages() -> list[str]:
    """Names of the Debian packages that printing lacks on this machine."""
    packages = [
        name for name, library in LIBRARIES.items() if not ctypes.util.find_library(library)
    ]
    folders = (*FONT_FOLDERS, Path.home() / ".local/share/fonts", Path.home() / ".fonts")
    if not any(next(folder.rglob("LiberationSans-Regular.*"), None) for folder in folders):
        packages.append(FONT)
    return packages


def need_printing() -> None:
    """Install what printing lacks as root; otherwise say so and go on.

    All but printing works without it, and printing itself says what is missing.
    """
    missing = missing_packages()
    if not missing:
        return
    if is_root() and shutil.which("apt-get"):
        try:
            apt_install(tuple(missing))
            return
        except LaporError as error:
            say(f"Note: {error}")
    say(f"Note: papers cannot be printed before these packages are installed: {' '.join(missing)}")
