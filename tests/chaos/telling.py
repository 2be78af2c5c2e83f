"""What happens to jobs, and what people have to see of it: each message once, in order, on the right card."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Final, NamedTuple

from bot.domain.subscriptions.subscription import Subscription
from tests.chaos.worker import LEASE_SECONDS, MAX_SECONDS
from tests.chaos.world import World

SLACK_SECONDS: Final = 5.0
"""On the shared clock; what a busy machine may take beyond interval and lease."""
LONGEST_GAP_SECONDS: Final = MAX_SECONDS + LEASE_SECONDS + SLACK_SECONDS
"""Between two looks at a job."""


class Turn(NamedTuple):
    """Something that happens to a job, what is told of it, and what its card says then."""

    status: str
    progress: float
    told: str
    card: str


RUN: Final = (
    Turn("RUNNING", 1.0, "started", "Running"),
    Turn("RUNNING", 26.0, "26%", "26%"),
    Turn("RUNNING", 51.0, "51%", "51%"),
    Turn("RUNNING", 76.0, "76%", "76%"),
    Turn("COMPLETED", 100.0, "completed", "Completed"),
)
_ANOTHER_RUN: Final = (
    Turn("RUNNING", 3.0, "running again", "Running"),
    Turn("RUNNING", 27.0, "27%", "27%"),
    Turn("RUNNING", 52.0, "52%", "52%"),
    Turn("FAILED", 60.0, "failed", "Failed"),
)
_ENDS: Final = frozenset({"completed", "failed"})


def turns(count: int) -> list[Turn]:
    """So many turns of one job, which comes back to life whenever it has ended."""
    return [*RUN, *islice(cycle(_ANOTHER_RUN), max(0, count - len(RUN)))][:count]


def take(world: World, turn: Turn, *request_ids: str) -> None:
    """The jobs take this turn."""
    for request_id in request_ids:
        world.suite.set(request_id, status=turn.status, progress=turn.progress)


async def until_told(world: World, count: int, *followed: Subscription) -> None:
    """Wait until so much was said in each thread, and nothing is to be sent any more."""
    await world.until(lambda: all(len(world.told(each)) >= count for each in followed))
    await world.quiet()


async def check(world: World, taken: Sequence[Turn], *followed: Subscription) -> None:
    """Each turn was told once, in order, in its thread, the ends to the channel too; the card shows the last.

    Nothing waits any more, and nobody lost their subscription.
    """
    assert await world.store.outbox.next_lane_at() is None, world.story()
    assert await world.store.outbox.waiting() == [], world.story()
    for each in followed:
        assert (await world.now(each)).is_active, world.story()
        card, said = world.card(each), world.told(each)
        assert card is not None, world.story()
        assert [told(one.text, taken) for one in said] == [turn.told for turn in taken], world.story()
        assert {one.thread_ts for one in said} <= {each.thread_ts or card.ts}, world.story()
        assert [one.broadcast for one in said] == [turn.told in _ENDS for turn in taken], world.story()
        assert taken[-1].card in str(card.blocks), world.story()


def check_not_early(world: World) -> None:
    """No job was asked about before its time."""
    assert world.observed.looks
    assert not world.observed.early, f"{world.observed.early}\n{world.story()}"


def check_looks(world: World) -> None:
    """No job was asked about before its time, and none was forgotten for longer than a lease."""
    check_not_early(world)
    gap = world.observed.longest_gap()
    assert gap <= LONGEST_GAP_SECONDS, f"{gap:.2f} s between two looks\n{world.story()}"


def told(text: str, taken: Sequence[Turn]) -> str:
    """Which turn a message tells; the message itself where it is none of them."""
    return next((turn.told for turn in taken if turn.told in text), text)
