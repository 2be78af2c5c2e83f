"""What every test shares."""

from __future__ import annotations

import gc
import os

import pytest

gc.disable()  # loading and collecting make little garbage, and all of it would be looked through each time


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking at it again and again took a tenth of the suite's time."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With JOBBOT_NO_SKIPS set, as .ci/run does, a skipped test fails the run."""
    # pytest looks through everything twice after this; once is enough.
    gc.collect()
    gc.freeze()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("JOBBOT_NO_SKIPS") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
