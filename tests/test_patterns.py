"""No regular expression takes much longer for longer texts: who writes to the bot writes what they like."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

import pytest

from tests.patterns import Used, all_patterns, hostile_pieces, texts

LENGTHS = (24, 250, 1_000, 4_000, 16_000)
"""Each four times the one before; what is not over at once with the first is never over with the next."""
QUICK_SECONDS = 1e-3
"""What is over so soon cannot have taken a step for every two characters of 4,000."""
LONGEST_SECONDS = 0.5
MOST_TIMES = 8
"""What grows with the length takes 4 times as long for 4 times the length; with its square, 16 times."""
TRIES = 4
"""The least of them counts, by this thread's own CPU time: the machine has other things to do."""

MOST_PIECES = 80
"""Of the texts for one pattern: some have thousands of alternatives."""

PATTERNS = all_patterns()


def seconds(used: Used, text: str, tries: int = 1) -> float:
    """How long the pattern is busy with it."""

    def once() -> float:
        start = time.thread_time()
        used.go_through(text)
        return time.thread_time() - start

    return min(once() for _ in range(tries))


def slow_texts(used: Used) -> Iterator[tuple[str, str, float]]:
    """What keeps it busy for longer than its length explains."""
    for start, more in hostile_pieces(used.pattern, MOST_PIECES):
        for number in range(len(list(texts(start, more, LENGTHS[0])))):
            taken = slow_seconds(used, [list(texts(start, more, length))[number] for length in LENGTHS])
            if taken is not None:
                yield start, more, taken


def slow_seconds(used: Used, growing: Sequence[str]) -> float | None:
    """How long it takes with one of texts that grow, where that is too long; None where none does."""
    taken = 0.0
    for text in growing:
        before, taken = taken, seconds(used, text)
        if taken >= QUICK_SECONDS:
            taken = min(taken, seconds(used, text, TRIES))
        has_grown = before >= QUICK_SECONDS and taken > MOST_TIMES * before
        if has_grown or taken > LONGEST_SECONDS or (text is growing[0] and taken >= QUICK_SECONDS):
            return taken
        # It has been judged once, or is so quick that it cannot grow with the square.
        if before >= QUICK_SECONDS or (text is growing[-2] and taken < QUICK_SECONDS):
            return None
    return None


def test_there_are_patterns_to_look_at() -> None:
    """Those that meet what people type, and those in tables."""
    names = {".".join(each.where.split(".")[-2:]) for each in PATTERNS}
    assert {"mentions._MENTION", "request_id._TOKEN"} <= names
    assert len(PATTERNS) > 100


@pytest.mark.parametrize("pattern", [r"<@[UWB][A-Z0-9]+(?:\|[^>]*)?>", r"(?:a|aa)+b", r"\s*x\s*$"])
def test_a_pattern_that_grows_with_the_square_is_found(pattern: str) -> None:
    """Or worse."""
    assert next(slow_texts(Used("made", re.compile(pattern), "finditer")), None)


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: used.where)
def test_every_pattern_is_done_in_time(used: Used) -> None:
    """The work grows with the length and not with its square, whatever stands there."""
    assert list(slow_texts(used)) == []
