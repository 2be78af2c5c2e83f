"""``health``: for the admin alone, what is wrong and what is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import StoreError
from bot.domain.health.readiness import Readiness
from bot.domain.ports.monitoring import Backlog
from bot.handlers.kit.command import Place
from tests.handlers.neighbours import ADMIN, Neighbourhood

THEIRS = Place("T1", "C1", ADMIN)


@pytest.fixture
def made() -> Neighbourhood:
    """All is well."""
    made = Neighbourhood()
    made.ready = Readiness({"slack": None, "store": None}, {"watcher": made.clock.now()})
    return made


async def test_all_is_well(made: Neighbourhood) -> None:
    """In a line, with what was looked at; the outbox is that of their workspace and organization."""
    (card,) = await made.ask("health", THEIRS)
    assert "jobbot is well." in card
    assert "Well: slack, store" in card
    assert "No message waits" in card
    assert made.outbox.asked_of == ("T1", "org")


async def test_what_is_not_comes_first(made: Neighbourhood) -> None:
    """Each problem, what waits too long, what is parked, and what expires."""
    made.ready = Readiness({"slack": None, "delivery": "its rounds fail"}, {}, ["the key expires"])
    made.outbox.found = Backlog(made.clock.now() - timedelta(minutes=7), 2)
    (card,) = await made.ask("health", THEIRS)
    assert "4 things to look at." in card
    for words in ("its rounds fail", "has waited for 7 min", "2 messages parked", "the key expires"):
        assert words in card
    made.outbox.found = Backlog(made.clock.now() - timedelta(minutes=4), 0)
    (card,) = await made.ask("health", THEIRS)
    assert "waited" not in card


async def test_without_the_database_the_rest_is_told(made: Neighbourhood) -> None:
    """Of the outbox nothing is said then, neither good nor bad."""
    made.outbox.fails = StoreError("gone")
    made.ready = Readiness({"store": "gone"})
    (card,) = await made.ask("health", THEIRS)
    assert "1 thing to look at." in card
    assert "message" not in card


async def test_nobody_else_is_told(made: Neighbourhood) -> None:
    """A plain line, and nothing is looked at; without an admin it is nobody's."""
    made.outbox.fails = StoreError("not to be asked")
    made.ready = Readiness({"slack": "secret"})
    (card,) = await made.ask("health")
    assert "Only your jobbot admin can see this." in card
    for nobody in (None, ""):
        made.context = replace(made.context, admin_user_id=nobody)
        for place in (THEIRS, Place("T1", "C1", "")):
            (card,) = await made.ask("health", place)
            assert "ADMIN_USER_ID" in card
