"""Which job a question is about that named none: asked back, with the likeliest as buttons."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.cards.jobs.which_one import Choice, which_job_card
from bot.cards.kit.card import Card
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import Names
from bot.domain.job import JobStatus
from bot.handlers.kit.command import Question

_LIVE: Final = frozenset({JobStatus.RUNNING, JobStatus.QUEUED})
_LIKELY: Final[Mapping[str, frozenset[JobStatus]]] = {
    Intent.STATUS.value: _LIVE,
    Intent.ETA.value: _LIVE,
    Intent.METRICS.value: frozenset({JobStatus.RUNNING, JobStatus.COMPLETED}),
    Intent.WHY.value: frozenset({JobStatus.FAILED}),
    Intent.REPORT.value: frozenset({JobStatus.COMPLETED}),
    Intent.SUBSCRIBE.value: _LIVE,
    Intent.ALERT.value: _LIVE,
}
"""By command, the jobs that are meant where none is named."""
_MOST: Final = 4


def which_job(question: Question, names: Names, *, slash_command: str) -> Card | None:
    """The card that asks; None where there is no job to choose, or the command is about several."""
    wanted, jobs = _LIKELY.get(question.command), names.jobs
    if wanted is None or not jobs:
        return None
    found = tuple(islice((job for job in jobs if job.status in wanted), _MOST)) or tuple(jobs[:_MOST])
    choices = (
        (job, Choice(question.command, (job.request_id,), question.options, question.words)) for job in found
    )
    return which_job_card(choices, slash_command=slash_command)
