"""Judges what people were answered: each question once, by whichever process lived to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from bot.playground.workspace.faults import HANG_SECONDS
from bot.slack.answering import LOOK_AFTER_TIMEOUT_SECONDS
from tests.soak.judge import Finding
from tests.soak.people.asking import Asked
from tests.soak.slack import Received

ANSWER_SECONDS: Final = 120.0
"""Within this a process answers a question that only reads: with what it waits for Slack and Simplismart."""
_BEFORE_SECONDS, _AFTER_SECONDS = 0.5, 10.0
"""A process that dies about when it answered had no time to write down that it did."""
_LOOKING_SECONDS: Final = HANG_SECONDS + LOOK_AFTER_TIMEOUT_SECONDS
"""The same later, where Slack took the answer and did not say so: it waits for Slack, then looks. How
long it waits is by the machine's clock, of which the shared one may make more: until Slack hangs up at most.
"""
_MOST_TRIES: Final = 4
"""Calls in a row that Slack refuses, after which nobody can answer."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened to the processes, by their numbers."""

    died_at: Mapping[int, float] = field(default_factory=dict)
    stopped_at: Mapping[int, Sequence[float]] = field(default_factory=dict)

    @property
    def all(self) -> list[float]:
        """When any of them died, or fell asleep."""
        return [at for process in {*self.died_at, *self.stopped_at} for at in self.of(process)]

    def of(self, process: int) -> list[float]:
        """When it died, or fell asleep."""
        died = [self.died_at[process]] if process in self.died_at else []
        return [*self.stopped_at.get(process, ()), *died]


def answers_judged(
    journal: Iterable[Asked], answers: Callable[[Asked], Sequence[Received]], trouble: Trouble
) -> Iterator[Finding]:
    """What is wrong with the answers to what people asked.

    Args:
        journal: all that they asked.
        answers: what Slack received in answer to it, oldest first.
        trouble: what happened to the processes meanwhile.
    """
    for each in journal:
        received = answers(each)
        seen = [each.at] if each.ack_text else []
        seen += [one.at for one in received if one.ts]
        where = f"{each.channel_id} at {each.at:.2f}, {each.words!r}"
        is_once = not each.is_press and not each.goes_on
        if len(seen) > 1 and is_once and not _may_repeat(each, min(seen), received, trouble):
            yield Finding("doubled", f"{where}: answered {len(seen)} times, {_when(each, seen, trouble)}")
        if not seen and each.is_acked and not _was_tried(received) and not _may_be_lost(each, trouble):
            yield Finding("lost", f"{where}: no answer")


def _when(asked: Asked, seen: Sequence[float], trouble: Trouble) -> str:
    """What somebody who looks for the cause has to know: who was asked, who died, and when."""
    words = [f"at {', '.join(f'{at:.2f}' for at in seen)}"]
    for each in asked.attempts:
        words.append(f"process {each.process} had it at {each.at:.2f}")
        words += [f"died or slept at {at:.2f}" for at in trouble.of(each.process)]
    return ", ".join(words)


def _was_tried(received: Sequence[Received]) -> bool:
    """It may have been answered, for all that anybody knows; or Slack took nothing at all."""
    return any(not one.is_refused for one in received) or len(received) >= _MOST_TRIES


def _may_repeat(asked: Asked, first: float, received: Sequence[Received], trouble: Trouble) -> bool:
    """Who had answered it died or fell asleep before that could be written down.

    Anybody may have taken up what changes something, once all who were sent it were in trouble.
    """
    is_unheard = any(each.is_unheard for each in received if each.ts and each.at == first)
    longest = _AFTER_SECONDS + (_LOOKING_SECONDS if is_unheard else 0.0)
    mine = [trouble.of(each.process) for each in asked.attempts]
    is_taken_up = asked.changes and all(min(moments, default=first) < first for moments in mine)
    moments = trouble.all if is_taken_up else chain.from_iterable(mine)
    return any(-_BEFORE_SECONDS <= at - first <= longest for at in moments)


def _may_be_lost(asked: Asked, trouble: Trouble) -> bool:
    """It only reads, and every process that had acknowledged it died before it could answer."""
    acked = [each for each in asked.attempts if each.is_acked]
    died = (trouble.died_at.get(each.process, float("inf")) - each.at for each in acked)
    return not asked.changes and all(0.0 <= seconds <= ANSWER_SECONDS for seconds in died)
