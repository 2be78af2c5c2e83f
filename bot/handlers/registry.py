"""The one list of commands, and the way from typed words to an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import lru_cache, partial

from bot.cards.card import Card
from bot.cards.help import CommandHelp
from bot.domain.command_line import parse
from bot.handlers import help as help_command
from bot.handlers import metrics, status, unwatch, watch, watching
from bot.handlers.command import Command, Place, Question
from bot.handlers.context import Context

COMMANDS: tuple[Command, ...] = (
    status.COMMAND,
    metrics.COMMAND,
    watch.COMMAND,
    unwatch.COMMAND,
    watching.COMMAND,
    help_command.COMMAND,
)


class Dispatch:
    """Reads questions and hands them to the command they name."""

    def __init__(self, commands: Sequence[Command] = COMMANDS) -> None:
        self._commands = {command.name: command for command in commands}
        # Parsing is pure, and people ask the same thing again: the last few hundred lines are kept.
        forms = {command.name: command.form for command in commands}
        self._parse = lru_cache(maxsize=512)(partial(parse, forms=forms))

    @property
    def help(self) -> tuple[CommandHelp, ...]:
        """What the help card says of each command."""
        return tuple(CommandHelp(command.usage, command.summary) for command in self._commands.values())

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
        invocation = self._parse(text, id_elsewhere=id_elsewhere)
        return Question(
            invocation.command,
            invocation.request_ids,
            place,
            invocation.left_out,
            is_private,
            invocation.options,
            invocation.words,
        )

    def instantly(self, context: Context, question: Question) -> Card | None:
        """The answer if it is known without any I/O."""
        return self._commands[question.command].instantly(context, question)

    def answer(self, context: Context, question: Question) -> AsyncIterator[Card]:
        """The answer, a card at a time."""
        return self._commands[question.command].run(context, question)
