"""What every command and button gets: the ports, and the few facts that its words need."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from bot.cards.help import CommandHelp
from bot.domain.errors import StoreError
from bot.domain.ports import Clock, Deliverer, SlackGateway, TrainingApi
from bot.handlers.followings import Followings


class _Unwired:
    async def active(self, *_: Any) -> None:
        raise StoreError

    followed = active


def _unwired() -> Followings:
    return Followings(cast("Any", _Unwired()), cast("Any", SimpleNamespace(monotonic=time.monotonic)))


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
    org_id: str = ""
    """The organisation whose jobs the bot asks about."""
    subscriptions: Followings = field(default_factory=_unwired)
    """The database's subscriptions: ``Followings(store, clock)``."""
    deliverer: Deliverer = None  # type: ignore[assignment]
    wake_watcher: Callable[[], None] = lambda: None
    """A job is watched anew: look now."""
    bot_name: Callable[[], str] = lambda: ""
    """The bot's name in Slack, as people type it behind an ``@``; empty until it is known."""
