"""``lint``: the linters of .pre-commit-config.yaml, in pinned versions from the cache folder."""

import argparse
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from .errors import LaporError
from .locks import complete_folder, held
from .project import Project
from .stage import Stage, say
from .venv import lint_venv

NODE_HOOKS = ("prettier", "eslint", "fix-prettier")


def lint(project: Project, options: argparse.Namespace) -> int:
    """Check every tracked file, or mend what can be mended (``--fix``).

    :returns: 0 when there is nothing to say, else pre-commit's status
    """
    if not (project.root / ".git").exists() or not shutil.which("git"):
        raise LaporError("lint looks at the files that git tracks: it needs git and a checkout")
    path = [str(lint_venv(project) / "bin"), os.environ.get("PATH", "")]
    environment = {
        **os.environ,
        "NO_COLOR": "1",
        "PRE_COMMIT_HOME": str(project.cache / "pre-commit"),
    }
    if shutil.which("node") and shutil.which("npm"):
        tools = node_tools(project)
        path.insert(0, str(tools / "node_modules/.bin"))
        environment["LAPOR_NODE"] = str(tools)
    else:
        environment["SKIP"] = ",".join(NODE_HOOKS)
    environment["PATH"] = os.pathsep.join(path)
    command = ["pre-commit", "run", "--all-files", "--color=never"]
    if options.fix:
        command += ["--hook-stage", "manual"]
        # the checks would only repeat what is being mended
        kept = environment.get("SKIP", "")
        environment["SKIP"] = f"ruff,ruff-format,prettier,{kept}"
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    status = subprocess.run(
        [program, *command[1:]],
        cwd=project.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    if "LAPOR_NODE" not in environment:
        say("PRETTIER AND ESLINT WERE SKIPPED: there is no Node.js with npm on this machine.")
    return status


def node_tools(project: Project) -> Path:
    """The folder with the Node.js linters and their configuration; made when missing.

    :raises LaporError: when npm cannot install them
    """
    source = project.config / "node"
    digest = hashlib.sha256()
    for path in sorted(source.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    target = project.cache / "node" / f"linters-{digest.hexdigest()[:12]}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)

    def build(folder: Path) -> None:
        for path in source.iterdir():
            if path.is_file():
                shutil.copy2(path, folder)
        with Stage("Node.js linters"):
            done = subprocess.run(
                ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                pass_fds=held(),
                env={**os.environ, "npm_config_cache": str(project.cache / "npm")},
            )
            if done.returncode:
                reasons = [line for line in done.stderr.splitlines() if "ERR!" in line]
                raise LaporError(f"npm cannot install the linters: {' '.join(reasons[:1])}")

    return complete_folder(target, build)
