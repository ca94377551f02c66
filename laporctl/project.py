"""Where things are: the checkout, its ignored state folder, the user's cache folder."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

# Root's: the account that its servers run as cannot reach its home folder.
ROOTS_CACHE = Path("/var/cache/lapor")


@dataclass(frozen=True)
class Project:
    """The three folders that a command may write to, or read from.

    :param root: the checkout (read only, except for ``./lapor i18n``)
    :param state: what belongs to this checkout: databases, files, logs, process ids
    :param cache: what every checkout of this user shares: Odoo, Python packages
    """

    root: Path
    state: Path
    cache: Path

    @classmethod
    def here(cls) -> "Project":
        """The project this package lies in, after LAPOR_STATE, LAPOR_CACHE and XDG_CACHE_HOME."""
        root = Path(__file__).resolve().parent.parent
        state = Path(os.environ.get("LAPOR_STATE") or root / ".lapor").absolute()
        return cls(root=root, state=state, cache=cache_folder())

    @property
    def addons(self) -> Path:
        """The folder of our own addons."""
        return self.root / "addons"

    @property
    def config(self) -> Path:
        """The folder of pinned requirements and configuration templates."""
        return self.root / "config"

    @property
    def short_id(self) -> str:
        """Eight hex digits that tell this checkout's state from another's."""
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:8]

    def make_state(self) -> Path:
        """Create the state folder if it is missing, close it to others, and return it."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        # one from before may be open; nothing below it concerns anybody else
        if self.state.stat().st_mode & 0o077:
            self.state.chmod(0o700)
        return self.state


def cache_folder() -> Path:
    """The cache folder after LAPOR_CACHE and XDG_CACHE_HOME; root's is the machine's."""
    if os.environ.get("LAPOR_CACHE"):
        return Path(os.environ["LAPOR_CACHE"]).absolute()
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]).absolute() / "lapor"
    return ROOTS_CACHE if os.geteuid() == 0 else Path.home() / ".cache" / "lapor"
