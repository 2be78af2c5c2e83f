"""People who have left: nobody mentions them, and what they alone followed ends."""

from __future__ import annotations

import pytest

from bot.delivery.people import ASKED_AGAIN_SECONDS, MOST_IN_A_MINUTE, People
from bot.domain.errors import StoreError
from bot.domain.subscriptions.notifications.job_updates import Completed, Failed, Progress
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending
from bot.playground.workspace import GRACE, ME, TRAINING
from tests.delivery.world import World
from tests.store_with import store_with

OPEN, POST = "conversations.open", "chat.postMessage"


def _asked(here: World) -> int:
    return len(here.workspace.calls_of(OPEN))


def _last(here: World) -> str:
    return here.workspace.messages(TRAINING)[-1].text + str(here.workspace.messages(TRAINING)[-1].blocks)


async def test_who_has_left_is_not_mentioned_and_no_longer_follows(here: World) -> None:
    """Of those who stay everything is as before."""
    subscription = await here.opened()
    await here.follow(user_id=GRACE)
    here.workspace.deactivate(GRACE)
    await here.tell("failed", kind=Failed)
    await here.run_for(3)
    assert f"<@{ME}>" in _last(here)
    assert GRACE not in _last(here)
    assert (await here.now(subscription)).subscribers == (ME,)


@pytest.mark.parametrize("kind", [Progress, Failed, Completed])
async def test_what_they_alone_followed_ends(here: World, kind: type[Notification]) -> None:
    """With the next thing that would be told; the card says so, other people's threads go on."""
    alone = await here.opened()
    await here.follow("job-2", user_id=GRACE)
    await here.run_for(2)
    here.workspace.deactivate(ME)
    await here.tell("news", kind=kind)
    await here.tell("news", request_id="job-2")
    await here.run_for(5)
    ended = await here.now(alone)
    assert (ended.ended, ended.subscribers) == (Ending.UNSUBSCRIBED, ())
    assert here.thread(alone) == []
    assert "everyone has unsubscribed" in str(here.card(ended).blocks).lower()
    assert await here.waiting() == []
    [other] = [each for each in here.workspace.messages(TRAINING) if each.is_reply]
    assert other.text.startswith("news")


async def test_nobody_is_asked_about_twice_a_day(here: World) -> None:
    """A message is told at once where everybody is known to be there."""
    await here.opened()
    for _ in range(3):
        await here.tell("news")
        await here.run_for(2)
    assert _asked(here) == 1
    here.clock.advance(ASKED_AGAIN_SECONDS)
    await here.tell("news")
    await here.run_for(2)
    assert _asked(here) == 2


async def test_without_the_scope_everybody_is_there(here: World) -> None:
    """And nobody is asked about again for an hour."""
    subscription = await here.opened()
    here.workspace.scopes.discard("im:write")
    here.workspace.deactivate(ME)
    for _ in range(3):
        await here.tell("news")
        await here.run_for(2)
    assert len(here.thread(subscription)) == 3
    assert _asked(here) == 1


@pytest.mark.parametrize("kind", ["server_error", "rate_limited", "lost", "html"])
async def test_in_doubt_everybody_is_there(here: World, kind: str) -> None:
    """What Slack cannot say just now keeps no message back."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(5, kind, method=OPEN)  # type: ignore[arg-type]
    await here.tell("news")
    await here.run_for(3)
    assert here.thread(subscription) == ["news"]
    assert (await here.now(subscription)).subscribers == (ME,)


async def test_a_database_that_does_not_answer_mentions_them_no_more(here: World) -> None:
    """They are forgotten with the next message."""

    class Failing:
        def __getattr__(self, name: str) -> object:
            return getattr(here.store.subscriptions, name)

        async def forget_user(self, *_: object) -> int:
            raise StoreError

    subscription = await here.opened()
    await here.follow(user_id=GRACE)
    here.workspace.deactivate(GRACE)
    delivery = here.another(store=store_with(here.store, subscriptions=Failing()))
    await here.tell("failed", kind=Failed)
    await here.run_for(3, delivery)
    assert f"<@{ME}>" in _last(here)
    assert GRACE not in _last(here)
    assert (await here.now(subscription)).subscribers == (ME, GRACE)


async def test_questions_are_few(here: World) -> None:
    """People's own commands need Slack's patience, too."""
    people = People(here.clock)
    many = [f"U{number}" for number in range(3 * MOST_IN_A_MINUTE)]
    gone = await here.moving(people.gone(here.slack, many))
    assert len(gone) == _asked(here) == MOST_IN_A_MINUTE
    here.clock.advance(61)
    assert await here.moving(people.gone(here.slack, [ME])) == frozenset()
    assert _asked(here) == MOST_IN_A_MINUTE + 1
