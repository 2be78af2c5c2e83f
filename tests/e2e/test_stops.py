"""Logs of up to 2 MB are read beside the event loop, whatever they are read for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.cards.kit import actions
from bot.playground.workspace import ME, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.world import World
from tests.stops import watched_stops

LONGEST_STOP_SECONDS = 0.25
"""Reading the longest of these logs on the loop takes more than twice as much. The made-up Slack and training
suite run on the same loop, and one search through the whole log holds the interpreter wherever it runs."""
_SIZES = (105_000, 400_000, 900_000, 1_400_000, 1_900_000)
_POINTS = 20_000
_TRIES = 3
"""What stops the loop does so each time; that a processor is slower for a while it does not."""


def _log(characters: int, number: int) -> str:
    """What many processes say when one of them fails."""
    lines = (
        f"[rank{rank % 64}]: Traceback (most recent call last):\n"
        f'[rank{rank % 64}]:   File "/app/train_{number}.py", line {rank}, in step\n'
        f"[rank{rank % 64}]: RuntimeError: stack expects each tensor to be equal size, but got [{rank}]\n"
        f"2026-03-02 09:00:{rank % 60:02} INFO step {rank} loss=0.{rank} lr=1e-5\n"
        for rank in range(characters // 250)
    )
    return "".join(lines)[:characters]


def _id(number: int) -> str:
    return f"2b1f0c9e-0000-4000-8000-{number:012}"


def _fill(here: World, first: int, sizes: Sequence[int]) -> list[str]:
    """Jobs that failed just now, each with a log."""
    ids = [_id(first + number) for number in range(len(sizes))]
    points = [{"key": "loss", "step": step, "value": 1 + 1 / (step + 1)} for step in range(_POINTS)]
    for number, (request_id, size) in enumerate(zip(ids, sizes, strict=True)):
        here.suite.set(request_id, status="FAILED", error_message=_log(size, first + number))
        here.suite.log(request_id, *points)
    return ids


async def _digest(here: World, ids: Sequence[str]) -> None:
    del ids
    await here.let_pass(20)  # the list is no longer fresh
    assert "Preview" in text_of(await here.ask("digest"))


async def _cards(here: World, ids: Sequence[str]) -> None:
    for request_id in ids:
        await here.ask(request_id)


async def _report(here: World, ids: Sequence[str]) -> None:
    await here.ask(f"report {ids[-1]}")


async def _metrics(here: World, ids: Sequence[str]) -> None:
    await here.ask(f"metrics {ids[-1]}")


async def _compare(here: World, ids: Sequence[str]) -> None:
    await here.ask(f"compare {ids[-1]} {ids[-2]}")


async def _windows(here: World, ids: Sequence[str]) -> None:
    card = await here.ask(ids[-1])
    for action in (actions.DETAILS, actions.FULL_ERROR):
        before = len(here.workspace.calls_of("views.open"))
        await here.choose(card, action)
        await here.soon(lambda before=before: len(here.workspace.calls_of("views.open")) > before)  # type: ignore[misc]


async def _unfurl(here: World, ids: Sequence[str]) -> None:
    page = f"https://training.app.simplismart.ai/jobs/{ids[-1]}"
    message = (await here.workspace.say(TRAINING, ME, page)).message
    assert message is not None
    await here.soon(lambda: here.now(message).unfurls)


async def _followed(here: World, ids: Sequence[str]) -> None:
    """A job that is followed fails: looked at, told, and its card drawn anew."""
    request_id = ids[-1]
    failed = here.suite.document(request_id) or {}
    here.suite.set(request_id, status="RUNNING", progress=10, error_message=None)
    before = len(here.workspace.calls_of("chat.postMessage"))
    await here.slash(f"watch {request_id}")
    await here.soon(lambda: len(here.workspace.calls_of("chat.postMessage")) > before)
    here.suite.set(request_id, status="FAILED", error_message=failed["error_message"])
    edits = len(here.workspace.calls_of("chat.update"))
    await here.pass_until(lambda: len(here.workspace.calls_of("chat.update")) > edits)


@pytest.mark.parametrize(
    "asked",
    [_digest, _cards, _report, _metrics, _compare, _windows, _unfurl, _followed],
    ids=lambda f: f.__name__,
)
async def test_a_long_log_stops_nobody(
    over_http: World, asked: Callable[[World, Sequence[str]], Awaitable[None]]
) -> None:
    """Neither the answer itself nor what goes on behind it."""
    await asked(over_http, _fill(over_http, 100, (2_000,) * 2))  # what is loaded with the first is loaded now
    longest = []
    while not longest or (min(longest) >= LONGEST_STOP_SECONDS and len(longest) < _TRIES):
        ids = _fill(over_http, 200 + 10 * len(longest), _SIZES)
        async with watched_stops() as stops:
            await asked(over_http, ids)
        longest.append(stops.longest_seconds)
    assert min(longest) < LONGEST_STOP_SECONDS, longest
