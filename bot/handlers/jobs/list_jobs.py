"""``/job list``: the organisation's jobs, newest first, and those that fit what was typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import NamedTuple

from bot.cards.jobs.job_row import outcome_of
from bot.cards.jobs.jobs_list import jobs_list_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.commands.query import Query
from bot.domain.commands.readings import meant, readings
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.times.moments import MOMENTS
from bot.domain.curves.loss_facts import loss_facts, shows_loss
from bot.domain.errors import NotUnderstoodError, TrainingApiError
from bot.domain.job import JobSummary
from bot.handlers.channels.asker_time import local_now
from bot.handlers.kit.command import Command, Place, Question, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.tasks import LIGHT, aside_if_heavy, weight_of


class Wanted(NamedTuple):
    """Which jobs are asked for."""

    queries: Sequence[Query]
    """What ``words`` may mean, the likeliest first."""
    words: Sequence[str] = ()
    otherwise: Query | None = None
    """What they mean in a sentence: that counts where no job fits any of the queries."""

    @property
    def names_a_day(self) -> bool:
        """Whether it counts when a day begins."""
        every = self.queries if self.otherwise is None else (*self.queries, self.otherwise)
        return any({query.since, query.until} & MOMENTS for query in every)


async def page_of(context: Context, place: Place, wanted: Wanted, number: int = 0) -> Card:
    """One page of the jobs that fit what is meant.

    Days begin where the asker is, as far as ``place`` says who that is.

    Raises:
        NotUnderstoodError: no job fits, and the words ask for what is no filter.
        TrainingApiError: there is no list.
    """
    listing = await context.training_api.jobs()
    now = await local_now(context, place) if wanted.names_a_day else context.clock.now()

    # A long list is read in a thread, and the caches are read on the loop alone.
    outcome = partial(_outcome, context) if weight_of(listing) <= LIGHT else _nothing

    def page() -> Card:
        queries, words, otherwise = wanted
        query = meant(queries, words, listing.jobs, now, otherwise=otherwise)
        return jobs_list_card(
            listing,
            query,
            number=number,
            now=now,
            slash_command=context.slash_command,
            settings=context.card_settings,
            outcome=outcome,
        )

    return await aside_if_heavy(weight_of(listing), page)


def _in_own_words(words: Sequence[str]) -> Query | None:
    """What a sentence behind ``list`` asks for, where no filter has all of its words."""
    reading = read_sentence(" ".join(["list", *words]), NO_NAMES)
    is_whole = reading.intent is Intent.LIST and not reading.fixes and not reading.unknown
    return reading.query if is_whole else None


def _nothing(_row: JobSummary) -> str:
    return ""


def _outcome(context: Context, row: JobSummary) -> str:
    """What is at hand of a job, where that is short: a list costs one request, and keeps nobody waiting."""
    seen = context.training_api.recall(row.request_id)
    metrics = context.training_api.recall_metrics(row.request_id)
    if seen is None or seen.job.status is not row.status or weight_of(seen, metrics) > LIGHT:
        return ""
    is_current = metrics is not None and shows_loss(seen.job, metrics, context.clock.now())
    return outcome_of(seen.job, loss_facts(metrics) if metrics and is_current else None)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    try:
        queries = readings(question.words)
        otherwise = _in_own_words(question.words) if queries[0].words else None
        card = await page_of(context, question.place, Wanted(queries, question.words, otherwise))
    except (NotUnderstoodError, TrainingApiError) as error:
        card = failure_card(context, error)
    yield card


COMMAND = Command(
    name="list",
    usage="list [status:failed,running] [model:llama] [since:7d] [words]",
    summary="List jobs, newest first. Filter by status, model, age or name.",
    run=_run,
    changes=reads,
    form=Form(takes_words=True),
)
