"""Slips of the keys: what a word, or a job's name, may have been meant as. Only ever asked about."""

from __future__ import annotations

from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.vocabulary.plain_words import SLIPS
from bot.domain.commands.typed import folded
from bot.domain.job import JobSummary

_SHORTEST: Final = 4
_SHORT: Final = 7
"""Words up to this length forgive one slip, longer ones two."""
_LEAST_LIKE_NAME: Final = 0.6
_MOST_NEAR: Final = 3
_LONGEST: Final = 80


def meant_by(word: str) -> str:
    """The word that a folded one is a slip away from; empty where there is none."""
    if len(word) < _SHORTEST or not word.isalpha() or len(word) > _LONGEST:
        return ""
    most = 1 if len(word) <= _SHORT else 2
    near = process.extractOne(word, SLIPS, scorer=OSA.distance, score_cutoff=most)
    return near[0] if near and _begins_alike(word, near[0]) else ""


def _begins_alike(word: str, meant: str) -> bool:
    """Whether the first letter is right, or changed places with the second: other slips are too rare."""
    return word[0] == meant[0] or word[:2] == meant[1] + meant[0]


def near_names(typed: str, names: Names) -> tuple[JobSummary, ...]:
    """The jobs whose names are most like what was typed, the likeliest first. Looks at every name."""
    by_folded: dict[str, JobSummary] = {}
    for name, job in names.spellings.items():
        by_folded.setdefault(folded(name), job)
    near = process.extract(
        folded(typed)[:_LONGEST],
        by_folded.keys(),
        scorer=OSA.normalized_similarity,
        limit=_MOST_NEAR,
        score_cutoff=_LEAST_LIKE_NAME,
    )
    return tuple(by_folded[each] for each, *_ in near)
