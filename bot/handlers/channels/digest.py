"""``/job digest``: what the organisation's jobs did, once a day or once a week."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from bot.cards.channels.digest_plan import (
    digest_ended_card,
    digest_off_card,
    digest_on_card,
    digest_set_card,
    digest_state_card,
    no_digest_card,
)
from bot.cards.kit.card import Card
from bot.domain.audit import Action, Result
from bot.domain.channels.digest import Digest, DigestPlan, Period
from bot.domain.channels.digesting import SETTLED, Findings, ended_rows, make_digest, told_ids
from bot.domain.channels.schedule import next_time, span
from bot.domain.commands.command_line import Form
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.typed import bare_word
from bot.domain.errors import NotUnderstoodError, StoreError, TrainingApiError
from bot.domain.history import FinishedJob, finished_job, is_known
from bot.domain.job import JobStatus, JobSummary
from bot.handlers.audit import record
from bot.handlers.channels.announcement import tell_all
from bot.handlers.channels.asker_time import zone_name
from bot.handlers.channels.schedule_line import Schedule, read_schedule
from bot.handlers.channels.time_zones import zone
from bot.handlers.kit.command import Command, Place, Question, changes_with_words, to_switch
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, destination
from bot.handlers.kit.failures import failure_card
from bot.tasks import aside_if_heavy, weight_of

_OFF: Final = "off"
_MOST_FETCHED: Final = 10
"""Jobs whose documents are asked for, so that the preview can tell why they failed."""

_log = structlog.stdlib.get_logger(__name__)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    try:
        yield await _answer(context, question)
    except (NotUnderstoodError, StoreError, TrainingApiError) as error:
        yield failure_card(context, error)


async def _answer(context: Context, question: Question) -> Card:
    place, words = question.place, question.words
    if not words:
        return await _state(context, place)
    if bare_word(words[0]).lower() == _OFF:
        if any(map(bare_word, words[1:])):
            said = " ".join(["digest", *words])
            raise NotUnderstoodError(said, "`digest off` takes no more words.", f"digest {_OFF}")
        return await _switch_off(context, place)
    meant = read_sentence(" ".join(["digest", *words]), NO_NAMES)
    if meant.intent is Intent.DIGEST and meant.words == (_OFF,):
        return await _switch_off(context, place)
    default_zone = await zone_name(context, place)
    schedule = await asyncio.to_thread(_schedule, words, meant.words, default_zone)
    return await _switch_on(context, place, schedule)


def _schedule(words: Sequence[str], meant: Sequence[str], default_zone: str) -> Schedule:
    """As it was typed, or else as it is meant: without a period, or in other words for one.

    Raises:
        NotUnderstoodError: it is no schedule either way.
    """
    try:
        return read_schedule(words, default_zone)
    except NotUnderstoodError as error:
        try:
            return read_schedule(meant, default_zone)
        except NotUnderstoodError:
            raise error from None


async def _switch_on(context: Context, place: Place, schedule: Schedule) -> Card:
    """Raises StoreError: the database did not take it."""
    again = f"{context.slash_command} {schedule.words}"
    where = await destination(context, replace(place, thread_ts=None))
    if not isinstance(where, Destination):
        return where.card_for_all(context, place, again)
    before = await context.digests.digest(place.team_id, place.channel_id, context.org_id)
    plan = _planned(context, place, schedule, before)
    is_new = await context.digests.set_digest(plan)
    told = digest_set_card(plan, is_new=is_new, slash_command=context.slash_command)
    is_as_before = before is not None and schedule == Schedule(
        before.period, before.at_minutes, before.time_zone
    )
    refused = None if is_as_before else await tell_all(context, place, told)
    if refused is not None:
        await context.digests.drop_digest(place.team_id, place.channel_id, context.org_id)
        await record(context, place, Action.DIGEST_ON, schedule.words, Result.FAILED)
        return refused.card_for_all(context, place, again)
    await record(context, place, Action.DIGEST_ON, schedule.words)
    context.wake_watcher()
    return digest_on_card(plan, slash_command=context.slash_command)


def _planned(context: Context, place: Place, schedule: Schedule, before: DigestPlan | None) -> DigestPlan:
    """The first digest covers a whole day or week; one that is changed goes on where the last one ended."""
    next_at = next_time(schedule.period, schedule.at_minutes, zone(schedule.time_zone), context.clock.now())
    return DigestPlan(
        team_id=place.team_id,
        channel_id=place.channel_id,
        org_id=context.org_id,
        user_id=place.user_id,
        period=schedule.period,
        at_minutes=schedule.at_minutes,
        time_zone=schedule.time_zone,
        next_at=next_at,
        since=next_at - span(schedule.period) if before is None else before.since,
    )


async def _switch_off(context: Context, place: Place) -> Card:
    """Raises StoreError: the database did not take it."""
    plan = await context.digests.drop_digest(place.team_id, place.channel_id, context.org_id)
    if plan is None:
        return no_digest_card(context.slash_command)
    await record(context, place, Action.DIGEST_OFF)
    told = digest_off_card(plan, place.user_id)
    await tell_all(context, place, told)
    return digest_ended_card()


async def _state(context: Context, place: Place) -> Card:
    """What is set here, and what the digest would be now.

    Raises:
        StoreError: the database does not answer.
        TrainingApiError: Simplismart does not say what runs.
    """
    plan = await context.digests.digest(place.team_id, place.channel_id, context.org_id)
    period = Period.DAILY if plan is None else plan.period
    return digest_state_card(
        plan,
        period,
        await _preview(context, period),
        slash_command=context.slash_command,
        time_zone=context.time_zone,
        settings=context.card_settings,
    )


async def _preview(context: Context, period: Period) -> Digest | None:
    listing = await context.training_api.jobs()
    until = context.clock.now()
    since = until - span(period)
    rows = list(ended_rows(listing.jobs, since, until))
    recorded = dict(await context.history.recorded(context.org_id, [row.request_id for row in rows]))
    fresh = [row for row in rows if not is_known(row, recorded)]
    # Why a job failed is what people want to know first.
    fresh.sort(key=lambda row: row.status is not JobStatus.FAILED)
    recorded |= await _record(context, fresh[:_MOST_FETCHED])
    finished = await context.history.finished(context.org_id, since, until + SETTLED)
    # An earlier list says nothing of what runs now.
    found = Findings(finished, None if listing.failure else listing.jobs, recorded)
    ids = told_ids(found, since, until)
    found = replace(found, standing=await context.metrics_checks.standing_findings(context.org_id, ids))
    return await aside_if_heavy(
        weight_of(listing, tuple(finished)),
        lambda: make_digest(context.org_id, period, since, until, found),
    )


async def _record(context: Context, rows: Sequence[JobSummary]) -> Mapping[str, datetime]:
    """Have these remembered, with what their documents say; returns until when those are known."""
    ended = await asyncio.gather(*(_ended(context, row) for row in rows))
    known = [each for each in ended if each is not None]
    await context.history.record(known)
    return {each.request_id: each.known_until for each in known}


async def _ended(context: Context, row: JobSummary) -> FinishedJob | None:
    try:
        job = (await context.training_api.job(row.request_id)).job
    except TrainingApiError as error:
        _log.info("previewed by its row", request_id=row.request_id, error=error.code, detail=error.detail)
        return None
    answers, now = row.updated_at if job.updated_at is None else None, context.clock.now()
    return await aside_if_heavy(
        weight_of(job),
        lambda: finished_job(context.org_id, row.request_id, job, now, answers=answers),
    )


COMMAND = Command(
    name="digest",
    usage="digest [daily|weekly 09:00 [timezone]|off]",
    summary="Post a daily or weekly summary to this channel.",
    run=_run,
    changes=changes_with_words,
    right=to_switch,
    form=Form(takes_words=True),
    is_personal=True,
)
