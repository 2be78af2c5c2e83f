"""Slack in trouble, from a change upstream to what people see of it."""

from __future__ import annotations

from pathlib import Path

from bot.domain.subscriptions.subscription import Ending
from bot.playground.workspace import BOT, ME, TRAINING
from bot.playground.workspace.faults import FaultKind
from bot.playground.workspace.model import Channel, ChannelKind
from tests.chaos.telling import RUN, check, check_not_early, take, until_told
from tests.chaos.world import World, world

POST = "chat.postMessage"
RETRY_AFTER_SECONDS = 12
PASSING: tuple[FaultKind, ...] = ("rate_limited", "server_error", "html", "lost", "lost_answer", "timeout")
HANG_SECONDS = 61.0


async def test_what_passes(database_url: str, tmp_path: Path) -> None:
    """Each channel meets another failure: every message comes once, and one without any does not wait."""
    async with world(database_url, tmp_path) as here:
        channels = {kind: _room(here, kind) for kind in PASSING}
        followed = [await here.follow(f"job-{kind}", channel) for kind, channel in channels.items()]
        well = await here.follow("job-well")
        worker = here.start_worker()
        await here.quiet()
        for kind, channel in channels.items():
            here.workspace.faults.fail_next(
                1, kind, method=POST, channel_id=channel, retry_after_seconds=RETRY_AFTER_SECONDS
            )
        since = here.clock.now().timestamp()
        take(here, RUN[0], "job-well", *(f"job-{kind}" for kind in PASSING))
        await here.until(lambda: all(here.told(each) for each in (well, *followed)))
        await here.clock.leap(HANG_SECONDS)  # the answer that does not come is given up
        await here.quiet()
        await check(here, RUN[:1], well, *followed)
        [limited] = here.told(followed[PASSING.index("rate_limited")])
        [unlimited] = here.told(well)
        assert float(limited.ts) >= since + RETRY_AFTER_SECONDS > float(unlimited.ts)
        take(here, RUN[1], "job-well", *(f"job-{kind}" for kind in PASSING))
        await until_told(here, 2, well, *followed)
        await check(here, RUN[:2], well, *followed)
        check_not_early(here)
        assert worker.is_alive


async def test_what_is_for_ever(database_url: str, tmp_path: Path) -> None:
    """Each such error ends its own subscription, with its reason; the others go on."""
    async with world(database_url, tmp_path) as here:
        rooms = {
            "is_archived": _room(here, "archived"),
            "not_in_channel": _room(here, "public"),
            "channel_not_found": _room(here, "private", ChannelKind.PRIVATE),
        }
        closed = {code: await here.follow(f"job-{code}", room) for code, room in rooms.items()}
        await here.workspace.say(TRAINING, ME, "How does it go?")
        [asked] = here.workspace.messages(TRAINING)
        cardless = await here.follow("job-cardless", thread_ts=asked.ts)
        revoked = await here.follow("job-revoked", _room(here, "revoked"))
        well = await here.follow("job-well")
        worker = here.start_worker()
        await here.quiet()

        here.workspace.archive(rooms["is_archived"])
        here.workspace.kick_bot(rooms["not_in_channel"])
        here.workspace.kick_bot(rooms["channel_not_found"])
        here.workspace.delete_message(TRAINING, (await here.now(cardless)).card_ts or "")
        take(here, RUN[0], "job-well", "job-cardless", *(f"job-{code}" for code in closed))
        await until_told(here, 1, well)
        for code, subscription in closed.items():
            ended = await here.now(subscription)
            # What is edited in an archived channel meets another code than what is posted there.
            detail = ended.ended_detail.replace("is_inactive", "is_archived")
            assert (ended.ended, detail) == (Ending.CANNOT_POST, code), here.story()
        assert (await here.now(cardless)).ended is Ending.CARD_GONE

        here.workspace.faults.account_error = "token_revoked"
        take(here, RUN[0], "job-revoked")
        await here.until_so(lambda: _has_ended(here, revoked.id))
        assert (await here.now(revoked)).ended_detail == "token_revoked"
        here.workspace.faults.account_error = "invalid_auth"
        take(here, RUN[1], "job-well")
        await here.until_so(lambda: _is_tried(here, well.id))
        here.workspace.faults.account_error = None
        await until_told(here, 2, well)
        await check(here, RUN[:2], well)
        check_not_early(here)
        assert worker.is_alive


async def _has_ended(here: World, subscription_id: str) -> bool:
    subscription = await here.store.subscriptions.subscription(subscription_id)
    return subscription is not None and not subscription.is_active


async def _is_tried(here: World, subscription_id: str) -> bool:
    return any(each.subscription.id == subscription_id for each in await here.store.outbox.waiting())


def _room(here: World, name: str, kind: ChannelKind = ChannelKind.PUBLIC) -> str:
    channel = Channel(f"C0{name.upper()}", name, kind, {ME, BOT})
    here.workspace.board.channels[channel.id] = channel
    return channel.id
