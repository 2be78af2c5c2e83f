"""Several processes at once: what Slack delivers is answered once, and limits are kept by all together."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot import EVENTS_PATH
from bot.playground.workspace import BOT, ME, TRAINING
from bot.playground.workspace.model import Channel, ChannelKind
from bot.training_api.rate_limiter import BURST, PER_SECOND
from tests.chaos.telling import RUN, take
from tests.chaos.world import World, world

JOBS: Final = 40
CHANNELS: Final = 3
WATCHED_SECONDS: Final = 60.0
SLACKS_SECOND: Final = 1.0
"""Between two messages in a channel. Source: https://docs.slack.dev/apis/web-api/rate-limits"""


async def test_what_reaches_two_processes_is_answered_once(postgresql_url: str, tmp_path: Path) -> None:
    """In the same moment: a mention, and a command that subscribes."""
    async with world(postgresql_url, tmp_path) as here:
        here.suite.set("job-1", experiment_name="job-1", status="RUNNING")
        ports = [(await here.start_serving())[1] for _ in range(2)]
        addresses = [f"http://127.0.0.1:{port}{EVENTS_PATH}" for port in ports]
        here.workspace.request_url = addresses[0]
        asked = [
            await here.workspace.say(TRAINING, ME, f"<@{here.workspace.identity.bot_user_id}> job-1"),
            await here.workspace.slash(TRAINING, ME, "watch job-1"),
        ]
        for each in asked:
            repeats = []
            for address in addresses * 2:
                here.workspace.request_url = address
                repeats.append(here.workspace.send_again(each))
            await asyncio.gather(*repeats)
        await here.until(lambda: len(here.workspace.messages(TRAINING)) >= 4)
        await here.clock.sleep(30.0)
        await here.quiet()
        texts = [one.text for one in here.workspace.messages(TRAINING)]
        assert len(texts) == 4, here.story()


async def test_limits_are_kept_by_all_together(postgresql_url: str, tmp_path: Path) -> None:
    """Two that serve and two workers have more to ask and to say than they may."""
    async with world(postgresql_url, tmp_path) as here:
        here.suite.switches.update({"list_refused": True})
        names = [f"job-{number:02}" for number in range(JOBS)]
        for number, name in enumerate(names):
            await here.follow(name, _channel(here, number % CHANNELS))
        for _ in range(2):
            await here.start_serving()
            here.start_worker()
        for turn in RUN[:2]:
            await here.clock.sleep(WATCHED_SECONDS / 2)
            take(here, turn, *names)
        await here.clock.sleep(WATCHED_SECONDS)
        asked = sorted(request.at_seconds for request in here.suite.requests)
        assert len(asked) > BURST + PER_SECOND * WATCHED_SECONDS / 2
        for seconds in (10, 20, 60):
            most = max(sum(at <= each < at + seconds for each in asked) for at in asked)
            assert most <= BURST + PER_SECOND * seconds + 1, here.story()
        limited = [call for call in here.workspace.calls if call.answer.get("error") == "ratelimited"]
        assert limited == [], here.story()
        for number in range(CHANNELS):
            posts = [
                one
                for one in here.workspace.calls_of("chat.postMessage")
                if _channel(here, number) in str(one.arguments)
            ]
            assert all(
                later.at_seconds - earlier.at_seconds >= SLACKS_SECOND for earlier, later in pairwise(posts)
            )


def _channel(here: World, number: int) -> str:
    channel = Channel(f"C0LIMIT{number:03}", f"limit-{number}", ChannelKind.PUBLIC, {ME, BOT})
    here.workspace.board.channels.setdefault(channel.id, channel)
    return channel.id
