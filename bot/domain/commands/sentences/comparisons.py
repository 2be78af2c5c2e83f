"""Comparisons in words: ``drops below 1.2``, ``at least 80%``, ``less than 30m left``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.commands.sentences.vocabulary.plain_words import METRIC_KEYS, is_filler

_SIGNS: Final[Mapping[str, str]] = {
    "<": "<; below; under; beneath; less than; lower than; smaller than; less; lower; fewer than",
    ">": (
        ">; above; over; more than; greater than; higher than; larger than; bigger than; longer than; "
        "exceeds; exceed; beyond; passes; pass; surpasses; tops; more; greater; higher"
    ),
    ">=": ">=; =>; \u2265; at least; no less than; not less than; or more; minimum",
    "<=": "<=; =<; \u2264; at most; no more than; not more than; not above; up to; maximum; or less; down to",
}
"""By sign, the words for it."""
_REACHING: Final = frozenset({"reaches", "reach", "reached", "hits", "hit", "touches"})
"""A value that is reached: from above where less is better."""
_AT: Final = frozenset({"at", "to", "is", "be"})
_MOVING_WORDS: Final = """
    is are was be goes go going went gets get got getting drops drop dropped dropping falls fall falling
    fell rises rise rising rose becomes become comes come reaches climbs climb jumps jump sinks sink
    stays stay has have grows grow increases decreases value ever even down up the a its it
