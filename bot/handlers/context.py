"""What every command and button gets: the ports, and the few facts that its words need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.help import CommandHelp
from bot.domain.ports import Clock, SlackGateway, TrainingApi


@dataclass(frozen=True, slots=True)
class Context:
    """Built once by `bot.app`; never changes."""

    training_api: TrainingApi
    slack: SlackGateway
    clock: Clock
    slash_command: str
    """As people type it here, such as ``/job``."""
    help: tuple[CommandHelp, ...]
    """One entry for each command, for the help card."""
    new_reference: Callable[[], str]
    """Makes the short text by which a failure a person saw is found in the log."""
