"""A command's name that may be a job's name too, and jobs that are named behind a command that takes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.cards.answers.did_you_mean import Offer
from bot.domain.commands.command_line import DEFAULT_COMMAND
from bot.domain.commands.readings import meant, readings
from bot.domain.commands.sentences.behind import lone_word, names_only_jobs
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES, Names, names_of
from bot.domain.commands.sentences.reading import NEEDS_JOB, read_sentence
from bot.domain.commands.typed import bare_word, folded
from bot.domain.errors import NothingFitsError, NotUnderstoodError, UnnamedJobError
from bot.domain.listing import JobListing
from bot.handlers.jobs.job_resolver import Listed, Unresolved, settled
from bot.handlers.kit.command import Command, Question
from bot.handlers.kit.context import Context
from bot.handlers.sentences.meant import Here, Meant, Understood
from bot.tasks import aside_if_heavy, weight_of


async def names_in(listing: JobListing | None) -> Names:
    """The names of a list; none where there is no list."""
    if listing is None:
        return NO_NAMES
    return await aside_if_heavy(weight_of(listing), partial(names_of, listing))


def is_called(context: Context, word: str) -> bool:
    """Whether a job of the list at hand is called so; nothing is made of the list for it."""
    listing = context.training_api.recall_jobs()
    name = folded(bare_word(word))
    return listing is not None and any(folded(job.experiment_name or "") == name for job in listing.jobs)


async def job_or_command(
    context: Context, commands: Mapping[str, Command], question: Question, here: Here | None
) -> Understood:
    """A question that is a whole command line; or what it asks of the job that its words name.

    Only the list that is at hand is looked at: no command waits for another.
    """
    command = commands[question.command]
    listing = context.training_api.recall_jobs()
    if question.is_chosen or not question.is_line or command.form.needs_id or listing is None:
        return question
    word = lone_word(question.text)
    if not word and not command.form.takes_words:
        return question
    names = await names_in(listing)
    if command.name == Intent.LIST and not word:
        return await _mine(context, question, listing, names)
    if word:
        return await _named_alike(context, commands, question, here, (word, names))
    if not names_only_jobs(question.text, names):
        return question
    reading = read_sentence(question.text, names)
    listed = Listed(listing.jobs, None, listing)
    found = Meant(context, commands, replace(question, is_line=False), here, listed, names)
    return await found.of(reading, Unresolved(NothingFitsError()))


async def _mine(context: Context, question: Question, listing: JobListing, names: Names) -> Question:
    """``list my alerts``: what somebody gets, where no job fits the words."""
    reading = read_sentence(question.text, names)
    if reading.intent is not Intent.SUBSCRIPTIONS or reading.unknown:
        return question

    def fits_any() -> bool:
        try:
            query = meant(readings(question.words), question.words, listing.jobs, context.clock.now())
        except NotUnderstoodError:
            return False
        return any(query.fits(job, context.clock.now()) for job in listing.jobs)

    if await aside_if_heavy(weight_of(listing), fits_any):
        return question
    return replace(question, command=reading.intent.value, words=reading.words)


async def _named_alike(
    context: Context,
    commands: Mapping[str, Command],
    question: Question,
    here: Here | None,
    said: tuple[str, Names],
) -> Understood:
    """The command, or the job that is called so: whichever is meant less is a button."""
    word, names = said
    yields = commands[question.command].yields_to_jobs
    jobs = names.called(word)
    if jobs and yields:
        asked = replace(question, command=DEFAULT_COMMAND, is_line=False, other=Offer(question.command))
        return settled(context, asked, word, [(job.request_id,) for job in jobs], jobs)
    if jobs:
        (newest, *others) = jobs
        line = f"{DEFAULT_COMMAND} {word if others else newest.request_id}"
        return replace(question, other=Offer(line, f"{DEFAULT_COMMAND} {word}"))
    if yields and here is not None:
        return await _of_the_thread(commands, question, here)
    return question


async def _of_the_thread(commands: Mapping[str, Command], question: Question, here: Here) -> Question:
    """What the word asks of the thread's job, where there is one."""
    reading = read_sentence(question.text, NO_NAMES, in_thread=True)
    if reading.intent not in NEEDS_JOB:
        return question
    command = commands[reading.intent.value]
    try:
        ids = await here(command)
    except UnnamedJobError:
        return question
    words = (reading.aspect.value,) if reading.aspect else ()
    return replace(question, command=command.name, request_ids=ids, words=words)
