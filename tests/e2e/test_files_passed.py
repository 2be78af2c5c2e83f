"""How many files of the bot a question passes: what only passes a call on shows here."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

import bot
from tests.e2e.world import JOB, World

MOST_CACHED, MOST_COLD = 33, 67
"""As many as there are now: later work that adds some says why.

The workspaces' registry added 1 and 1; the loss on a card, and what the run doctor finds in it, 4 and 16;
whether the words are a command line or a sentence, 0 and 1; what is measured, 2 and 2;
the reference of a delivery, 1 and 1; who may do what, 0 and 1.
"""
_ROOT = f"{Path(bot.__file__).parent}/"
_DELIVERY = "SlackDoor.handle"
"""The first function of ours that a delivery calls; all that it begins belongs to the question."""
_SHARED = frozenset({"SingleFlight._fetch", "Together._go", ""})
"""Tasks that work for every question that waits for the same, and callbacks."""

_is_asked: ContextVar[bool] = ContextVar("_is_asked", default=False)


@contextmanager
def _watched() -> Iterator[dict[str, set[str]]]:
    """The files that are called for the question, by the task that calls them."""
    files: dict[str, set[str]] = defaultdict(set)

    def called(frame: FrameType, event: str, _argument: object) -> None:
        path = frame.f_code.co_filename
        if event != "call" or not path.startswith(_ROOT) or path.startswith(f"{_ROOT}playground/"):
            return
        if frame.f_code.co_qualname == _DELIVERY:
            _is_asked.set(True)
        if _is_asked.get():
            files[_task_name()].add(path.removeprefix(_ROOT))

    sys.setprofile(called)
    try:
        yield files
    finally:
        sys.setprofile(None)


def _task_name() -> str:
    """The function that the current task began with; empty outside of any."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return ""
    coroutine = None if task is None else task.get_coro()
    return str(getattr(coroutine, "__qualname__", ""))


def _forget_what_was_read_and_drawn() -> None:
    """Clear every cache of a pure function, so that nothing is left out because it was done before."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):  # noqa: SLF001  (the type has no other name)
            each.cache_clear()


async def test_a_question_passes_few_files(impatient: World) -> None:
    """A card in the cache is the ack itself; one that is not is asked for and sent after it."""
    _forget_what_was_read_and_drawn()
    with _watched() as cold:
        await impatient.ask(JOB)
        await asyncio.sleep(0.1)  # what is written down after the answer
    await impatient.ask(JOB)
    with _watched() as cached:
        assert (await impatient.slash(JOB)).message is not None
    (delivery,) = cached
    answering = set[str]().union(*(found for task, found in cold.items() if task not in {delivery, *_SHARED}))
    on_the_ack = cached[delivery]
    for what, files in (
        ("a cached card", on_the_ack),
        ("a card that is asked for, after its ack", answering),
    ):
        print(f"\n{what}: {len(files)} files: {', '.join(sorted(files))}")  # noqa: T201  (to look at)
    assert len(on_the_ack) <= MOST_CACHED
    assert len(answering) <= MOST_COLD
