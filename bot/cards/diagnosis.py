"""What probably went wrong, and what to change: two lines under an error. Nothing where that is unsure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.cards.card import Block, section
from bot.cards.text import plain
from bot.domain.job import TrainingJob

if TYPE_CHECKING:  # its many patterns take 40 ms to prepare; they are loaded with the first failure
    from bot.domain.diagnosis import Diagnosis

_LINE_CHARACTERS: Final = 600


def diagnosis_of(job: TrainingJob) -> list[Block]:
    """The two lines about a failed job."""
    found = _diagnosed(job)
    return [] if found is None else diagnosis_lines(found.cause, found.advice)


def diagnosis_lines(cause: str | None, advice: str | None) -> list[Block]:
    """The two lines, from what was found before."""
    lines = [plain(text, _LINE_CHARACTERS) for text in (cause, advice) if text]
    return [section("💡 " + "\n".join(lines))] if any(lines) else []


@lru_cache(maxsize=8)  # each keeps its job's document alive, of up to 2 MiB
def _diagnosed(job: TrainingJob) -> Diagnosis | None:
    """A long error takes some milliseconds to read, and everybody asks for a job that has just failed."""
    from bot.domain.diagnosis import diagnose  # noqa: PLC0415  (start-up time, see above)

    return diagnose(job)
