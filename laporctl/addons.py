"""Our addons: which there are, what they build on, whether they changed."""

import ast
import hashlib
from pathlib import Path
from typing import Any

from .errors import LaporError
from .project import Project

# What lies in an addon's folder without having a part in an installed database.
UNINSTALLED = {"__pycache__", "tests", "readme", "description"}


def manifests(folder: Path) -> dict[str, dict[str, Any]]:
    """The manifest of each installable addon in ``folder``, by name, in alphabetical order.

    :raises LaporError: when a manifest cannot be read
    """
    found = {}
    for path in sorted(folder.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(path.read_text())
        except (SyntaxError, ValueError) as error:
            raise LaporError(
                f"{path.relative_to(folder.parent)} cannot be read: {error}"
            ) from error
        if manifest.get("installable", True):
            found[path.parent.name] = manifest
    return found


def our_addons(project: Project) -> list[str]:
    """The names of our installable addons."""
    return list(manifests(project.addons))


def foundations(project: Project) -> list[str]:
    """The addons of Odoo's own that ours depend on directly; at least the empty database's."""
    ours = manifests(project.addons)
    needed = {name for manifest in ours.values() for name in manifest.get("depends", ["base"])}
    return sorted((needed | {"base", "web_tour"}) - set(ours))


def fingerprint(project: Project) -> str:
    """Twelve hex digits that change when a file of our addons that an installation uses changes."""
    digest = hashlib.sha256()
    for name in our_addons(project):
        for path in sorted((project.addons / name).rglob("*")):
            relative = path.relative_to(project.addons)
            if path.is_file() and not UNINSTALLED.intersection(relative.parts):
                digest.update(f"{relative}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
