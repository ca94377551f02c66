"""Where things are: the checkout, its ignored state folder, the user's cache folder."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


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
        """The project this package lies in, after LAPOR_STATE and XDG_CACHE_HOME."""
        root = Path(__file__).resolve().parent.parent
        state = Path(os.environ.get("LAPOR_STATE") or root / ".lapor").absolute()
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(root=root, state=state, cache=Path(home).absolute() / "lapor")

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
        """Create the state folder if it is missing, and return it."""
        self.state.mkdir(parents=True, exist_ok=True)
        return self.state
