"""Values that stand on the lines below their name: YAML's blocks and lists, and what was wrapped."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_hash, is_mixed, is_placeholder, is_prose, is_random
from bot.domain.redaction.named.names import Strength
from bot.domain.redaction.named.values import Span

_INDICATOR: Final = re.compile(r"(?:[|>][-+\d]{0,2})?[ \t]*(?=\n)")
_INDENT: Final = re.compile(r"(?:[ \t]|- |> )*")
_ENTRY: Final = re.compile(r"[ \t]*(?:- +)?(?:[\"']?[\w.-]{1,64}[\"']?:[ \t]+)?(\S+)[ \t]*")
_ONE_WORD: Final = re.compile(r"(?:[ \t]|> |\| ?|- )*([^\s:=]+=*)[ \t\r]*")
_MOST_LINES: Final = 60
_WORD_RANDOM: Final = 8
_ALONE_RANDOM: Final = 20
_WEAK_RANDOM: Final = 16


def find_below(text: str, start: int, strength: Strength) -> Span | None:
    """Where the secret stands whose name ends its line in front of ``start``; None where none does."""
    indicator = _INDICATOR.match(text, start)
    if indicator is None:
        return None
    first = indicator.end() + 1
    base = _indent(text, text.rfind("\n", 0, start) + 1)
    end = _end_of_deeper(text, first, base)
    if end > first and strength is Strength.STRONG:
        lines = text[first:end].split("\n")
        if indicator[0].strip() or _is_data(lines):
            return first + len(lines[0]) - len(lines[0].lstrip()), end
    return _single_word(text, first, strength)


def find_random_below(text: str, start: int) -> Span | None:
    """Where a random word stands that is a whole line below a name; None where there is none."""
    word = _ONE_WORD.match(text, start)
    if word is None or text[word.end() : word.end() + 1] not in {"", "\n"}:
        return None
    return word.span(1) if is_random(word[1], _ALONE_RANDOM) and not is_hash(word[1]) else None


def _indent(text: str, line: int) -> int:
    indent = _INDENT.match(text, line)
    return indent.end() - line if indent else 0


def _end_of_deeper(text: str, first: int, base: int) -> int:
    """Where the last of the lines ends that stand deeper than ``base``."""
    end, line = first, first
    for _ in range(_MOST_LINES):
        stop = text.find("\n", line)
        stop = len(text) if stop < 0 else stop
        content = text[line:stop]
        deeper = len(content) - len(content.lstrip()) > base or content[base:].startswith("- ")
        if content.strip() and not deeper:
            break
        if content.strip():
            end = stop
        line = stop + 1
        if line > len(text):
            break
    return end


def _is_data(lines: list[str]) -> bool:
    """Whether all are entries of YAML with one word each, and one of them may be a secret."""
    values = []
    for line in lines:
        entry = _ENTRY.fullmatch(line)
        if entry is None and line.strip():
            return False
        if entry is not None:
            values.append(entry[1].strip("\"'"))
    return any(
        not is_placeholder(value) and not is_prose(value) and not value.endswith(":") for value in values
    )


def _single_word(text: str, first: int, strength: Strength) -> Span | None:
    word = _ONE_WORD.match(text, first)
    if word is None or text[word.end() : word.end() + 1] not in {"", "\n"}:
        return None
    value = word[1]
    is_secret = is_random(value, _WEAK_RANDOM) or (
        strength is Strength.STRONG
        and (is_random(value, _WORD_RANDOM) or is_mixed(value))
        and not is_placeholder(value)
    )
    return word.span(1) if is_secret else None
