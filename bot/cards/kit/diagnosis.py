"""What probably went wrong, and what to change: two lines under an error. Nothing where that is unsure."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from bot.cards.kit.card import Block, section
from bot.cards.kit.card_settings import CardSettings, job_name, short_id_words
from bot.cards.kit.text import cut, label, plain
from bot.cards.kit.timing import ago
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.diagnosis import Diagnosis, diagnose
from bot.domain.history import Earlier
from bot.domain.job import TrainingJob

_LINE_CHARACTERS: Final = 600
_BRIEF_CHARACTERS: Final = 36
_EVIDENCE_CHARACTERS: Final = 300
_SENTENCE_END: Final = re.compile(r"(?<=\.) (?=[A-Z])")


NO_REASON: Final = "Simplismart didn't report a reason."
UNKNOWN_ERROR: Final = "I don't recognize this error:"
WARNING: Final = "⚠️"


class FindingWords(NamedTuple):
    """One class of findings."""

    present: str
    past: str
    brief: str
    """Behind the status, in a line of a list."""


FINDINGS: Final = {
    FindingClass.DIVERGING: FindingWords("Loss is diverging", "But the loss diverged", "diverged"),
    FindingClass.NAN_METRIC: FindingWords(
        "Loss is NaN or infinite", "But the loss ended as NaN or infinite", "loss is no number"
    ),
    FindingClass.PLATEAU: FindingWords(
        "Loss has stopped falling", "But the loss had stopped falling", "loss stopped falling"
    ),
    FindingClass.OVERFITTING: FindingWords(
        "Possible overfitting", "But it may have overfitted", "may overfit"
    ),
    FindingClass.SUSPICIOUSLY_LOW_LOSS: FindingWords(
        "Loss is suspiciously low", "But the loss was suspiciously low", "suspiciously low loss"
    ),
}
"""What the run doctor finds: of a job that runs, and of one that completed all the same."""


def finding_lines(finding: Finding | None, *, is_live: bool, is_alone: bool = False) -> list[str]:
    """What looks wrong in a job's metrics, and what may help; nothing where nothing does. ``mrkdwn``.

    ``is_alone``: nothing before it says how the job ended.
    """
    if finding is None:
        return []
    title = _title(finding, is_live=is_live, is_alone=is_alone)
    mark = f"{WARNING} " if is_live or is_alone else ""
    return [f"{mark}*{title}*: {label(finding.evidence)}", try_line(finding.advice)]


def spoken_finding(finding: Finding | None, *, is_live: bool, is_alone: bool = False) -> str:
    """The same as a sentence, without what may help; escaped, without markup."""
    if finding is None:
        return ""
    evidence = plain(finding.evidence, _EVIDENCE_CHARACTERS, note="…")
    return f"{_title(finding, is_live=is_live, is_alone=is_alone)}: {evidence}."


def _title(finding: Finding, *, is_live: bool, is_alone: bool) -> str:
    words = FINDINGS[finding.name]
    if is_live:
        return words.present
    bare = words.past.removeprefix("But ")
    return bare[:1].upper() + bare[1:] if is_alone else words.past


def diagnosis_of(job: TrainingJob) -> list[Block]:
    """The two lines about a failed job as a paragraph; none where nothing is sure."""
    found = diagnosed(job)
    return [] if found is None else [section("\n".join(cause_lines(found.cause, found.advice)))]


def cause_lines(cause: str, advice: str | None) -> list[str]:
    """What went wrong in bold, and what to try first: two lines of ``mrkdwn`` in black.

    What else can be tried is left to the window with the whole error.
    """
    name, mark, values = _sentence(cause).partition(": ")
    shown = f"*{label(name)}*{mark}{label(values)}"
    return [shown, try_line(advice)] if advice else [shown]


def brief_cause(cause: str) -> str:
    """What went wrong without the job's values, in a few words of ``mrkdwn``."""
    return label(cut(_sentence(cause).partition(": ")[0], _BRIEF_CHARACTERS, note="…"))


def try_line(advice: str) -> str:
    """What to try first; ``mrkdwn``."""
    first = _sentence(advice)
    rest = first.removeprefix("Try ")
    return f"*Try:* {label(rest if rest != first else first[:1].lower() + first[1:])}"


def _sentence(text: str) -> str:
    """The first sentence of one or more, without its full stop."""
    return cut(_SENTENCE_END.split(text, maxsplit=1)[0], _LINE_CHARACTERS, note="…").removesuffix(".")


def same_cause(earlier: Earlier | None, now: datetime, settings: CardSettings) -> str:
    """Where the same error was seen before, as it is true at ``now`` (aware, UTC); empty where it was not."""
    if earlier is None:
        return ""
    name = job_name(earlier.name, earlier.request_id, settings)
    # Many jobs have the same name: where nothing links to the one that is meant, its ID tells.
    is_clear = settings.address(earlier.request_id) or not earlier.name
    which = name if is_clear else f"{name} ({short_id_words(earlier.request_id)})"
    return f"Same cause in {which}, {ago(earlier.at, now)}"


@lru_cache(maxsize=8)  # each keeps its job's document alive, of up to 2 MiB
def diagnosed(job: TrainingJob) -> Diagnosis | None:
    """What the failure doctor says of a job; None where it is unsure.

    Remembered: a long error takes some milliseconds to read, and many ask for a job that has just failed.
    """
    return diagnose(job)
