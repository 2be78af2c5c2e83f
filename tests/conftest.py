"""What every test shares: the marks by which some are picked, and that nothing is skipped unseen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import hypothesis
import pytest

from tests.chaos.reporting_loop import ReportingLoop
from tests.resting_loop import RestingLoop

TESTS = Path(__file__).parent
# An example's deadline goes by the wall's clock, which tells of the machine. Work is measured elsewhere.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
INTEGRATION = frozenset({"browser", "chaos", "contracts", "e2e", "fuzz"})
"""The folders whose tests need a database server, a browser or other processes; all others are unit tests."""

RESTING = frozenset(
    {
        "delivery",
        "e2e",
        "fuzz",
        "handlers",
        "playground",
        "registry",
        "slack",
        "test_resting_loop.py",
        "training_api",
        "watcher",
        "web",
    }
)
"""The folders and files whose tests have everybody in this process, see `tests.resting_loop`."""
WITH_OTHER_PROCESSES = frozenset({"test_process.py", "test_proxy.py", "test_seen_processes.py"})
"""But for these files."""


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Where time passes only while nobody works, and where it is the machine's."""
    folder = item.path.relative_to(TESTS).parts[0]
    if folder == "chaos":
        return {"reporting": ReportingLoop}
    if folder in RESTING and item.path.name not in WITH_OTHER_PROCESSES:
        return {"resting": RestingLoop}
    return {"real": asyncio.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its folder, so that ``-m unit`` picks those that need this process only."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        item.add_marker("integration" if folder in INTEGRATION else "unit")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With JOBBOT_NO_SKIPS set, as .ci/run does, a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("JOBBOT_NO_SKIPS") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
