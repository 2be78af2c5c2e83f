"""`check`, about until when the API key is good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.playground.training_suite import key_until
from tests.cli.check_report import Around, everything_well

DAY = timedelta(days=1)


@pytest.fixture
async def around(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> AsyncIterator[Around]:
    """All is well, in Socket Mode."""
    async with everything_well(monkeypatch, capsys, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("left", "status", "verdict", "said"),
    [
        (30 * DAY, 0, "ok", "good until 20"),
        (3 * DAY, 0, "warn", "expires in 2 days, on 20"),
        (timedelta(minutes=5), 0, "warn", "expires in less than a day"),
        (-DAY, 1, "FAIL", "expired on 20"),
    ],
)
async def test_until_when_the_key_is_good(
    around: Around, left: timedelta, status: int, verdict: str, said: str
) -> None:
    """A warning before the end is no failure; the key itself is never shown."""
    key = key_until(SystemClock().now() + left)
    around.suite.token = key
    around.set("SIMPLISMART_API_TOKEN", key)
    found, report = await around.check()
    assert found == status
    assert report["api key"].startswith(verdict)
    assert said in report["api key"]
    assert not [line for line in report.values() if any(part in line for part in key.split("."))]
