"""When the Home tab is drawn by itself: once in a while, and only where that is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.errors import SlackConversationError, SlackError, SlackLimitedError, SlackPassingError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.subscriptions.subscription import Subscription
from bot.handlers.home.home import AGAIN_SECONDS, LONGEST_AGAIN_SECONDS, POLL_SECONDS, Homes
from bot.handlers.kit.subscription_cache import Subscribers
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.store.home_tabs import NEWS_SECONDS
from bot.tasks.errands import beside
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.open_tabs import OpenTabs


class Tabs(Neighbourhood):
    """The tabs of somebody who follows a job, and has opened theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Work(self.context)
        self.open = OpenTabs()
        self.homes = Homes(
            Tenants([self.context]), self.context.subscriptions, self.open, self.clock, self.work
        )
        self.homes.keep_true()
        self.subscription = Subscription(
            "s1", "T1", "C1", "org", "run-7", self.clock.now(), subscribers=("U01", "U02")
        )
        self.stored.all["s1"] = self.subscription

    def run(self, progress: float) -> None:
        """The job has come this far."""
        self.jobs.list_of(JobSummary("run-7", "run", JobStatus.RUNNING, "RUNNING", progress=progress))

    def tell(self) -> None:
        """Something about the job is told."""
        subscription = self.subscription
        self.open.told(subscription.team_id, subscription.subscribers, self.clock.now())
        self.context.subscriptions.told(self.subscription)

    async def drawn(self, after: float = 0.0) -> list[str]:
        """Whose tabs have been drawn since this was asked last."""
        for seconds in (0.0, after):
            self.clock.advance(seconds)
            for _ in range(40):
                await asyncio.sleep(0)
        readers = [user_id for method, user_id, _ in self.slack.sent if method == "publish_home"]
        self.slack.sent.clear()
        return readers


@pytest.fixture
async def tabs() -> AsyncIterator[Tabs]:
    """One of the two followers has opened theirs."""
    made = Tabs()
    made.run(10)
    made.homes.show("T1", "U01")
    async with beside(made.homes.run(lambda _: None)):
        assert await made.drawn() == ["U01"]
        made.clock.advance(NEWS_SECONDS)
        yield made


async def test_news_is_drawn_at_once_and_then_once_in_a_while(tabs: Tabs) -> None:
    """For who opened the tab alone, however much is told; the last of it is not lost."""
    tabs.run(11)
    tabs.tell()
    tabs.tell()
    assert await tabs.drawn() == ["U01"]
    for progress in (12, 13):
        tabs.run(progress)
        tabs.tell()
        assert await tabs.drawn(1.0) == []
    assert await tabs.drawn(NEWS_SECONDS) == ["U01"]
    assert await tabs.drawn(NEWS_SECONDS * 10) == []


async def test_what_shows_nothing_new_is_not_drawn(tabs: Tabs) -> None:
    """Such as a message that the suite is away; that the reader follows something else now is new."""
    tabs.tell()
    assert await tabs.drawn() == []
    tabs.stored.all["s2"] = replace(tabs.subscription, id="s2", channel_id="C2")
    tabs.tell()
    assert await tabs.drawn(NEWS_SECONDS) == ["U01"]


async def test_what_the_reader_does_is_drawn_whatever_was_drawn_before(tabs: Tabs) -> None:
    """They look at it, and want to see that it was heard."""
    tabs.run(11)
    tabs.tell()
    assert await tabs.drawn() == ["U01"]
    tabs.context.subscriptions.changed.tell(Subscribers("T1", ("U01", "U02")))
    assert await tabs.drawn() == ["U01"]


@pytest.mark.parametrize("jumped", [-3600.0, 3600.0])
async def test_a_jump_of_the_clock_keeps_no_news_back(tabs: Tabs, jumped: float) -> None:
    """What was drawn an hour from now was drawn now."""
    tabs.clock.jump(jumped)
    assert await tabs.drawn(POLL_SECONDS) == []
    tabs.run(11)
    tabs.tell()
    assert await tabs.drawn(NEWS_SECONDS + POLL_SECONDS) == ["U01"]


async def test_news_that_waits_does_not_hold_up_the_end(tabs: Tabs) -> None:
    """The bot is told to stop: nobody is looking forward to it."""
    tabs.run(11)
    tabs.tell()
    assert await tabs.drawn() == ["U01"]
    tabs.run(12)
    tabs.tell()
    await asyncio.wait_for(tabs.work.drain(10), 1)
    assert await tabs.drawn(NEWS_SECONDS) == []


async def test_a_tab_that_slack_did_not_take_is_drawn_again(tabs: Tabs) -> None:
    """Though nothing new happens: what stands there is not what was to be shown. Later each time."""
    for progress, error in ((11, SlackPassingError("timeout")), (12, SlackLimitedError())):
        tabs.slack.refuses["publish_home"] = error
        tabs.run(progress)
        tabs.tell()
        assert await tabs.drawn() == []
        assert await tabs.drawn(AGAIN_SECONDS) == []  # in vain again
        tabs.slack.refuses.clear()
        assert await tabs.drawn(AGAIN_SECONDS) == []
        assert await tabs.drawn(AGAIN_SECONDS) == ["U01"]
        assert await tabs.drawn(LONGEST_AGAIN_SECONDS) == []


async def test_a_tab_is_drawn_again_as_late_as_slack_says(tabs: Tabs) -> None:
    """It names the seconds."""
    tabs.slack.refuses["publish_home"] = SlackLimitedError(retry_after_seconds=60)
    tabs.homes.show("T1", "U01")
    assert await tabs.drawn() == []
    tabs.slack.refuses.clear()
    assert await tabs.drawn(59) == []
    assert await tabs.drawn(1) == ["U01"]


async def test_what_slack_never_takes_is_not_tried_for_ever(tabs: Tabs) -> None:
    """Such as the tab of somebody who left; whoever opens it gets another try."""
    tabs.slack.refuses["publish_home"] = SlackConversationError("user_not_found")
    tabs.homes.show("T1", "U01")
    assert await tabs.drawn(LONGEST_AGAIN_SECONDS) == []
    assert tabs.slack.asked["publish_home"] == 2
    tabs.slack.refuses.clear()
    tabs.tell()
    assert await tabs.drawn(NEWS_SECONDS) == ["U01"]


@pytest.mark.parametrize("error", [SlackPassingError("timeout"), SlackConversationError("restricted")])
async def test_what_happens_while_a_drawing_fails_is_drawn(tabs: Tabs, error: SlackError) -> None:
    """At once: it is another drawing."""
    gate, publish = asyncio.Event(), tabs.slack.publish_home

    async def fail_late(user_id: str, view: object) -> None:
        del user_id, view
        await gate.wait()
        tabs.slack.publish_home = publish  # type: ignore[method-assign]
        raise error

    tabs.slack.publish_home = fail_late  # type: ignore[assignment, method-assign]
    tabs.context.subscriptions.changed.tell(Subscribers("T1", ("U01",)))
    assert await tabs.drawn() == []
    tabs.context.subscriptions.changed.tell(Subscribers("T1", ("U01",)))
    gate.set()
    assert await tabs.drawn() == ["U01"]
