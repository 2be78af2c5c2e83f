"""What a question comes to: a command line as it is typed, or else what people's own words ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cards.kit.card import Card
from bot.domain.commands.command_line import DEFAULT_COMMAND, JOB
from bot.domain.commands.request_id import words_in
from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.sentences.words import is_ordinary
from bot.domain.commands.typed import bare_word
from bot.domain.errors import NothingFitsError, UnnamedJobError
from bot.handlers.jobs.job_resolver import Listed, Unresolved, identified, is_clear, jobs_soon
from bot.handlers.kit.command import Command, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.sentences.job_or_command import job_or_command, names_in
from bot.handlers.sentences.meant import Here, Meant, Understood
from bot.handlers.sentences.offers import with_other


async def understood(
    context: Context, commands: Mapping[str, Command], question: Question, here: Here | None = None
) -> Understood:
    """The question with whole ids, as it was typed or meant; or the card that answers, or asks what is meant.

    Args:
        context: what handlers work with.
        commands: by name and alias.
        question: as it was read.
        here: finds the thread's jobs, where it was said in one.
    """
    command = commands[question.command]
    is_whole = question.doubt is None and (question.is_line or not question.text.strip())
    is_settled = not command.form.needs_id or (question.request_ids and is_clear(context, question))
    if question.group is not None or (is_whole and is_settled):
        return await job_or_command(context, commands, question, here)
    if is_whole and here is not None and not question.request_ids:
        return await _in_thread(context, question, command, here)
    is_sure = question.doubt is None and bool(question.request_ids) and is_clear(context, question)
    listed = Listed((), None) if is_sure else await jobs_soon(context)
    names = await names_in(listed.listing)
    is_private = question.is_private or question.place.is_dm
    reading = read_sentence(question.text, names, in_thread=here is not None, is_private=is_private)
    typed = question if is_sure else _as_typed(context, question, command, listed)
    has_command = _first_word(question.text) in commands
    meant = Meant(context, commands, question, here, listed, names)
    # Behind a command that takes no words a job is named in a sentence.
    is_sentence = has_command and command.form.is_alone and any(named.found for named in reading.jobs)
    if (
        is_sentence
        or isinstance(typed, Unresolved)
        or _is_better(question, typed, reading, has_command=has_command)
    ):
        return await meant.of(reading, typed)
    if isinstance(typed, Card):
        return typed
    unlisted = None if is_sure else await meant.unlisted(typed)
    if unlisted is None:
        return with_other(typed, reading)
    is_read = reading.intent is not Intent.UNCLEAR and all(named.found for named in reading.jobs)
    return await (meant.of(reading, typed) if is_read else meant.no_such_job(typed, unlisted))


def _first_word(text: str) -> str:
    return bare_word(next(iter(words_in(text)), "")).lower()


async def _in_thread(context: Context, question: Question, command: Command, here: Here) -> Question | Card:
    try:
        return replace(question, request_ids=await here(command))
    except UnnamedJobError as error:
        line = " ".join([command.name, JOB, *sorted(question.options)])
        suggestion = None if command.name == DEFAULT_COMMAND else line
        return failure_card(context, UnnamedJobError(question.text, error.reason, suggestion))


def _as_typed(
    context: Context, question: Question, command: Command, listed: Listed
) -> Question | Card | Unresolved:
    form = command.form
    if question.doubt is None and not question.request_ids:  # in a thread, in people's own words
        return Unresolved(NothingFitsError())
    return identified(context, question, listed, is_strict=form.only_ids or bool(form.options))


def _is_better(question: Question, typed: Question | Card, reading: Reading, *, has_command: bool) -> bool:
    """Whether what the words mean in a sentence counts, rather than what they are as a command line."""
    if reading.intent is Intent.UNCLEAR or reading.fixes:
        return False
    has_job = any(named.found for named in reading.jobs)
    has_all = len(reading.jobs) > 1 and all(named.found for named in reading.jobs)
    if reading.is_group or (reading.words == ("all",) and not reading.jobs):
        return True
    if has_command:
        ids = typed.request_ids if isinstance(typed, Question) else ()
        is_told = bool(reading.keys) or any(map(is_ordinary, ids))  # beside the names
        is_told = is_told or (isinstance(typed, Card) and all(len(each.found) == 1 for each in reading.jobs))
        if reading.intent is Intent.COMPARE and (reading.is_here or (is_told and has_all)):
            return True
        return has_job and bool(question.request_ids) and all(map(is_ordinary, question.request_ids))
    if len(words_in(question.text)) == 1:
        return (
            reading.intent is not Intent.STATUS and typed is not question and not _is_an_id(question, typed)
        )
    return reading.intent is not Intent.STATUS or has_job


def _is_an_id(question: Question, typed: Question | Card) -> bool:
    """Whether a lone word is the beginning of a job's ID."""
    word = bare_word(question.text).lower()
    ids = typed.request_ids if isinstance(typed, Question) else ()
    return any(each.lower().startswith(word) and each.lower() != word for each in ids)
