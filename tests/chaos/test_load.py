"""Four workers, many jobs, and two of the four killed in the middle of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Final

from bot.delivery import crash_points as delivery
from bot.domain.subscriptions.subscription import Subscription
from bot.playground.workspace import BOT, ME
from bot.playground.workspace.model import Channel, ChannelKind
from bot.watcher import crash_points as watcher
from tests.chaos.telling import RUN, check, check_looks, take
from tests.chaos.world import World, world

JOBS: Final = 40
CHANNELS: Final = 10
SEED: Final = 20260302
LIFE: Final = (RUN[0], RUN[2], RUN[4])
DYING_AT: Final = (watcher.ROWS_CLAIMED, watcher.JOB_ANSWERED, delivery.POST_TAKEN, delivery.POST_SENT)


async def test_two_of_four_killed_under_load(database_url: str, tmp_path: Path) -> None:
    """Nothing is lost, nothing comes twice or out of order, nobody is forgotten for longer than a lease."""
    random = Random(SEED)  # noqa: S311  (the same moments in every run)
    async with world(database_url, tmp_path) as here:
        followed = [await here.follow(f"job-{n:02}", _channel(here, n % CHANNELS)) for n in range(JOBS)]
        victims, survivors = ([here.start_worker(), here.start_worker()] for _ in range(2))
        async with asyncio.TaskGroup() as group:
            for each in followed:
                group.create_task(_live(here, each))
            for worker in victims:
                await here.clock.sleep(random.uniform(2.0, 8.0))
                here.doom(worker, random.choice(DYING_AT))
        for worker in victims:
            here.kill(worker)  # if it got no such work before all was told
            await worker.died.wait()
        await here.quiet(90.0)
        assert [each.is_alive for each in (*victims, *survivors)] == [False, False, True, True], here.story()
        await check(here, LIFE, *followed)
        check_looks(here)


async def _live(here: World, subscription: Subscription) -> None:
    """The job goes on whenever its thread has heard of its last turn."""
    for number, turn in enumerate(LIFE, start=1):
        take(here, turn, subscription.request_id)
        await here.until(lambda number=number: len(here.told(subscription)) >= number, 90.0)


def _channel(here: World, number: int) -> str:
    channel = Channel(f"C0LOAD{number:04}", f"load-{number}", ChannelKind.PUBLIC, {ME, BOT})
    here.workspace.board.channels.setdefault(channel.id, channel)
    return channel.id
