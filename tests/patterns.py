"""Every regular expression the bot compiles, how it is used, and texts that were made to keep it busy."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]  (what a pattern is made of has no public name)
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import bot

GENERAL = (*"a0 \n-_./<=:\"'A&|@", "a.", "a/", "0-", "a ", "<a|", "a0", "\\n", "<@UA|")
_LONG_REPEAT = 8
_MOST_PREFIX = 200
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "7",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " \n",
    codes.CATEGORY_NOT_SPACE: "a.",
    codes.CATEGORY_WORD: "a0_",
    codes.CATEGORY_NOT_WORD: "-",
}
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


@dataclass(frozen=True)
class Used:
    """A pattern of a module."""

    where: str
    pattern: re.Pattern[str]
    method: str
    """``match`` or ``fullmatch`` where it is used only from a place that is given; else ``finditer``."""

    def go_through(self, text: str) -> None:
        """Do with ``text`` what the bot does with the pattern."""
        if self.method == "finditer":
            for _ in self.pattern.finditer(text):
                pass
        else:
            getattr(self.pattern, self.method)(text)


def all_patterns() -> list[Used]:
    """Those that stand in a module of the bot, also inside its tables."""
    found: dict[tuple[str, int], Used] = {}
    for module in _modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            for pattern in () if name.startswith("__") else _patterns_in(value, set()):
                method = _method(name, source) if pattern is value else "finditer"
                key = (pattern.pattern, pattern.flags)
                if key not in found or method == "finditer":
                    found[key] = Used(f"{module.__name__}.{name}", pattern, method)
    return list(found.values())


def _modules() -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(bot.__path__, "bot."):
        if not each.name.endswith("__main__") and ".migrations" not in each.name:
            yield importlib.import_module(each.name)


def _method(name: str, source: str) -> str:
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", source))
    return used.pop() if used in ({"match"}, {"fullmatch"}) else "finditer"


def _patterns_in(value: object, seen: set[int]) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield from [value] if isinstance(value.pattern, str) else []
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    inside: list[object] = []
    if isinstance(value, dict):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        inside = list(value)
    elif type(value).__module__.startswith("bot") and not isinstance(value, type):
        names = [*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ())]
        inside = [getattr(value, name, None) for name in names]
    for each in inside:
        yield from _patterns_in(each, seen)


def hostile_pieces(pattern: re.Pattern[str], most: int) -> Sequence[tuple[str, str]]:
    """Beginnings of what it finds, and what may go on behind each: the one is tried often, the other long.

    Of very many, some of every kind; always the same.
    """
    pieces = {("", each) for each in GENERAL}
    _Prefixes(pieces).walk(parser.parse(pattern.pattern, pattern.flags), "")
    found = sorted({(start[-_MOST_PREFIX:], more) for start, more in pieces if start or more})
    return found[:: -(-len(found) // most)]


def texts(start: str, more: str, length: int) -> Iterator[str]:
    """Such a piece, of about that length: the beginning once, over and over, and with some of the rest."""
    end = "\x00"
    if more:
        yield start + more * (length // len(more)) + end
    if start:
        for piece in {start, start + more * _LONG_REPEAT}:
            yield piece * (length // len(piece)) + end


class _Prefixes:
    """Collects beginnings of what a pattern finds."""

    def __init__(self, pieces: set[tuple[str, str]]) -> None:
        self._pieces = pieces

    def walk(self, tree: Sequence[Any], start: str) -> str:
        """One text that the whole tree finds behind ``start``."""
        for code, value in tree:
            start = self._step(code, value, start)
            self._pieces.add((start, ""))
        return start

    def _step(self, code: Any, value: Any, start: str) -> str:
        if code in _REPEATS:
            return self._repeat(value, start)
        if code is codes.BRANCH:
            first, *_ = [self.walk(each, start) for each in value[1]]
            return first
        inside = {codes.SUBPATTERN: 3, codes.ASSERT: 1}.get(code)
        if inside is not None or code is codes.ATOMIC_GROUP:
            return self.walk(value if inside is None else value[inside], start)
        return start + _one(code, value)

    def _repeat(self, value: Any, start: str) -> str:
        least, most, tree = value
        once = self.walk(tree, start)[len(start) :]
        if most > _LONG_REPEAT:
            kinds = _letters(tree[0][1]) if len(tree) == 1 and tree[0][0] is codes.IN else [once]
            self._pieces |= {(start, each) for each in kinds if each}
        return start + once * max(1, min(least, 40))


def _one(code: Any, value: Any) -> str:
    """A character it finds, if it is about one."""
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.IN:
        return _letters(value)[0]
    return {codes.ANY: "a", codes.NOT_LITERAL: "a" if value != ord("a") else "b"}.get(code, "")


def _letters(choice: Sequence[Any]) -> list[str]:
    """Some of the characters between square brackets, none of them where these exclude."""
    if choice[0][0] is codes.NEGATE:
        excluded = re.compile("[" + re.escape("".join(_named(choice[1:]))) + "]" if choice[1:] else "(?!)")
        return [each for each in 'a0 -._/:="\n<|~' if not excluded.match(each)][:3]
    return list(dict.fromkeys(_named(choice)))[:3]


def _named(choice: Sequence[Any]) -> Iterator[str]:
    for code, value in choice:
        if code is codes.LITERAL:
            yield chr(value)
        elif code is codes.RANGE:
            yield from (chr(value[0]), chr(value[1]))
        elif code is codes.CATEGORY:
            yield from _CATEGORIES[value]
