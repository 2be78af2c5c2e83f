"""What fails in a round keeps nothing else from being done, however long it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import StoreError
from bot.domain.subscriptions.notifications.job_updates import Failed
from tests.store_with import store_with
from tests.watcher.digests import with_a_digest
from tests.watcher.world import RARE, World


class _Without:
    """A port on which one question always fails."""

    def __init__(self, port: Any, name: str, error: Callable[[], Exception]) -> None:
        self._port = port
        self._name = name
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return self._fail if name == self._name else getattr(self._port, name)

    async def _fail(self, *_args: object, **_kwargs: object) -> None:
        raise self._error()


@pytest.mark.parametrize("error", [StoreError, ZeroDivisionError])
@pytest.mark.parametrize(
    ("port", "name"),
    [
        ("upkeep", "clean"),
        ("watches", "end_overdue"),
        ("watches", "claim_list"),
        ("metrics_checks", "claim_metrics_checks"),
        ("metrics_checks", "next_metrics_check_at"),
        ("finished_jobs", "unrecorded"),
        ("digests", "next_digest_at"),
    ],
)
async def test_one_that_always_fails_keeps_no_other(
    world: World, port: str, name: str, error: Callable[[], Exception]
) -> None:
    """Jobs are looked at and their ends told; the log says what fails, and not at every round."""
    world.bounds = RARE
    await with_a_digest(world)
    await world.follow("a", "b")
    failing = _Without(getattr(world.store, port), name, error)
    watcher = world.watcher(store=store_with(world.store, **{port: failing}))
    with capture_logs() as lines:
        await world.live(900, watcher)
        for each in "ab":
            world.suite.set(each, status="FAILED", error_message="boom")
        await world.live(900, watcher)
    assert [world.kinds(each) for each in "ab"] == [[Failed]] * 2
    told = [line for line in lines if line["event"] == "a round failed"]
    assert 1 <= len(told) <= 1_800 / 60 + 10
    assert world.rounds <= 1_800 / 20, "what fails is no reason to come again at once"


@pytest.mark.parametrize(("port", "name"), [("finished_jobs", "unrecorded"), ("digests", "next_digest_at")])
async def test_nothing_is_asked_for_feeds_and_digests_where_there_are_none(
    world: World, port: str, name: str
) -> None:
    """Each question is a transaction in every round; one that fails is asked until it does not."""
    await world.follow("a")
    failing = _Without(getattr(world.store, port), name, StoreError)
    watcher = world.watcher(store=store_with(world.store, **{port: failing}))
    with capture_logs() as lines:
        await world.live(100, watcher)
        assert [line for line in lines if line["event"] == "a round failed"] == []
        await with_a_digest(world)
        await world.live(100, watcher)
        assert [line["part"] for line in lines if line["event"] == "a round failed"]
        await world.store.digests.drop_digest("T1", "C1", world.suite.org_id)
        lines.clear()
        await world.live(100, watcher)
        assert [line for line in lines if line["event"] == "a round failed"]


async def test_it_is_told_to_who_keeps_the_loop(world: World) -> None:
    """For `/readyz`; and when it is over, that too."""
    store = store_with(world.store, upkeep=_Without(world.store.upkeep, "clean", ZeroDivisionError))
    heard: list[Exception | None] = []
    done = asyncio.Event()

    def on_round(failure: Exception | None) -> None:
        heard.append(failure)
        done.set()

    running = asyncio.create_task(world.watcher(store=store).run(on_round))
    await asyncio.wait_for(done.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert isinstance(heard[0], ZeroDivisionError)
