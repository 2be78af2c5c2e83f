"""The admin is told before the API key expires: once each, whatever happens to the processes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import SlackPassingError, SlackPermanentError
from bot.domain.messages.installation import Installation
from bot.domain.ports import Lane
from bot.domain.subscriptions.notifications.notices import KeyExpiry
from bot.playground.clock import InstantClock
from bot.store.store import DatabaseStore
from bot.watcher.key_watch import KeyWatch, WatchedKey
from tests.contracts.facts import drained
from tests.watcher.world import World

DAY = timedelta(days=1)


class _Slack:
    """Two questions of the real one."""

    def __init__(self) -> None:
        self.team_id, self.dm = "T1", "D1"
        self.opened: list[str] = []
        self.failure: Exception | None = None

    async def identity(self) -> Installation:
        return Installation(self.team_id)

    async def open_dm(self, user_id: str) -> str:
        self.opened.append(user_id)
        if self.failure is not None:
            raise self.failure
        return self.dm


def _watch(world: World, slack: _Slack, expires_at: datetime, *, admin: str | None = "U0ADMIN01") -> KeyWatch:
    return _watching(world, WatchedKey("org", expires_at, slack, admin))


def _watching(world: World, *keys: WatchedKey) -> KeyWatch:
    wake = world._wake  # noqa: SLF001  (the world's own)
    return KeyWatch(lambda: keys, world.store.key_notices, world.clock, wake_delivery=wake)


async def _told(store: DatabaseStore, clock: InstantClock) -> int:
    posts = await drained(store, clock.now(), "D1")
    assert {type(post.notification) for post in posts} <= {KeyExpiry}
    return len(posts)


async def test_seven_days_before_and_one_day_before_once_each(world: World) -> None:
    """By two processes that are started anew every few hours."""
    slack, told = _Slack(), list[tuple[int, int]]()
    expires_at = world.clock.now() + 10 * DAY
    for _ in range(2 * 11 * 24):
        watches = [_watch(world, slack, expires_at) for _ in range(2)]
        for watch in watches:
            assert 0 < await watch.round() <= 3600
        if count := await _told(world.store, world.clock):
            told.append(((expires_at - world.clock.now()).days, count))
        world.clock.advance(1800)
    assert told == [(7, 1), (1, 1)]
    assert set(slack.opened) == {"U0ADMIN01"}
    assert len(slack.opened) == 2


async def test_it_comes_on_time(world: World) -> None:
    """The rest ends when the next one is due."""
    watch = _watch(world, _Slack(), world.clock.now() + 7 * DAY + timedelta(seconds=90))
    assert await watch.round() == pytest.approx(90)
    world.clock.advance(90)
    await watch.round()
    assert await _told(world.store, world.clock) == 1
    assert world.wakes == 1


async def test_a_slack_that_does_not_answer_is_asked_again(world: World) -> None:
    """Soon where that may help, in an hour where it cannot; nothing is lost and nothing doubled."""
    slack, watch = _Slack(), None
    watch = _watch(world, slack, world.clock.now() + 3 * DAY)
    with capture_logs() as logs:
        slack.failure = SlackPassingError("down")
        assert await watch.round() == 300
        slack.failure = SlackPermanentError("user_not_found")
        assert await watch.round() == 3600
    assert sum(each["event"].startswith("cannot warn the admin") for each in logs) == 2
    slack.failure = None
    await watch.round()
    await watch.round()
    assert await _told(world.store, world.clock) == 1


async def test_without_an_admin_the_log_says_it_once_a_day(world: World) -> None:
    """And Slack is asked nothing."""
    slack, expires_at = _Slack(), world.clock.now() + 9 * DAY
    watch = _watch(world, slack, expires_at, admin=None)
    with capture_logs() as logs:
        for _ in range(12 * 24):
            await watch.round()
            world.clock.advance(3600)
    warned = [each["event"] for each in logs if "Simplismart API key" in each["event"]]
    assert "expires in 7 days" in warned[0]
    assert "expired on" in warned[-1]
    assert len(warned) == 10
    assert slack.opened == []
    assert await _told(world.store, world.clock) == 0


async def test_one_whose_slack_does_not_answer_keeps_no_other_waiting(world: World) -> None:
    """Each organization's admin is told; the one that could not be is tried again soon."""
    down, well = _Slack(), _Slack()
    down.failure = SlackPassingError("down")
    soon = world.clock.now() + 3 * DAY
    watch = _watching(world, *(WatchedKey(f"org-{each}", soon, down, "U1") for each in range(3)))
    assert await watch.round() == 300
    others = (WatchedKey("down", soon, down, "U1"), WatchedKey("well", soon, well, "U2", is_set_up=True))
    assert await _watching(world, *others).round() == 300
    (post,) = await drained(world.store, world.clock.now(), "D1")
    assert isinstance(post.notification, KeyExpiry)
    assert (post.subscription.org_id, post.notification.is_set_up) == ("well", True)
    assert well.opened == ["U2"]


async def test_two_workspaces_keys_to_one_organization_are_two_keys(world: World) -> None:
    """They expire the same day, as keys do; each admin is told, and once."""
    soon = world.clock.now() + 2 * DAY
    ours, theirs = _Slack(), _Slack()
    theirs.team_id, theirs.dm = "T2", "D2"
    keys = (
        WatchedKey("org", soon, ours, "U1", home_id="T1", is_set_up=True),
        WatchedKey("org", soon, theirs, "U2", home_id="T2", is_set_up=True),
    )
    for _ in range(2):
        await _watching(world, *keys).round()
    for team_id, channel_id in (("T1", "D1"), ("T2", "D2")):
        lane = await world.store.outbox.claim_lane(team_id, channel_id, world.clock.now(), 60)
        assert isinstance(lane, Lane)
        post = await world.store.outbox.take_post(lane, world.clock.now())
        assert post is not None
        assert isinstance(post.notification, KeyExpiry)
        assert post.subscription.team_id == team_id
