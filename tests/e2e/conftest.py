"""The worlds that end-to-end tests ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.e2e.world import World, world


@pytest.fixture(params=["http", "socket"])
async def each(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The bot over signed HTTP, then over Socket Mode."""
    async with world(request.param) as made:
        yield made


@pytest.fixture
async def impatient() -> AsyncIterator[World]:
    """The bot over signed HTTP, with its waits over at once."""
    async with world("http", impatient=True) as made:
        yield made


@pytest.fixture
async def over_http() -> AsyncIterator[World]:
    """The bot over signed HTTP."""
    async with world("http") as made:
        yield made
