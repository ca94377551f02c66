"""What ``./lapor test`` adds to pytest: loud skips, and a run without a test is a failure."""

import os
import unittest

import pytest

NO_TESTS_RAN = 5


MARKERS = {
    "browser": "needs Chromium; left out by ./lapor test --quick",
    "slow": "takes long for another reason; left out by ./lapor test --quick",
}


def pytest_configure(config: pytest.Config) -> None:
    """Make Odoo's browser tests skip with our reason when there is to be no browser."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    reason = os.environ.get("LAPOR_NO_BROWSER")
    if reason:
        from odoo.tests import common

        def refuse() -> str:
            raise unittest.SkipTest(f"no browser: {reason}")

        common._find_executable = refuse


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip plain tests that are marked ``browser`` likewise, and slow ones in a quick run."""
    reason = os.environ.get("LAPOR_NO_BROWSER")
    quick = os.environ.get("LAPOR_QUICK")
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"no browser: {reason}"))
        if quick and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: --quick leaves it out"))
    # What takes long goes first: at the end it would keep one process busy and the others waiting.
    slow = {scope(item) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: scope(item) not in slow)


def scope(item: pytest.Item) -> str:
    """The class or module of a test: what one process runs as a whole."""
    return item.nodeid.rpartition("::")[0]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config):
    """Where several processes share the tests, each has the database made for it.

    pytest-odoo would make copies itself, of the database but not of its files.
    """
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
    if worker:
        config.option.odoo_database += f"_{worker}"
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Where there is a browser, one that does not come up is a failure.

    Odoo itself would skip the test and the run would look green.
    """
    report = yield
    if (
        report.skipped
        and not os.environ.get("LAPOR_NO_BROWSER")
        and "hrome" in str(report.longrepr)
    ):
        report.outcome = "failed"
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run in which everything was skipped has shown nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not reporter or exitstatus or session.config.option.collectonly:
        return
    if not any(reporter.stats.get(kind) for kind in ("passed", "xfailed", "xpassed")):
        session.exitstatus = NO_TESTS_RAN


def pytest_terminal_summary(terminalreporter) -> None:
    """List why tests were skipped, also without ``-rs``."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons: dict[str, int] = {}
    for report in skipped:
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[text] = reasons.get(text, 0) + 1
    for text, number in sorted(reasons.items()):
        terminalreporter.write_line(
            f"SKIPPED {number}: {text.removeprefix('Skipped: ')}", yellow=True
        )
