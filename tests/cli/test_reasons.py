"""Where the addons act as the system, past the rights of the user, the code says why it may."""

import ast

from laporctl.project import Project

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def unexplained(path):
    """Lines of a file that use ``sudo`` in a function that has given no reason before: neither a
    comment, nor a docstring that names the system. ``sudo(False)``, which goes back to the user,
    needs none."""
    lines = path.read_text().splitlines()
    tree = ast.parse("\n".join(lines))
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, FUNCTIONS)]
    back = {node.func for node in nodes if isinstance(node, ast.Call) and node.args}
    for node in nodes:
        if not isinstance(node, ast.Attribute) or node.attr != "sudo" or node in back:
            continue
        around = [one for one in functions if one.lineno <= node.end_lineno <= one.end_lineno]
        start = min((one.lineno for one in around), default=1)
        told = " ".join(ast.get_docstring(one) or "" for one in around)
        comments = [line for line in lines[start - 1 : node.end_lineno] if is_comment(line)]
        if not comments and "system" not in told.lower():
            yield node.end_lineno


def is_comment(line):
    return line.lstrip().startswith("#") and "pylint:" not in line


def test_each_place_that_acts_as_the_system_says_why():
    addons = Project.here().addons
    files = [path for path in addons.glob("*/**/*.py") if "tests" not in path.parts]
    found = [f"{path.relative_to(addons)}:{line}" for path in files for line in unexplained(path)]
    assert len(files) > 100
    assert found == []


def test_a_place_without_a_reason_is_found(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("def act(self):\n    self.sudo().x = 1\n    self.sudo(False).x = 1\n")
    assert list(unexplained(path)) == [2]
    path.write_text("def act(self):\n    # It only counts.\n    self.sudo().x = 1\n")
    assert list(unexplained(path)) == []
