"""The page on roles says what the tables of roles say."""

import shutil
from pathlib import Path

import pytest

from laporctl.errors import LaporError
from laporctl.project import Project
from laporctl.roles import PAGE, page


def test_page_is_up_to_date():
    project = Project.here()
    told = "The tables of roles have changed: run ./lapor roles"
    assert (project.root / PAGE).read_text() == page(project), told


def test_page_follows_a_changed_table(tmp_path):
    project = _copy(tmp_path)
    table = project.addons / "lapor_base/security/roles.csv"
    table.write_text(table.read_text() + "lapor.new,common,Hal baru,r,-,-,-,-,-,rwcu,-,-,-\n")
    assert "| Hal baru (`lapor.new`) | umum | r | – | – |" in page(project)


@pytest.mark.parametrize("line", ["lapor.new,nowhere,Hal,r,-,-,-,-,-,r,-,-,-", "lapor.new,common"])
def test_line_that_fits_nothing_is_named(tmp_path, line):
    project = _copy(tmp_path)
    table = project.addons / "lapor_base/security/roles.csv"
    count = len(table.read_text().splitlines())
    table.write_text(table.read_text() + line + "\n")
    with pytest.raises(LaporError, match=f"line {count + 1}"):
        page(project)


def _copy(folder: Path) -> Project:
    """A project with our tables and nothing else."""
    here = Project.here()
    for path in here.addons.glob("*/security/*.csv"):
        target = folder / path.relative_to(here.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        shutil.copy(path.parents[1] / "__manifest__.py", target.parents[1])
    return Project(folder, folder / "state", folder / "cache")
