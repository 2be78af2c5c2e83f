"""Tokens right behind letters, as in a metric's name to which somebody pasted one: ``losshf_…``."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_hash, is_random
from bot.domain.redaction.mark import without
from bot.domain.redaction.tokens.prefix import Prefix
from bot.domain.redaction.tokens.prefixes import PREFIXES

_LEAST: Final = 16
_LONG: Final = 30
"""Other ids that are glued to names are shorter, or hashes."""
_NO_WORD_ENDS_SO: Final = re.compile(r".{2,}_|.{6,}-")
"""Unlike ``sk-`` of ``disk-`` and ``sess-`` of ``assess-``."""


def _length(row: Prefix) -> int:
    """How many characters are behind the prefix; 0 for a kind that letters before it make too uncertain."""
    if not _NO_WORD_ENDS_SO.fullmatch(row.prefix):
        return 0
    return row.whole if row.whole >= _LONG else max(_LEAST, row.least) * row.is_sure


_KINDS: Final = tuple(
    (
        row.prefix,
        re.compile(rf"(?<=[A-Za-z0-9]){re.escape(row.prefix)}({row.alphabet}{{{length},}}+)", re.ASCII),
    )
    for row, length in ((row, _length(row)) for row in PREFIXES)
    if length
)
"""Of these kinds the length, or a prefix that no word ends in, tells as much as a word's beginning does."""


def redact_glued(text: str) -> str:
    """``text`` without tokens that letters or digits stand right before."""
    spans = [
        match.span()
        for prefix, pattern in _KINDS
        if prefix in text
        for match in pattern.finditer(text)
        if is_random(match[1], _LEAST) and not is_hash(match[1])
    ]
    return without(text, spans) if spans else text
