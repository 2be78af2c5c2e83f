"""The quick look for a sign's needle never passes over a text that has the sign."""

from __future__ import annotations

import re

import pytest

from bot.domain.diagnosis.finding import FAILURES
from tests.domain.diagnosis.needles import always_contains

SIGNS = [(failure.name, sign) for failure in FAILURES for sign in failure.signs]


@pytest.mark.parametrize(
    ("pattern", "needle", "expected"),
    [
        ("disk (?:is )?full", "full", True),
        ("disk (?:is )?full", "disk full", False),
        ("(?:quota|limit) exceeded", " exceeded", True),
        ("(?:quota|limit) exceeded", "quota", False),
        ("a{2,3}b", "aab", True),
        ("a{0,3}b", "ab", False),
        (r"\w{1,5}oom", "oom", True),
        ("[abc]", "a", False),
        ("[\"']?x", "x", True),
        ("x|xy", "x", True),
        ("(?:oom|out of memory)", "o", True),
        (r"\bab\b(?!c)", "abc", False),
        ("aabab", "abab", True),
        ("no|", "n", False),
    ],
)
def test_the_proof_tells_them_apart(pattern: str, needle: str, expected: bool) -> None:  # noqa: FBT001
    """Optional parts, repetitions, alternatives, classes."""
    assert always_contains(re.compile(pattern), needle) is expected


def test_every_needle_is_in_everything_its_pattern_matches() -> None:
    """Else a failure goes unseen, and no example would show it."""
    assert len(SIGNS) > 200
    wrong = [
        f"{name}: {sign.needle!r} in {sign.pattern.pattern!r}"
        for name, sign in SIGNS
        if not always_contains(sign.pattern, sign.needle)
    ]
    assert wrong == []


def test_needles_and_patterns_are_in_lower_case() -> None:
    """As what they are looked for in."""
    assert [sign.needle for _, sign in SIGNS if sign.needle != sign.needle.lower()] == []
    assert [sign for _, sign in SIGNS if re.search(r"(?<!\\)[A-Z]", sign.pattern.pattern)] == []
