"""Buttons that ask what may have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.cards.answers.did_you_mean import Offer
from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.lines import line_of
from bot.domain.job import JobSummary
from bot.handlers.kit.command import Question

_WITH_CONDITION: Final = frozenset({Intent.SUBSCRIBE.value, Intent.ALERT.value})
"""Commands whose words are a condition."""


def offer_instead(question: Question, typed: str, job: JobSummary) -> Offer:
    """The same question of another job, as a command line."""
    words = " ".join(question.words)
    said = f"when {words}" if words and question.command in _WITH_CONDITION else words

    def line(name: str) -> str:
        named = [name if each == typed else each for each in question.request_ids]
        return " ".join(filter(None, [question.command, *named, *sorted(question.options), said]))

    return Offer(line(job.request_id), line(job.experiment_name or job.request_id))


def offered(other: Reading | None, more: Sequence[Reading]) -> Sequence[Reading]:
    """All that may be meant, the likeliest first."""
    return more if other is None else (other, *more)


def offer(reading: Reading) -> Offer:
    """A button that asks what was read."""
    return Offer(line_of(reading), line_of(reading, in_names=True))


def with_other(question: Question, reading: Reading) -> Question:
    """The question, with what else a job's name may ask for."""
    other = reading.other if reading.intent is Intent.STATUS else None
    if other is None or other.unknown or not line_of(other):
        return question
    return replace(question, other=offer(other))


def offers_of(reading: Reading, more: Sequence[Reading] = ()) -> Sequence[Offer]:
    """What may be meant; beside a group of jobs, the one job."""
    other = reading.other if reading.is_group else None
    return [offer(each) for each in (reading, other, *more) if each is not None]
