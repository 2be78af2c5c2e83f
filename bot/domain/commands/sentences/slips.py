"""Slips of the keys: what a word, or a job's name, may have been meant as. Only ever asked about."""

from __future__ import annotations

import difflib
from typing import Final

from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.vocabulary import SLIPS
from bot.domain.commands.typed import folded
from bot.domain.job import JobSummary

_SHORTEST: Final = 4
_LEAST_LIKE: Final = 0.8
_LEAST_LIKE_NAME: Final = 0.6
_MOST_NEAR: Final = 3
_LONGEST: Final = 80


def meant_by(word: str) -> str:
    """The word that a folded one is a slip away from; empty where there is none."""
    if len(word) < _SHORTEST or not word.isalpha() or len(word) > _LONGEST:
        return ""
    near = difflib.get_close_matches(word, SLIPS, 1, _LEAST_LIKE)
    return near[0] if near else ""


def near_names(typed: str, names: Names) -> tuple[JobSummary, ...]:
    """The jobs whose names are most like what was typed, the likeliest first. Looks at every name."""
    by_folded: dict[str, JobSummary] = {}
    for name, job in names.spellings.items():
        by_folded.setdefault(folded(name), job)
    near = difflib.get_close_matches(folded(typed)[:_LONGEST], by_folded, _MOST_NEAR, _LEAST_LIKE_NAME)
    return tuple(by_folded[each] for each in near)
