"""A gateway and a workspace for each test that asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.slack.connected import Connected, connected


@pytest.fixture
async def slack() -> AsyncIterator[Connected]:
    """Both, fresh."""
    async with connected() as fresh:
        yield fresh
