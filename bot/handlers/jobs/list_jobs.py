"""``/job list``: the organisation's jobs, newest first, and those that fit what was typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from bot.cards.jobs.jobs_list import jobs_list_card, on_page
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.commands.query import Query
from bot.domain.commands.readings import meant, readings
from bot.domain.commands.search import search
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.times.moments import is_moment
from bot.domain.errors import NotUnderstoodError, TrainingApiError
from bot.domain.job import JobSummary
from bot.handlers.channels.asker_time import local_now
from bot.handlers.jobs.job_rows import facts_of_rows
from bot.handlers.kit.command import Command, Place, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.tasks import aside_if_heavy, weight_of


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
        return any(is_moment(each) for query in every for each in (query.since, query.until))


async def page_of(context: Context, place: Place, wanted: Wanted, number: int = 0) -> Card:
    """One page of the jobs that fit what is meant.

    Days begin where the asker is, as far as ``place`` says who that is.

    Raises:
        NotUnderstoodError: no job fits, and the words ask for what is no filter.
        TrainingApiError: there is no list.
    """
    listing = await context.training_api.jobs()
    now = await local_now(context, place) if wanted.names_a_day else context.clock.now()

    def fitting() -> tuple[Query, Sequence[JobSummary]]:
        queries, words, otherwise = wanted
        query = meant(queries, words, listing.jobs, now, otherwise=otherwise)
        return query, search(query, listing.jobs, now)

    query, found = await aside_if_heavy(weight_of(listing), fitting)
    return jobs_list_card(
        listing,
        query,
        number=number,
        now=now,
        slash_command=context.slash_command,
        settings=context.card_settings,
        facts=await facts_of_rows(context, on_page(found, number)),
        found=found,
    )


def _in_own_words(words: Sequence[str]) -> Query | None:
    """What a sentence behind ``list`` asks for, where no filter has all of its words."""
    reading = read_sentence(" ".join(["list", *words]), NO_NAMES)
    is_whole = reading.intent is Intent.LIST and not reading.fixes and not reading.unknown
    return reading.query if is_whole else None


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
    right=anybody,
    form=Form(takes_words=True),
)
