"""A served workspace for each test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.playground.slack_side import Slack, slack


@pytest.fixture
async def served() -> AsyncIterator[Slack]:
    """A fresh workspace."""
    async with slack() as fresh:
        yield fresh