"""
_MOVING: Final = frozenset(_MOVING_WORDS.split())
"""Stand between a metric and the comparison."""
_LESS_IS_BETTER: Final = ("loss", "perplexity", "ppl", "error", "wer", "cer")
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})(?:e[+-]?\d{1,3})?", re.ASCII)
_DURATION: Final = re.compile(r"(?:\d{1,6}(?:\.\d{1,3})?(?:d|h|hr|hrs|m|min|mins|s|sec))+", re.ASCII)
_UNITS: Final = {
    unit: short
    for short, units in {
        "d": "d day days",
        "h": "h hr hrs hour hours",
        "m": "m min mins minute minutes",
        "s": "s sec secs second seconds",
    }.items()
    for unit in units.split()
}
_KEYS: Final[Mapping[str, str]] = {
    **METRIC_KEYS,
    "gpu hours": "gpu_hours",
    "gpu-hours": "gpu_hours",
    "gpu hrs": "gpu_hours",
    "gpu_hours": "gpu_hours",
    "cost": "cost",
    "costs": "cost",
}
"""What a job has used may be waited for too."""
_WAITS: Final = frozenset({"queued", "waits", "waiting", "waited", "queue", "pending"})
_TAKES: Final = frozenset({"takes", "take", "took", "runs", "run", "ran", "lasts", "last", "running"})
_RUN_TIME: Final = "run time"
"""No condition has it: it is refused, and nothing is promised."""
_CURRENCY: Final = {
    "usd": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "eur": "EUR",
    "euros": "EUR",
    "euro": "EUR",
}
_PERCENT: Final = frozenset({"percent", "per", "%", "pct"})
_PROGRESS: Final = frozenset({"progress", "done", "complete", "finished"})
_TIME_LEFT: Final = frozenset({"eta", "left", "remaining", "remain"})
_HALF: Final = frozenset({"halfway", "half-way", "midway"})


_BEFORE: Final = frozenset({"before", "prior", "ahead"})
_AMOUNTS: Final = {
    "an hour": "1 hour",
    "one hour": "1 hour",
    "half an hour": "30 minutes",
    "a minute": "1 minute",
    "a day": "1 day",
    "two hours": "2 hours",
    "ten minutes": "10 minutes",
}
_FULL: Final = 100.0


class Comparison(NamedTuple):
    """A comparison, and which words say it."""

    key: str
    sign: str
    value: str
    first: int
    after: int
    """The place behind its last word."""

    @property
    def text(self) -> str:
        """As it is typed in signs."""
        return f"{self.key} {self.sign} {self.value}"


class _Value(NamedTuple):
    text: str
    kind: str
    """``%``, ``time`` or empty."""
    used: int


_PHRASES: Final = sorted(
    ((tuple(phrase.split()), sign) for sign, line in _SIGNS.items() for phrase in line.split(";")),
    key=lambda each: -len(each[0]),
)
_FIRST_WORDS: Final = frozenset(phrase[0] for phrase, _ in _PHRASES) | _REACHING | _AT


def find_comparison(
    text_at: Callable[[int], str], typed_at: Callable[[int], str], many: int
) -> Comparison | None:
    """The first comparison with a number among so many words; ``typed_at`` has a metric as it was typed."""
    for place in range(many):
        word = text_at(place)
        is_half = word == "half" and text_at(place + 1) in _PROGRESS
        if is_half or word in _HALF:
            return Comparison("progress", ">=", "50%", place, place + 1 + is_half)
        if word not in _FIRST_WORDS:
            continue
        sign, used = _sign_at(text_at, place)
        value = _value_at(text_at, place + used) if used else None
        if value is None:
            if (late := _key_between(text_at, typed_at, place, place + used)) is not None:
                return late._replace(sign=_direction(sign, late.key))
            continue
        end = place + used + value.used
        key, first, after = _key_of(text_at, typed_at, place, end, value)
        is_moving = word == "to" and text_at(place - 1) in _MOVING - _AT
        if key and not (sign == "reaches" and word in _AT and value.kind != "%" and not is_moving):
            end += value.kind == "%" and text_at(end) in _PROGRESS
            return Comparison(key, _direction(sign, key), value.text, first, max(end, after))
    return None


def _key_between(
    text_at: Callable[[int], str], typed_at: Callable[[int], str], place: int, after: int
) -> Comparison | None:
    """A metric between the comparison and its number: ``drops below eval_loss 1.2``; its sign is empty."""
    for many in (2, 1):
        said = " ".join(text_at(after + each) for each in range(many))
        value = _value_at(text_at, after + many)
        if value is not None and value.kind != "time" and (said in _KEYS or "_" in said):
            first = place
            while first > 0 and text_at(first - 1) in _MOVING:
                first -= 1
            key = _KEYS.get(said) or typed_at(after)
            return Comparison(key, "", value.text, first, after + many + value.used)
    return None


def amount_before(texts: Sequence[str]) -> str:
    """``30 minutes before``, ``10% before`` as the condition that is nearest to it; empty for none."""
    for place, word in enumerate(texts):
        if word in _BEFORE:
            for many in (3, 2, 1):
                if found := _ahead(texts[max(0, place - many) : place]):
                    return found
    return ""


def _ahead(amount: Sequence[str]) -> str:
    said = " ".join(amount)
    told = _AMOUNTS.get(said, said).split()
    value = _value_at(lambda at: told[at] if at < len(told) else "", 0)
    if value is None or value.used != len(told):
        return ""
    if value.kind == "time":
        return f"eta < {value.text}"
    percent = float(value.text.removesuffix("%")) if value.kind == "%" else _FULL
    return f"progress >= {_FULL - percent:g}%" if 0 < percent < _FULL else ""


def _sign_at(text_at: Callable[[int], str], place: int) -> tuple[str, int]:
    for phrase, sign in _PHRASES:
        if all(text_at(place + at) == word for at, word in enumerate(phrase)):
            return sign, len(phrase)
    return "reaches", 1


def _direction(sign: str, key: str) -> str:
    if sign != "reaches":
        return sign
    return "<=" if any(word in key.lower() for word in _LESS_IS_BETTER) else ">="


def _value_at(text_at: Callable[[int], str], place: int) -> _Value | None:
    word, after = text_at(place), text_at(place + 1)
    if _NUMBER.fullmatch(word.removesuffix("%")):
        number = word.removesuffix("%")
        if word.endswith("%"):
            return _Value(f"{number}%", "%", 1)
        if after in _PERCENT:
            return _Value(f"{number}%", "%", 2 + (after == "per"))
        if after in _CURRENCY:
            return _Value(f"{number} {_CURRENCY[after]}", "", 2)
        if after in _UNITS:
            return _Value(f"{number}{_UNITS[after]}", "time", 2)
        return _Value(number, "", 1)
    return _Value(word, "time", 1) if _DURATION.fullmatch(word) else None


def _key_of(
    text_at: Callable[[int], str], typed_at: Callable[[int], str], place: int, end: int, value: _Value
) -> tuple[str, int, int]:
    """The metric, the first of the words that say it, and the place behind the last."""
    near = [text_at(each) for each in (place - 2, place - 1, end, end + 1, end + 2)]
    if value.kind == "time" or (any(word in _TIME_LEFT for word in near) and value.kind != "%"):
        said = {text_at(each) for each in range(max(0, place - 3), place)}
        is_left = any(word in _TIME_LEFT for word in near)
        key = "queued" if said & _WAITS else _RUN_TIME if said & _TAKES and not is_left else "eta"
        return (key, place, end) if value.kind == "time" else ("", place, end)
    before = _known_before(text_at, place)
    if before is not None:
        return before[0], before[1], end
    if value.kind == "%":
        return "progress", place, end
    at = place - 1
    while at > 0 and text_at(at) in _MOVING:
        at -= 1
    word = text_at(at) if at >= 0 else ""
    is_key = word and not is_filler(word) and word not in _PROGRESS and word[0].isalpha()
    if is_key and word not in {"when", "if", "once", "alert", "watch", "subscribe", "follow"}:
        return typed_at(at), at, end
    return ("progress", at, end) if word in _PROGRESS else ("", place, end)


def _known_before(text_at: Callable[[int], str], place: int) -> tuple[str, int] | None:
    """The nearest known metric before the comparison."""
    for at in range(place - 1, -1, -1):
        for many in (2, 1):
            said = " ".join(text_at(at - many + 1 + each) for each in range(many))
            if said in _KEYS:
                return _KEYS[said], at - many + 1
        if text_at(at) == "progress":
            return "progress", at
    return None
