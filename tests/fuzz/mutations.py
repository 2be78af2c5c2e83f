"""Valid JSON made odd: a part dropped, retyped, doubled, grown, nested, exchanged, or with odd letters."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

Path = tuple[str | int, ...]
_DROPPED: Final = object()
DEEP: Final = 1_200
"""Deeper than Python reads JSON."""
_LONG: Final = 6_000
_MANY: Final = 300

LETTERS: Final = (
    "\0",
    "\ud83d",
    "\udc00x",
    "\u202e",
    "\u200b\u2060",
    "\x1b[31m",
    "\x85\u2028",
    "\uffff\U0010ffff",
    "<!channel>",
    "<@U0PLAYVIS>",
    "<https://a|b>",
    "`*_~&amp;",
    "\N{LATIN SMALL LETTER DOTLESS I}\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
    "%00%ff",
    "'; DROP TABLE jobs--",
    "{{7*7}}${x}",
    "\r\nSet-Cookie: a=b",
    "\N{ARABIC-INDIC DIGIT THREE}\N{SUPERSCRIPT TWO}",
)
"""Put into what is a text."""
NUMBERS: Final = (
    0,
    -1,
    0.5,
    1e308,
    -1e-320,
    2**31,
    2**53 + 1,
    2**63,
    -(2**64),
    10**400,
    float("nan"),
    float("inf"),
)
"""Put in the place of anything."""
TEXTS: Final = (
    "",
    " ",
    "null",
    "[]",
    "{}",
    "[[]]",
    '{"a":1}',
    "[" * DEEP + "]" * DEEP,
    "-1",
    "1e999",
    "NaN",
    "9" * 5_000,
    "x" * _LONG,
    "x " * _LONG,
    "\N{PERSEVERING FACE}" * 900,
    "../../etc/passwd",
    "http://[::1",
    "https://hooks.slack.com/",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00",
    "9999999999999999.000000",
    *LETTERS,
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change, which can be made to any JSON: its place is counted among the parts that there are."""

    place: int
    how: str
    what: Any = None

    def __call__(self, value: Any) -> Any:
        """``value`` with this change; it is left as it was."""
        changed = copy.deepcopy(value)
        places = list(paths(changed))
        if not places:
            return changed
        path = places[self.place % len(places)]
        return _put(changed, path, CHANGES[self.how](_at(changed, path), self.what, changed))


def mutated(value: Any, changes: Sequence[Mutation]) -> Any:
    """``value`` after all of these."""
    for each in changes:
        value = each(value)
    return value


def mutations(others: Sequence[Any] = ()) -> st.SearchStrategy[tuple[Mutation, ...]]:
    """One to three changes; ``others`` are what belongs somewhere else, put in the place of one's own."""
    odd = st.sampled_from([None, True, False, [], {}, [None], {"": None}, *NUMBERS, *TEXTS, *others])
    place = st.integers(0, 4_000)
    kinds = [
        st.builds(Mutation, place, st.sampled_from(sorted(_WITHOUT))),
        st.builds(Mutation, place, st.just("replace"), odd),
        st.builds(Mutation, place, st.just("letters"), st.sampled_from(LETTERS)),
        st.builds(Mutation, place, st.just("exchange"), place),
    ]
    return st.lists(st.one_of(kinds), min_size=1, max_size=3).map(tuple)


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every part but the whole, also within JSON that is written as a text."""
    inner = _inside(value)
    items: Iterator[tuple[str | int, Any]]
    if isinstance(inner, dict):
        items = iter(inner.items())
    elif isinstance(inner, list):
        items = iter(enumerate(inner[:20]))
    else:
        return
    for key, each in items:
        yield (*at, key)
        yield from paths(each, (*at, key))


def _inside(value: Any) -> Any:
    """What a text that is a JSON object or array says."""
    if isinstance(value, str) and value[:1] in {"{", "["} and len(value) < _LONG:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = _inside(value)[key]
    return value


def _put(value: Any, path: Path, new: Any) -> Any:
    """``value`` with ``new`` there."""
    if not path:
        return new
    inner = _inside(value)
    key = path[0]
    changed = _put(inner[key], path[1:], new)
    if changed is _DROPPED:
        del inner[key]
    else:
        inner[key] = changed
    return json.dumps(inner) if isinstance(value, str) else inner


def _drop(_old: Any, _what: Any, _whole: Any) -> Any:
    return _DROPPED


def _retype(old: Any, _what: Any, _whole: Any) -> Any:
    """The same in another type, as the next version of a server might send it."""
    if isinstance(old, str):
        return {"id": old}
    if isinstance(old, dict):
        return json.dumps(old)
    return list(old) and old[0] if isinstance(old, list) else str(old)


def _double(old: Any, _what: Any, _whole: Any) -> Any:
    return [*old, *old] if isinstance(old, list) else f"{old}{old}" if isinstance(old, str) else [old, old]


def _grow(old: Any, _what: Any, _whole: Any) -> Any:
    if isinstance(old, dict):
        return old | {f"{key}-{n}": each for key, each in tuple(old.items())[:2] for n in range(_MANY)}
    if isinstance(old, list):
        return old * _MANY
    return f"{old} " * (_LONG // (len(str(old)) + 1))


def _nest(old: Any, _what: Any, _whole: Any) -> Any:
    for _ in range(80):
        old = {"a": [old]}
    return old


def _list(old: Any, _what: Any, _whole: Any) -> Any:
    return [old]


def _letters(old: Any, what: Any, _whole: Any) -> Any:
    """In the middle of a text, so that what it begins and ends with stays."""
    text = old if isinstance(old, str) else str(old)
    return text[: len(text) // 2] + what + text[len(text) // 2 :]


def _replace(_old: Any, what: Any, _whole: Any) -> Any:
    return what


def _exchange(_old: Any, what: Any, whole: Any) -> Any:
    places = list(paths(whole))
    return copy.deepcopy(_at(whole, places[what % len(places)]))


_WITHOUT: Final = {
    "drop": _drop,
    "retype": _retype,
    "double": _double,
    "grow": _grow,
    "nest": _nest,
    "list": _list,
}
CHANGES: Final[Mapping[str, Callable[[Any, Any, Any], Any]]] = {
    **_WITHOUT,
    "replace": _replace,
    "letters": _letters,
    "exchange": _exchange,
}
