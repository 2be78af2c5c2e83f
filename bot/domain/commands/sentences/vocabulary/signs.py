"""The words people use, as data: one line for each thing they mean; another word goes to its line.

Words are folded and bare. The longest phrase counts: ``stop following`` is not ``stop``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.commands.sentences.intents import PageAction
from bot.domain.commands.sentences.vocabulary.questions import QUESTIONS
from bot.domain.commands.sentences.vocabulary.talk import TALK
from bot.domain.commands.sentences.vocabulary.updates import UPDATES
from bot.domain.job import JobStatus

STATUS_SIGNS: Final[Mapping[str, tuple[JobStatus, ...]]] = {
    "completed": (JobStatus.COMPLETED,),
    "failed": (JobStatus.FAILED,),
    "running": (JobStatus.RUNNING,),
    "started": (JobStatus.RUNNING,),
    "queued": (JobStatus.QUEUED,),
    "cancelled": (JobStatus.CANCELLED,),
    "active": (JobStatus.QUEUED, JobStatus.RUNNING),
}
"""Signs that are statuses too."""

DEED_SIGNS: Final[Mapping[str, PageAction]] = {
    "cancel": PageAction.CANCEL,
    "restart": PageAction.RESTART,
    "start new": PageAction.START,
    "delete": PageAction.DELETE,
    "change": PageAction.CHANGE,
    "logs": PageAction.LOGS,
    "download": PageAction.DOWNLOAD,
    "pause me": PageAction.PAUSE,
}

SIGNS: Final[Mapping[str, str]] = {**QUESTIONS, **UPDATES, **TALK}
"""By sign, the words and phrases that mean it."""
