"""Everything asked by everybody for planted words: methods, reports and routes."""

import json
import os
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..bench import Bench
from ..stage import Stage
from ..testing import odoo_pytest
from ..venv import python_of, test_venv

HELP = "every method, report and route asked by everybody for what is shut to him"
SIZE = 30_000
#: One call in so many is one over HTTP.
ROUTES = 8
KNOWN = ("methods", "routes", "seconds")
NAMES = {
    "calls": "public methods of models of cases",
    "reports": "reports, each by html, text and pdf",
    "routes": "routes over HTTP",
}


def run(bench: Bench) -> None:
    """The walk that the tests make in small (``tests/test_walk_*.py``), made in large: by as many
    processes as there are processors, each with dice and a database of its own."""
    workers = os.cpu_count() or 1
    names = [bench.ours()]
    names += [bench.copied(names[0], f"ours{number}") for number in range(1, workers)]
    with Stage(f"Lapor: {bench.size} calls"), ThreadPoolExecutor(workers) as pool:
        running = [
            pool.submit(walk, bench, name, seed, bench.size // workers)
            for seed, name in enumerate(names, 1)
        ]
        found = [item for one in running for item in one.result()]
    for what, label in NAMES.items():
        items = [item for item in found if item["what"] == what]
        wrong = sorted({sentence for item in items for sentence in item["wrong"]})
        fates: Counter[str] = Counter()
        for item in items:
            fates.update({key: value for key, value in item["figures"].items() if key not in KNOWN})
        known = {key: items[0]["figures"].get(key) for key in KNOWN} if items else {}
        seconds = max((item["figures"].get("seconds", 0) for item in items), default=0)
        notes = [f"{value} {key}" for key, value in sorted(fates.items())]
        notes += [f"of {known[key]} {key}" for key in ("methods", "routes") if known.get(key)]
        figures = {"act": label, "count": fates.total(), "seconds": seconds}
        bench.note("Lapor", [{**figures, "note": ", ".join([*notes, f"{len(wrong)} wrong"])}])
        bench.note("Lapor", [{"wrong": sentence} for sentence in wrong])
        if not items:
            bench.wrong.append(f"{label}: the walk did not come to its end, see {bench.log}")
    bench.show()


def walk(bench: Bench, name: str, seed: int, size: int) -> list[dict[str, Any]]:
    """Walk on one database.

    :returns: dicts with ``what``, ``figures`` and ``wrong``
    """
    project, pg = bench.odoo.project, bench.odoo.pg
    path = project.state / f"bench-fuzz-{seed}.jsonl"
    path.unlink(missing_ok=True)
    routes = max(size // ROUTES, 1)
    files = ["tests/test_walk_calls.py", "tests/test_walk_routes.py"]
    command = odoo_pytest(bench.odoo, name, [*files, "-q", "-p", "no:cacheprovider"])
    command[0] = str(python_of(test_venv(project)))
    environment = {
        **pg.env(),
        "PYTHONPATH": f"{bench.odoo.odoo.library}{os.pathsep}{project.root}",
        "LAPOR_NO_BROWSER": "not needed",
        "LAPOR_QUICK": "",
        "LAPOR_WALK_SEED": str(seed),
        "LAPOR_WALK_CALLS": str(size - routes),
        "LAPOR_WALK_ROUTES": str(routes),
        "LAPOR_WALK_REPORT": str(path),
    }
    with bench.log.open("a") as log:
        subprocess.run(
            command, cwd=project.root, env=environment, stdout=log, stderr=log, check=False
        )
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
