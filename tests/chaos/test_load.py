"""Four workers, many jobs, and two of the four killed in the middle of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Final

from bot.domain.subscription import Subscription
from bot.playground.workspace import BOT, ME
from bot.playground.workspace.model import Channel, ChannelKind
from tests.chaos.telling import RUN, check, check_looks, take
from tests.chaos.world import World, world

JOBS: Final = 40
CHANNELS: Final = 10
WORKERS: Final = 4
SEED: Final = 20260302


async def test_two_of_four_killed_under_load(database_url: str, tmp_path: Path) -> None:
    """Nothing is lost, nothing comes twice or out of order, nobody is forgotten for longer than a lease."""
    random = Random(SEED)  # noqa: S311  (the same moments in every run)
    async with world(database_url, tmp_path) as here:
        followed = [await here.follow(f"job-{n:02}", _channel(here, n % CHANNELS)) for n in range(JOBS)]
        for _ in range(WORKERS):
            here.start_worker()
        victims = random.sample(here.workers, 2)
        async with asyncio.TaskGroup() as group:
            for each in followed:
                group.create_task(_live(here, each))
            for worker in victims:
                await here.clock.sleep(random.uniform(2.0, 12.0))
                here.kill(worker)
        await here.quiet(40.0)
        assert [each.is_alive for each in here.workers] == [each not in victims for each in here.workers]
        check(here, RUN, *followed)
        check_looks(here)


async def _live(here: World, subscription: Subscription) -> None:
    """The job goes on whenever its thread has heard of its last turn."""
    for number, turn in enumerate(RUN, start=1):
        take(here, turn, subscription.request_id)
        await here.until(lambda number=number: len(here.told(subscription)) >= number, 40.0)


def _channel(here: World, number: int) -> str:
    channel = Channel(f"C0LOAD{number:04}", f"load-{number}", ChannelKind.PUBLIC, {ME, BOT})
    here.workspace.board.channels.setdefault(channel.id, channel)
    return channel.id
