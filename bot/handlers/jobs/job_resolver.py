"""Ids from what people remember: a part of an id, or a job's name. No command knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import structlog

from bot.cards.jobs.which_one import Choice, which_one_card
from bot.cards.kit.card import Card
from bot.domain.commands.request_id import is_request_id, is_uuid, stands_out
from bot.domain.commands.search import named, resolve
from bot.domain.errors import JobBotError, NothingFitsError, TrainingApiError, UpstreamTimeoutError
from bot.domain.job import JobSummary
from bot.domain.listing import JobListing
from bot.handlers.kit.command import Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card

PATIENCE_SECONDS = 4.0
"""A person waits so long for the list; then what was typed is taken for an id."""

_log = structlog.stdlib.get_logger(__name__)


def is_clear(context: Context, question: Question) -> bool:
    """Whether the ids are ids for sure, so that nothing need be looked up."""
    return question.doubt is None and all(_is_sure(context, each) for each in question.request_ids)


class Listed(NamedTuple):
    """The organization's jobs; none, and why, where they cannot be had soon."""

    jobs: tuple[JobSummary, ...]
    failure: TrainingApiError | None
    listing: JobListing | None = None


class Unresolved(NamedTuple):
    """What was typed names no job that is known."""

    error: JobBotError
    typed: str | None = None
    """The word that should have."""

    def card(self, context: Context) -> Card:
        """Says so."""
        return failure_card(context, self.error, self.typed)


def identified(
    context: Context, question: Question, listed: Listed, *, is_strict: bool = False
) -> Question | Card | Unresolved:
    """The question with whole ids; or a card that asks which job is meant, or that nothing fits.

    Where the list cannot be had, and where nothing in it fits, words stay as they are if they can be ids:
    Simplismart has the last word on what is one.

    Args:
        context: what handlers work with.
        question: as it was read.
        listed: the organization's jobs.
        is_strict: every word was said to name a job. Else one that cannot be an id and is no job's name is
            prose beside those that are.
    """
    jobs, failure, _ = listed
    if question.name:
        # A message for all may be prose that happens to be in some name.
        is_sure = question.doubt is None and all(map(is_request_id, question.request_ids))
        found = named(question.name, jobs, exactly=not question.is_private or is_sure)
        if found:
            return settled(context, question, question.name, [(each.request_id,) for each in found], found)
    if question.doubt is not None:
        return Unresolved(question.doubt)
    return _by_word(context, question, jobs, failure or NothingFitsError(), is_strict=is_strict)


def _by_word(
    context: Context,
    question: Question,
    jobs: Sequence[JobSummary],
    failure: TrainingApiError,
    *,
    is_strict: bool,
) -> Question | Card | Unresolved:
    """``failure``: what is said of a name that no job is known to have."""
    ids = {word: () if _is_sure(context, word) else resolve(word, jobs) for word in question.request_ids}
    has_names = not is_strict and any(found and not is_request_id(word) for word, found in ids.items())
    nameless = [
        word
        for word, found in ids.items()
        if not found and not (is_request_id(word) and (stands_out(word) or not has_names))
    ]
    if nameless and (is_strict or len(nameless) == len(ids)):
        return Unresolved(failure, nameless[0])
    told = {word: found for word, found in ids.items() if word not in nameless}
    whole = [found[0].request_id if found else word for word, found in told.items()]
    for position, (word, found) in enumerate(told.items()):
        if len(found) > 1:
            each_meant = [(*whole[:position], each.request_id, *whole[position + 1 :]) for each in found]
            return settled(context, question, word, each_meant, found)
    return replace(question, request_ids=tuple(dict.fromkeys(whole)))


def settled(
    context: Context,
    question: Question,
    typed: str,
    ids: Sequence[tuple[str, ...]],
    found: Sequence[JobSummary],
) -> Question | Card:
    """The one question left, or the card that lets people choose among several."""
    if len(ids) == 1:
        return replace(question, request_ids=ids[0], left_out=0, name="", doubt=None)
    choices = (
        (job, Choice(question.command, each, question.options, question.words))
        for job, each in zip(found, ids, strict=True)
    )
    return which_one_card(typed, choices, matches=len(ids), slash_command=context.slash_command)


def _is_sure(context: Context, request_id: str) -> bool:
    return is_uuid(request_id) or context.training_api.recall(request_id) is not None


async def jobs_soon(context: Context) -> Listed:
    """The list of jobs, as far as a person waits for it."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            listing = await context.training_api.jobs()
            return Listed(listing.jobs, None, listing)
    except TrainingApiError as error:
        failure = error
    except TimeoutError:
        failure = UpstreamTimeoutError("no list in time")
    _log.info("no list to look for names in", error=type(failure).__name__)
    return Listed((), failure)
