"""The cache: one question a key at a time, an answer that stays fresh a while, an earlier one on failure."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from cachetools import TLRUCache

from bot.domain.ports import Clock
from bot.tasks.errands import Errands

_Key = TypeVar("_Key")
_Question = TypeVar("_Question")
_Value = TypeVar("_Value")
_Error = TypeVar("_Error", bound=Exception)


class Lasting(NamedTuple):
    """How many seconds an answer spares asking again, and how many it is kept at all."""

    fresh: float
    kept: float


@dataclass(frozen=True, slots=True)
class Answer(Generic[_Value, _Error]):
    """What the last questions gave; the times are the clock's monotonic seconds."""

    asked_at: float
    fresh_until: float
    keep_until: float
    value: _Value | None = None
    """None too where asking failed and no earlier answer stands in."""
    failure: _Error | None = None
    """Why the last question failed. Raise a copy: an error that is raised again and again grows each time."""


@dataclass(frozen=True, slots=True)
class Rules(Generic[_Value, _Error]):
    """In what one cache differs from another."""

    errors: type[_Error]
    """What asking may fail with. Anything else is a bug, raised to whoever waits."""
    value: Callable[[_Value], Lasting]
    failure: Callable[[_Error], Lasting]
    """How long a failure is believed. One that is not kept at all leaves what was known as it was."""
    stand_in: Callable[[_Value, _Error], _Value | None] = lambda value, _: value
    """What an earlier answer gives instead; None where the failure says that it is no longer so."""
    most: int = 1_000
    """Weight that is kept, by ``weigh``; what was not asked for longest goes first."""
    weigh: Callable[[_Value], int] = lambda _: 1


class _Flight(NamedTuple, Generic[_Question, _Value, _Error]):
    question: _Question
    task: asyncio.Task[Answer[_Value, _Error]]


class SingleFlight(Generic[_Key, _Question, _Value, _Error]):
    """The answers to one kind of question, by what it is about.

    However many ask meanwhile, a question is asked once, and it goes on when those who asked are cancelled.

    Args:
        name: what asking is, for the log.
        ask: asks anew about a key; the question is whatever else only asking needs.
        joined: called with the question under way and another for the same key that shares its answer.
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[_Key, _Question], Awaitable[_Value]],
        rules: Rules[_Value, _Error],
        clock: Clock,
        *,
        joined: Callable[[_Question, _Question], None] = lambda *_: None,
    ) -> None:
        self._ask: Callable[[_Key, _Question], Awaitable[_Value]] = ask
        self._rules = rules
        self._monotonic = clock.monotonic
        self._joined = joined
        self._errands = Errands(name, are_awaited=True)
        self._flights: dict[_Key, _Flight[_Question, _Value, _Error]] = {}

        def weight(answer: Answer[_Value, _Error]) -> int:
            return 1 if answer.value is None else min(rules.most, rules.weigh(answer.value))

        self._kept: TLRUCache[_Key, Answer[_Value, _Error]] = TLRUCache(
            rules.most, ttu=_keep_until, timer=clock.monotonic, getsizeof=weight
        )

    def known(self, key: _Key) -> Answer[_Value, _Error] | None:
        """The last answer, fresh or not; never waits."""
        try:
            return self._kept[key]
        except KeyError:
            return None

    def fresh(self, key: _Key) -> Answer[_Value, _Error] | None:
        """The last answer if it is fresh; never waits."""
        known = self.known(key)
        return known if known is not None and self._monotonic() < known.fresh_until else None

    async def get(self, key: _Key, question: _Question) -> Answer[_Value, _Error]:
        """What is fresh, else what is asked for or under way."""
        fresh = self.fresh(key)
        return fresh if fresh is not None else await asyncio.shield(self.ask(key, question))

    async def soon(self, key: _Key, question: _Question, seconds: float) -> Answer[_Value, _Error] | None:
        """As `get`; None where that takes longer than so many seconds. What comes late is known next time."""
        if (fresh := self.fresh(key)) is not None:
            return fresh
        task = self.ask(key, question)
        done, _ = await asyncio.wait([task], timeout=seconds)
        return task.result() if done else None

    def ask(self, key: _Key, question: _Question) -> asyncio.Task[Answer[_Value, _Error]]:
        """The question under way for this key, or a new one. Whoever awaits it must shield it."""
        flight = self._flights.get(key)
        if flight is not None:
            self._joined(flight.question, question)
            return flight.task
        task = self._errands.start(self._fetch(key, question))
        self._flights[key] = _Flight(question, task)
        task.add_done_callback(lambda task: self._is_under_way(key, task) and self._flights.pop(key))
        return task

    def outdate(self, key: _Key) -> None:
        """What is known of this key is no longer fresh."""
        if (known := self.known(key)) is not None:
            self._kept[key] = replace(known, fresh_until=self._monotonic())

    def forget(self, key: _Key) -> None:
        """What is known of this key is no longer so; nor will be what a question under way brings."""
        self._flights.pop(key, None)
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        """The same for every key."""
        self._flights.clear()
        self._kept.clear()

    async def aclose(self, patience_seconds: float = 0.0) -> None:
        """Give the questions under way so long to end, then give them up."""
        await self._errands.aclose(patience_seconds)

    def _is_under_way(self, key: _Key, task: asyncio.Task[Answer[_Value, _Error]] | None) -> bool:
        flight = self._flights.get(key)
        return flight is not None and flight.task is task

    async def _fetch(self, key: _Key, question: _Question) -> Answer[_Value, _Error]:
        """Ask; an error is a value here, so that nobody need wait for it."""
        try:
            value = await self._ask(key, question)
        except self._rules.errors as error:
            answer = self._failed(key, copy.copy(error))
        else:
            now, lasting = self._monotonic(), self._rules.value(value)
            answer = Answer(now, now + lasting.fresh, now + lasting.kept, value)
        if answer.keep_until > answer.asked_at and self._is_under_way(key, asyncio.current_task()):
            self._kept[key] = answer
        return answer

    def _failed(self, key: _Key, error: _Error) -> Answer[_Value, _Error]:
        now, lasting, known = self._monotonic(), self._rules.failure(error), self.known(key)
        value = None if known is None or known.value is None else self._rules.stand_in(known.value, error)
        keep_until = now + lasting.kept
        if known is not None and value is not None:
            keep_until = max(known.keep_until, keep_until)
        return Answer(now, now + lasting.fresh, keep_until, value, error)


def _keep_until(_key: object, answer: Answer[_Value, _Error], _now: float) -> float:
    return answer.keep_until
