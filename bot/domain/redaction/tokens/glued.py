"""Tokens right behind letters, as in a metric's name to which somebody pasted one: ``losshf_…``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.redaction.looks import is_hash, is_random
from bot.domain.redaction.mark import without
from bot.domain.redaction.tokens.prefix import Prefix
from bot.domain.redaction.tokens.prefixes import PREFIXES

_LEAST: Final = 16
_END: Final = 3
_MOST: Final = 400
_LONG: Final = 30
"""Other ids that are glued to names are shorter, or hashes."""
_NO_WORD_ENDS_SO: Final = re.compile(r".{2,}_|.{6,}-")
"""Unlike ``sk-`` of ``disk-`` and ``sess-`` of ``assess-``."""


def _length(row: Prefix) -> int:
    """How many characters are behind the prefix; 0 for a kind that letters before it make too uncertain."""
    if not _NO_WORD_ENDS_SO.fullmatch(row.prefix):
        return 0
    return row.whole if row.whole >= _LONG else max(_LEAST, row.least) * row.is_sure


class _Kind(NamedTuple):
    prefix: str
    body: re.Pattern[str]
    """As much of what comes behind as tells; bounded, as it may be tried at every few characters."""
    rest: re.Pattern[str]


def _kinds() -> Mapping[str, Sequence[_Kind]]:
    """The kinds by how their prefixes end."""
    kinds: dict[str, list[_Kind]] = defaultdict(list)
    for row in PREFIXES:
        if length := _length(row):
            body = re.compile(rf"{row.alphabet}{{{length},{_MOST}}}+", re.ASCII)
            rest = re.compile(rf"{row.alphabet}*+", re.ASCII)
            kinds[row.prefix[-_END:]].append(_Kind(row.prefix, body, rest))
    return kinds


_KINDS: Final = _kinds()
"""Of these kinds the length, or a prefix that no word ends in, tells as much as a word's beginning does."""
_SEPARATOR: Final = re.compile(rf"[_-](?=[\w.=-]{{{_LEAST}}})", re.ASCII)
"""What every prefix ends in, before as many characters as the shortest kind has."""


def redact_glued(text: str) -> str:
    """``text`` without tokens that letters or digits stand right before."""
    spans: list[tuple[int, int]] = []
    for found in _SEPARATOR.finditer(text):
        end = found.end()
        kinds = _KINDS.get(text[end - _END : end])
        if kinds and (not spans or end > spans[-1][1]):
            spans += _span(text, end, kinds)
    return without(text, spans) if spans else text


def _span(text: str, end: int, kinds: Sequence[_Kind]) -> Iterator[tuple[int, int]]:
    """Where the token is whose prefix ends here, if there is one."""
    for kind in kinds:
        start = end - len(kind.prefix)
        before = text[start - 1] if start > 0 and text.startswith(kind.prefix, start) else ""
        body = kind.body.match(text, end) if before.isascii() and before.isalnum() else None
        if body is not None and is_random(body[0], _LEAST) and not is_hash(body[0]):
            rest = kind.rest.match(text, body.end())
            yield start, rest.end() if rest else body.end()
            return
