"""Reading a condition as people type it, and as Slack sends it."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bot.domain.commands.conditions.condition import (
    EXAMPLE,
    FALLS,
    NO_BETTER,
    OF_THE_JOB,
    OPERATORS,
    RISES,
    Condition,
)
from bot.domain.commands.conditions.values import Refused, is_number, number, read_value
from bot.domain.commands.typed import as_typed
from bot.domain.errors import NotUnderstoodError
from bot.domain.spelling import one_line

_TYPED_OPERATORS: Final = str.maketrans(
    {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "\uff1c": "<", "\uff1e": ">"}
)
"""What phones and other keyboards make of them."""
_SPELLINGS: Final = {"=<": "<=", "=>": ">="}
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_KEY: Final = re.compile(r"(?:[A-Za-z0-9_]|[^\x00-\x7f\s])(?:[A-Za-z0-9_/.@:-]|[^\x00-\x7f\s]){0,79}")
"""Metrics are called what their authors call them, in any script."""
_SIGN: Final = re.compile(r"[<>=]{1,2}")
_LONGEST_KEY, _LONGEST_VALUE = 200, 60
_QUOTES: Final = " \t`'\"“”\u2018\u2019«»*"
_TRAILING: Final = _QUOTES + ".,;!"
_CHANGES: Final = {
    **dict.fromkeys(("rises", "rise", "grows", "grow", "increases", "increase", "climbs"), RISES),
    **dict.fromkeys(("falls", "fall", "drops", "drop", "decreases", "decrease", "sinks"), FALLS),
}
_CHANGE: Final = re.compile(
    rf"(\S+) ({'|'.join(_CHANGES)})(?: by)? (\S{{1,40}}?) ?(?:%|percent|per cent)", re.IGNORECASE
)
_NO_BETTER: Final = re.compile(
    r"(\S+) (?:(?:is |has |gets )?(?:no better|not better|no improvement|not improved|not improving)"
    r"|(?:does not|doesn['\u2019]t|stops) improv(?:e|ing)) (?:for|in|over|after) (\S{1,40}) steps?",
    re.IGNORECASE,
)
_MOST_PERCENT: Final = 10_000.0
_MOST_STEPS: Final = 1e9
_FULL: Final = 100.0
_cut = partial(one_line, most=80)  # a line on a phone


def read_condition(words: str) -> Condition:
    """The condition that was typed, as Slack sends it.

    Raises:
        NotUnderstoodError: it is none; the reason says what one looks like.
    """
    typed = _typed(words)
    try:
        return _relative(typed) or _comparison(typed)
    except Refused as refused:
        raise NotUnderstoodError(_cut(typed), refused.reason, refused.meant or EXAMPLE) from refused


def _comparison(typed: str) -> Condition:
    parts = _split(typed)
    if parts is None:
        msg = "After `when`, write a metric, one of < > <= >=, and a number."
        raise Refused(msg)
    key, sign, value = (
        parts[0].strip(_QUOTES),
        _SPELLINGS.get(parts[1], parts[1]),
        parts[2].lstrip(_QUOTES).rstrip(_TRAILING),
    )
    if sign not in OPERATORS:
        msg = "The signs I know are < > <= >=."
        raise Refused(msg)
    if is_number(key) and _KEY.fullmatch(value) and not is_number(value):
        key, sign, value = value, _MIRRORED[sign], key
    key = _key(key)
    amount, currency = read_value(key, sign, value)
    return Condition(key, sign, amount, currency)


def _relative(typed: str) -> Condition | None:
    """``eval_loss rises 10%``, ``eval_loss no better for 500 steps``; None for a comparison."""
    if match := _CHANGE.fullmatch(typed):
        key, change, value = _metric(match[1]), _CHANGES[match[2].lower()], number(match[3])
        if value is None or not 0 < value <= (_MOST_PERCENT if change == RISES else _FULL):
            msg = "Say by how much it changes, such as 10%."
            raise Refused(msg, f"{key} {change} 10%")
        return Condition(key, change, value)
    if match := _NO_BETTER.fullmatch(typed):
        key, value = _metric(match[1]), number(match[2].replace(",", ""))
        if value is None or value != int(value) or not 0 < value <= _MOST_STEPS:
            msg = "Say for how many steps, such as 500."
            raise Refused(msg, f"{key} {NO_BETTER} 500 steps")
        return Condition(key, NO_BETTER, value)
    return None


def _metric(typed: str) -> str:
    key = _key(typed.strip(_QUOTES))
    if key in OF_THE_JOB:
        msg = f"`{key}` is not a metric: wait for a value of it."
        raise Refused(msg)
    return key


def _key(typed: str) -> str:
    if not _KEY.fullmatch(typed):
        msg = f"“{_cut(typed)}” can't be the name of a metric."
        raise Refused(msg)
    return typed.lower() if typed.lower() in OF_THE_JOB else typed


def _split(typed: str) -> tuple[str, str, str] | None:
    """What stands before, as and behind the one sign of a comparison."""
    sign = _SIGN.search(typed)
    if sign is None:
        return None
    key, value = typed[: sign.start()].rstrip(), typed[sign.end() :].lstrip()
    is_one = 0 < len(key) <= _LONGEST_KEY and 0 < len(value) <= _LONGEST_VALUE
    return (key, sign[0], value) if is_one and _SIGN.search(value) is None else None


def _typed(words: str) -> str:
    """What the person typed: links as their words, escapes undone once, blanks as one."""
    return " ".join(as_typed(words).translate(_TYPED_OPERATORS).split()).lstrip(_QUOTES).rstrip(_TRAILING)
