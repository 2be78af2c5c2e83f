"""Whether every text that a pattern matches contains a needle: decided by an automaton, not by examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]  (what a pattern is made of has no public name)
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_States = frozenset[int]
"""How many of the needle's characters may just have been read; -1 once all were."""
_FOUND = -1
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
_GROUPS = {codes.SUBPATTERN, codes.ATOMIC_GROUP}
_EMPTY = {codes.AT, codes.ASSERT, codes.ASSERT_NOT}
_MOST_COPIES = 40
"""Of a repetition, after which nothing new is reached: no needle is longer."""


class _Needle:
    """What has been read of a needle, after any character."""

    def __init__(self, needle: str) -> None:
        self._needle = needle

    def step(self, state: int, character: str) -> int:
        """The state after a character; the empty one is any that the needle has not."""
        if state == _FOUND:
            return _FOUND
        read = self._needle[:state] + (character or "\0")
        while not self._needle.startswith(read):
            read = read[1:]
        return _FOUND if read == self._needle else len(read)

    def any_of(self, states: _States, characters: Iterable[str]) -> _States:
        """After one of several characters."""
        several = set(characters)
        return frozenset(self.step(state, each) for state in states for each in several)

    def run(self, tree: Sequence[Any], states: _States) -> _States:
        """After everything that a parsed pattern may match."""
        for code, value in tree:
            states = self._after(code, value, states)
        return states

    def _after(self, code: Any, value: Any, states: _States) -> _States:
        if code in _EMPTY:
            return states
        if code is codes.BRANCH:
            return frozenset().union(*(self.run(each, states) for each in value[1]))
        if code in _GROUPS:
            return self.run(value[3] if code is codes.SUBPATTERN else value, states)
        if code in _REPEATS:
            return self._repeated(value, states)
        # A class, anything but a character, any character at all: each of the needle's own might be meant.
        own = [chr(value)] if code is codes.LITERAL else _literals(value) if code is codes.IN else None
        return self.any_of(states, own if own is not None else ["", *self._needle])

    def _repeated(self, value: Any, states: _States) -> _States:
        least, most, tree = value
        reached = states if least == 0 else frozenset()
        for count in range(1, min(int(most), max(int(least), 0) + _MOST_COPIES) + 1):
            states = self.run(tree, states)
            if count >= least:
                if states <= reached:
                    break
                reached |= states
        return reached


def _literals(members: Sequence[Any]) -> list[str] | None:
    """The characters of a class that names each; None for one with ranges or without some."""
    if all(code is codes.LITERAL for code, _ in members):
        return [chr(value) for _, value in members]
    return None


def always_contains(pattern: re.Pattern[str], needle: str) -> bool:
    """Whether no text can be matched without the needle in what is matched."""
    return _Needle(needle).run(parser.parse(pattern.pattern), frozenset({0})) == {_FOUND}
