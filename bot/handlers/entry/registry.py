"""The one list of commands, and the way from typed words to an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from bot.cards.answers.did_you_mean import with_other_reading
from bot.cards.home.help import CommandHelp
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import DEFAULT_COMMAND
from bot.domain.commands.job_names import read_line
from bot.domain.commands.request_id import is_uuid, words_in
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES
from bot.domain.commands.sentences.reading import may_change, read_sentence
from bot.domain.commands.sentences.words import is_ordinary
from bot.domain.commands.typed import bare_word
from bot.domain.errors import NotUnderstoodError
from bot.domain.ports.monitoring import CommandOutcome
from bot.handlers.channels import digest, feed
from bot.handlers.home import health
from bot.handlers.home import help as help_command
from bot.handlers.jobs import compare, eta, list_jobs, metrics, report, status, why
from bot.handlers.kit.command import Command, Place, Question, measured
from bot.handlers.kit.context import Context
from bot.handlers.rights.checks import as_seen, denial, may_be_instant
from bot.handlers.sentences.job_or_command import is_called
from bot.handlers.sentences.meant import Here, Understood
from bot.handlers.sentences.understanding import understood
from bot.handlers.setup import command as setup_command
from bot.handlers.subscriptions import (
    alert_command,
    pause_command,
    subscribe_command,
    subscription_list,
    unsubscribe_command,
)

COMMANDS: tuple[Command, ...] = (
    status.COMMAND,
    eta.COMMAND,
    why.COMMAND,
    list_jobs.COMMAND,
    metrics.COMMAND,
    compare.COMMAND,
    report.COMMAND,
    subscribe_command.COMMAND,
    alert_command.COMMAND,
    unsubscribe_command.COMMAND,
    subscription_list.COMMAND,
    pause_command.PAUSE,
    pause_command.RESUME,
    feed.COMMAND,
    digest.COMMAND,
    health.COMMAND,
    setup_command.COMMAND,
    help_command.COMMAND,
)


class Dispatch:
    """Reads questions and hands them to the command they name."""

    def __init__(self, commands: Sequence[Command] = COMMANDS) -> None:
        self._listed = tuple(commands)
        self._commands = {name: each for each in commands for name in (each.name, *each.aliases)}
        # Parsing is pure, and people ask the same thing again: the last few hundred lines are kept.
        forms = {name: replace(each.form, name=each.name) for name, each in self._commands.items()}
        self._is_line = lru_cache(maxsize=512)(partial(_is_line, self._commands))
        self._read_line = lru_cache(maxsize=512)(partial(read_line, forms=forms))

    @property
    def help(self) -> tuple[CommandHelp, ...]:
        """What the help card says of each command."""
        names = ((each, each.name == setup_command.COMMAND.name) for each in self._listed)
        return tuple(CommandHelp(each.usage, each.summary, is_setup) for each, is_setup in names)

    def command_of(self, question: Question) -> Command:
        """The command that answers it."""
        return self._commands[question.command]

    def read(self, text: str, place: Place, *, is_private: bool, id_elsewhere: bool = False) -> Question:
        """What ``text`` asks.

        Args:
            text: what was typed, without the slash command or the mention.
            place: who typed it, and where.
            is_private: only the asker will see the answer.
            id_elsewhere: a question without an id is fine: it can be found in the thread.

        Raises:
            NotUnderstoodError: no command, no id where one is needed, or words the command does not take.
        """
        line = self._read_line(text, id_elsewhere=id_elsewhere)
        invocation = line.invocation
        return Question(
            invocation.command,
            invocation.request_ids,
            place,
            invocation.left_out,
            is_private,
            invocation.options,
            invocation.words,
            line.name,
            line.doubt,
            text,
            self._is_line(text, invocation.request_ids),
            id_elsewhere,
            line.group,
        )

    def ask(self, text: str, place: Place, *, is_private: bool, in_thread: bool = False) -> Question:
        """What ``text`` asks, as `read` has it; words that no command takes are a question in doubt."""
        try:
            return self.read(text, place, is_private=is_private, id_elsewhere=in_thread)
        except NotUnderstoodError as error:
            return Question(
                DEFAULT_COMMAND, (), place, is_private=is_private, doubt=error, text=text, in_thread=in_thread
            )

    def refusal(self, context: Context, question: Question) -> NotUnderstoodError | None:
        """What to say at once, where no name of a job could make sense of the words: a slip of the keys."""
        error = question.doubt
        if error is None or question.name or not (words := words_in(question.text)):
            return None
        if len(words) == 1 and is_called(context, words[0]):
            return None
        reading = read_sentence(question.text, NO_NAMES)
        if error.words.startswith("when ") and not reading.condition:
            return error  # no name explains a condition, and nothing is promised without it
        is_slip = reading.intent is Intent.UNCLEAR and not is_ordinary(bare_word(words[0]).lower())
        return error if len(words) == 1 or reading.fixes or is_slip else None

    def has(self, name: str) -> bool:
        """Whether there is a command of this name, or with this alias."""
        return name in self._commands

    def changes(self, question: Question) -> bool:
        """Whether answering it changes something that is stored, or may do so once it is understood."""
        if self.command_of(question).changes(question):
            return True
        return not question.is_line and may_change(question.text)

    def instantly(self, context: Context, question: Question) -> Card | None:
        """The answer if it is known without any I/O."""
        is_alone = len(question.text.split()) <= 1  # an ID needs no command, but is part of a sentence
        is_known = question.doubt is None and (question.is_line or is_alone)
        if not is_known or not may_be_instant(context, question.place):
            return None
        began_at, command = context.clock.monotonic(), self.command_of(question)
        card = command.instantly(context, question)
        if card is not None:
            seconds = context.clock.monotonic() - began_at
            context.measures.commanded(command.name, CommandOutcome.ANSWERED, seconds)
        return card

    async def understood(self, context: Context, question: Question, here: Here | None = None) -> Understood:
        """What it comes to: see `bot.handlers.sentences.understanding.understood`."""
        return await understood(context, self._commands, question, here)

    async def answer(self, context: Context, question: Question) -> AsyncIterator[Card]:
        """The answer, a card at a time, whatever the words are."""
        found = await self.understood(context, question)
        if isinstance(found, Question):
            async for card in self.run(context, found):
                yield card
        else:
            yield found if isinstance(found, Card) else found.card

    async def run(self, context: Context, question: Question) -> AsyncIterator[Card]:
        """The answer to a question that is understood, by somebody who has a right to it.

        Raises:
            StoreError: nobody knows who has.
        """
        command = self.command_of(question)
        denied = await denial(context, question.place, command.right(question), command.name)
        if denied is not None:
            yield denied if question.other is None else with_other_reading(denied, question.other)
            return
        context = await as_seen(context, question.place, for_all=not question.is_private)
        with measured(context, command.name) as measuring:
            async for card in command.run(measuring, question):
                yield card if question.other is None else with_other_reading(card, question.other)


def _is_line(commands: Mapping[str, Command], text: str, request_ids: tuple[str, ...]) -> bool:
    """See `bot.handlers.kit.command.Question.is_line`."""
    words = words_in(text)
    command = commands.get(bare_word(words[0]).lower()) if words else None
    if command is not None:
        return not command.form.is_alone or {bare_word(each).lower() for each in words[1:]} <= {
            *command.form.words
        }
    return bool(request_ids) and all(map(is_uuid, request_ids)) and len(words) == len(request_ids)
