"""What a sentence comes to once it is read: the command that answers it, an answer, or a question back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import structlog

from bot.cards.answers.did_you_mean import did_you_mean_card, no_such_job_card, not_understood_card
from bot.cards.answers.small_talk import greeting_card, not_possible_card, welcome_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import JOB, MAX_REQUEST_IDS
from bot.domain.commands.group_line import GroupAsked
from bot.domain.commands.request_id import is_request_id, is_uuid, stands_out
from bot.domain.commands.sentences.examples import example_questions
from bot.domain.commands.sentences.intents import Intent, Named, Reading
from bot.domain.commands.sentences.lines import line_of
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.reading import NEEDS_JOB
from bot.domain.commands.sentences.slips import near_names
from bot.domain.commands.sentences.words import is_ordinary
from bot.domain.commands.typed import folded
from bot.domain.errors import JobNotFoundError, NotUnderstoodError, TrainingApiError, UnnamedJobError
from bot.handlers.jobs.job_resolver import Listed, Unresolved, settled
from bot.handlers.kit.command import Command, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.sentences.offers import offer, offer_instead, offered, offers_of, with_other
from bot.handlers.sentences.which_job import which_job
from bot.tasks import aside_if_heavy, weight_of

Here = Callable[[Command], Awaitable[tuple[str, ...]]]
"""Finds the jobs of the thread that a command was said in.

Raises:
    UnnamedJobError: there is none; with why.
