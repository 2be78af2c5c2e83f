"""The loss in a thread: at half of the way, and where the job ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.cards.gallery.metrics import points
from bot.domain.errors import TrainingApiError, UpstreamFailedError
from bot.domain.listing import MetricsSnapshot
from bot.domain.subscriptions.notifications.job_updates import (
    Cancelled,
    Completed,
    Failed,
    Progress,
    Stalled,
)
from bot.domain.subscriptions.notifications.notification import Notification
from bot.playground.workspace import Message
from tests.delivery.world import World


@dataclass
class Logged:
    """What jobs log, or why that cannot be had."""

    here: World
    failure: TrainingApiError | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)
    is_at_hand: bool = False
    """Somebody asked for it lately."""

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """As the port says."""
        self.asked.append((request_id, background))
        if self.failure is not None:
            raise self.failure
        return MetricsSnapshot(tuple(points()), self.here.clock.now())

    def recall_metrics(self, _request_id: str) -> MetricsSnapshot | None:
        """As the port says."""
        return MetricsSnapshot(tuple(points()), self.here.clock.now()) if self.is_at_hand else None


async def _told(
    here: World, logged: Logged, kind: type[Notification], milestone: int | None = None
) -> Message:
    subscription = await here.opened()
    await here.tell("first", kind=kind, milestone=milestone)
    await here.run_for(60, here.another(logged=logged))
    replies = [one for one in here.workspace.messages(subscription.channel_id) if one.is_reply]
    (message,) = replies
    return message


def _kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks or []]


async def test_half_of_the_way_shows_the_loss(here: World) -> None:
    """It is asked for behind everybody who waits."""
    logged = Logged(here)
    message = await _told(here, logged, Progress, 50)
    assert _kinds(message).count("data_visualization") == 1
    assert logged.asked == [("job-1", True)]


@pytest.mark.parametrize("kind", [Completed, Cancelled])
async def test_an_end_says_the_best_value_without_a_chart(here: World, kind: type[Notification]) -> None:
    """A channel gets a few lines; the chart is in the thread."""
    logged = Logged(here)
    message = await _told(here, logged, kind)
    assert "best\u00a0eval" in message.blocks[0]["text"]["text"].lower()
    assert "data_visualization" not in _kinds(message)
    assert logged.asked == [("job-1", True)]


@pytest.mark.parametrize(("kind", "milestone"), [(Progress, 25), (Stalled, None), (Failed, None)])
async def test_other_messages_ask_for_nothing(
    here: World, kind: type[Notification], milestone: int | None
) -> None:
    """A chart each time would be too many."""
    logged = Logged(here)
    assert "data_visualization" not in _kinds(await _told(here, logged, kind, milestone))
    assert logged.asked == []


@pytest.mark.parametrize("is_at_hand", [True, False])
async def test_a_card_says_the_loss_that_is_at_hand(here: World, *, is_at_hand: bool) -> None:
    """Also where it is edited by itself; nothing is asked for."""
    logged = Logged(here, is_at_hand=is_at_hand)
    subscription = await here.follow()
    await here.run_for(5, here.another(logged=logged))
    await here.move(progress=40)
    await here.run_for(60, here.another(logged=logged))
    card = here.card(await here.now(subscription))
    assert "40%" in str(card.blocks)
    assert ("Loss" in str(card.blocks)) is is_at_hand
    assert logged.asked == []


async def test_a_message_is_told_without_curves_that_cannot_be_had(here: World) -> None:
    """The news is worth more than its picture."""
    logged = Logged(here, UpstreamFailedError())
    assert "data_visualization" not in _kinds(await _told(here, logged, Completed))


async def test_a_workspace_without_charts_gets_little_bars_once(here: World) -> None:
    """Also where Slack limits the second try: no chart is tried again then."""
    here.workspace.faults.takes_charts = False
    message = await _told(here, Logged(here), Progress, 50)
    assert "█" in str(message.blocks)
    assert "best" in str(message.blocks)
