"""What probably went wrong, and what to change: two lines under an error. Nothing where that is unsure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from bot.cards.kit.card import Block, context, section
from bot.cards.kit.text import SEPARATOR, code, plain
from bot.cards.kit.timing import ago
from bot.domain.diagnosis import Diagnosis, diagnose
from bot.domain.history import Earlier
from bot.domain.job import TrainingJob

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
    return diagnose(job)


_NAME_CHARACTERS: Final = 200
_ID_CHARACTERS: Final = 300


def earlier_lines(earlier: Earlier | None, now: datetime) -> list[Block]:
    """The line, as it is true at ``now`` (aware, UTC); nothing where there is none to name."""
    if earlier is None:
        return []
    name, request_id = code(earlier.name or "", _NAME_CHARACTERS), code(earlier.request_id, _ID_CHARACTERS)
    if not name and not request_id:
        return []
    told = f"👀 Also seen in {name or request_id} {ago(earlier.at, now)}"
    # Many jobs have the same name: the id tells which one is meant.
    return [context([f"{told}{SEPARATOR}{request_id}" if name and request_id else told])]