"""


class Aside(NamedTuple):
    """What nobody but the asker need see."""

    card: Card
    reaction: str = ""
    """An emoji that says as much, where the words stand in a message."""


Understood = Question | Card | Aside

_THUMBS_UP: Final = "+1"
_EXAMPLES: Final = 3
"""In a greeting."""
_WORDS_OF_TALK: Final = 3

_log = structlog.stdlib.get_logger(__name__)


class Meant(NamedTuple):
    """Makes of a reading what it comes to."""

    context: Context
    commands: Mapping[str, Command]
    question: Question
    here: Here | None
    listed: Listed
    names: Names

    async def of(self, reading: Reading, typed: Question | Card | Unresolved) -> Understood:
        """The question, or the answer; ``typed`` is what the words are as a command line."""
        if reading.fixes or reading.intent is Intent.UNCLEAR:
            return self._unclear(reading, typed)
        if reading.intent in {Intent.THANKS, Intent.GREETING, Intent.NOT_POSSIBLE}:
            return self._said_back(reading)
        question = self._question(reading)
        if reading.intent not in NEEDS_JOB or reading.is_group or reading.words == ("all",):
            return question
        try:
            named = await self._jobs(reading, self.commands[question.command])
        except UnnamedJobError as error:
            self._count("no job named")
            asked = which_job(question, self.names, slash_command=self.context.slash_command)
            is_here = self.here is not None
            return failure_card(self.context, error) if is_here or asked is None else Aside(asked)
        return await self._with_ids(question, named, reading)

    def _said_back(self, reading: Reading) -> Card | Aside:
        """What needs no command."""
        if reading.deed is not None:
            self._count(f"not possible: {reading.deed}")
            job = next((named.found[0] for named in reading.jobs if named.found), None)
            nearest = [offer(each) for each in offered(reading.other, reading.more) if line_of(each)]
            return not_possible_card(reading.deed, job, self.context.card_settings, nearest=nearest)
        if reading.intent is Intent.THANKS:
            return Aside(welcome_card(), _THUMBS_UP)
        return greeting_card(example_questions(self.names.jobs)[:_EXAMPLES])

    def _question(self, reading: Reading) -> Question:
        """The question, so far without its jobs."""
        words = [*reading.keys, *reading.words]
        words += [reading.condition] if reading.condition else []
        words += [reading.asked.lower()] if reading.asked else []
        words += [reading.aspect.value] if reading.aspect else []
        words += reading.query.text.split() if reading.intent is Intent.LIST else []
        return replace(
            self.question,
            command=reading.intent.value,
            request_ids=(),
            left_out=0,
            options=reading.options,
            words=tuple(words),
            name="",
            doubt=None,
            group=GroupAsked(reading.query, condition=reading.condition) if reading.is_group else None,
        )

    async def _jobs(self, reading: Reading, command: Command) -> tuple[Named, ...]:
        """Raises UnnamedJobError: none is meant."""
        found = reading.jobs
        if reading.is_latest:
            statuses = reading.query.statuses
            newest = next((job for job in self.names.jobs if not statuses or job.status in statuses), None)
            found = () if newest is None else (Named(newest.request_id, (newest,)),)
        elif reading.is_here and self.here is not None:
            found = (*(Named(each) for each in await self.here(command)), *found)
        if found:
            return found
        line = f"{reading.intent.value} {JOB}"
        raise UnnamedJobError(self.question.text, "Give me a name or an ID.", line)

    async def _with_ids(self, question: Question, named: Sequence[Named], reading: Reading) -> Understood:
        """The question with whole IDs; or which job is meant, where that is not known."""
        ids = [each.found[0].request_id if each.found else each.typed for each in named]
        for place, each in enumerate(named):
            if len(each.found) > 1:
                choices = [(*ids[:place], job.request_id, *ids[place + 1 :]) for job in each.found]
                return settled(self.context, question, each.typed, choices, each.found)
            if not each.found and self.listed.failure is not None and not is_request_id(each.typed):
                return failure_card(self.context, self.listed.failure, each.typed)
            if not each.found and not await self._exists(each.typed):
                return await self.no_such_job(replace(question, request_ids=tuple(ids)), each.typed)
        whole = tuple(dict.fromkeys(ids))
        left_out = max(0, len(whole) - MAX_REQUEST_IDS)
        told = replace(question, request_ids=whole[:MAX_REQUEST_IDS], left_out=left_out)
        return with_other(told, reading)

    async def unlisted(self, question: Question) -> str | None:
        """The one word of a question that is taken for an ID, but that no job has."""
        if len(question.request_ids) != 1 or self.listed.listing is None:
            return None
        (request_id,) = question.request_ids
        is_listed = any(job.request_id == request_id for job in self.listed.jobs)
        return None if is_listed or await self._exists(request_id) else request_id

    async def _exists(self, request_id: str) -> bool:
        """Whether there may be such a job, though it is in no list: Simplismart has the last word."""
        is_known = self.context.training_api.recall(request_id) is not None
        if is_known or is_uuid(request_id) or self.listed.failure is not None:
            return True
        try:
            await self.context.training_api.job(request_id)
        except JobNotFoundError:
            return False
        except TrainingApiError:
            return True
        return True

    async def no_such_job(self, question: Question, typed: str) -> Understood:
        """The jobs that are called nearly as was typed, each with a button that asks the same of it.

        Where there are none the question stays as it is: its command says that there is no such job.
        """
        if is_ordinary(folded(typed)):  # nobody would call a job so
            self._count("nothing understood")
            return Aside(not_understood_card(slash_command=self.context.slash_command))
        self._count("no such job")
        listing = self.listed.listing
        weight = 0 if listing is None else weight_of(listing)
        near = await aside_if_heavy(weight, lambda: near_names(typed, self.names))
        if not near and self._is_remark(typed):
            return Aside(not_understood_card(slash_command=self.context.slash_command))
        if not near:
            return question
        return no_such_job_card(typed, [offer_instead(question, typed, job) for job in near])

    def _is_remark(self, typed: str) -> bool:
        """Whether a lone word that all read is hardly a job's name: "lunch?"."""
        is_read_by_all = not (self.question.is_private or self.question.place.is_dm)
        return is_read_by_all and not stands_out(typed)

    def _unclear(self, reading: Reading, typed: Question | Card | Unresolved) -> Card | Aside:
        """What may be meant, or that nothing was understood."""
        likely = reading if reading.fixes else reading.other
        if likely is not None and likely.intent is Intent.NOT_POSSIBLE:
            return self._said_back(likely)
        if likely is not None and line_of(likely):
            self._count("slip of the keys" if reading.fixes else "words left over")
            return Aside(did_you_mean_card(self.question.text, offers_of(likely, reading.more)))
        self._count("nothing understood")
        if isinstance(typed, Card):
            return typed
        if isinstance(typed, Unresolved) and self.here is None and not self._is_talk(typed):
            card = typed.card(self.context)
            is_read_by_all = not (self.question.is_private or self.question.place.is_dm)
            return Aside(card) if is_read_by_all else card
        return Aside(not_understood_card(slash_command=self.context.slash_command))

    def _is_talk(self, typed: Unresolved) -> bool:
        """Whether so many words that surely name no job hardly were a command line."""
        is_about_words = isinstance(typed.error, UnnamedJobError | NotUnderstoodError)
        return (
            self.listed.failure is None
            and is_about_words
            and len(self.question.text.split()) >= _WORDS_OF_TALK
        )

    def _count(self, kind: str) -> None:
        """Where people are not understood is counted, without what they said."""
        _log.info("not understood", kind=kind, where="thread" if self.here else _where(self.question))


def _where(question: Question) -> str:
    return "command" if question.is_private else "direct message" if question.place.is_dm else "mention"
