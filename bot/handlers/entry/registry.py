"""The one list of commands, and the way from typed words to an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from bot.cards.home.help import CommandHelp
from bot.cards.kit.card import Card
from bot.domain.commands.job_names import read_line
from bot.handlers.channels import digest, feed
from bot.handlers.home import help as help_command
from bot.handlers.jobs import compare, list_jobs, metrics, report, status
from bot.handlers.jobs.job_resolver import identified, is_clear
from bot.handlers.kit.command import Command, Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.subscriptions import (
    alert_command,
    subscribe_command,
    subscription_list,
    unsubscribe_command,
)

COMMANDS: tuple[Command, ...] = (
    status.COMMAND,
    list_jobs.COMMAND,
    metrics.COMMAND,
    compare.COMMAND,
    report.COMMAND,
    subscribe_command.COMMAND,
    alert_command.COMMAND,
    unsubscribe_command.COMMAND,
    subscription_list.COMMAND,
    feed.COMMAND,
    digest.COMMAND,
    help_command.COMMAND,
)


class Dispatch:
    """Reads questions and hands them to the command they name."""

    def __init__(self, commands: Sequence[Command] = COMMANDS) -> None:
        self._listed = tuple(commands)
        self._commands = {name: each for each in commands for name in (each.name, *each.aliases)}
        # Parsing is pure, and people ask the same thing again: the last few hundred lines are kept.
        forms = {name: replace(each.form, name=each.name) for name, each in self._commands.items()}
        self._read_line = lru_cache(maxsize=512)(partial(read_line, forms=forms))

    @property
    def help(self) -> tuple[CommandHelp, ...]:
        """What the help card says of each command."""
        return tuple(CommandHelp(command.usage, command.summary) for command in self._listed)

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
        )

    def has(self, name: str) -> bool:
        """Whether there is a command of this name, or with this alias."""
        return name in self._commands

    def changes(self, question: Question) -> bool:
        """Whether answering it changes something that is stored."""
        return self.command_of(question).changes(question)

    def instantly(self, context: Context, question: Question) -> Card | None:
        """The answer if it is known without any I/O."""
        return None if question.doubt else self.command_of(question).instantly(context, question)

    def answer(self, context: Context, question: Question) -> AsyncIterator[Card]:
        """The answer, a card at a time. Names and parts of ids become ids first."""
        command = self.command_of(question)
        if not command.form.needs_id or is_clear(context, question):
            return command.run(context, question)
        return _answer_named(context, command, question)


async def _answer_named(context: Context, command: Command, question: Question) -> AsyncIterator[Card]:
    form = command.form
    named = await identified(context, question, is_strict=form.only_ids or bool(form.options))
    if isinstance(named, Card):
        yield named
        return
    async for card in command.run(context, named):
        yield card
