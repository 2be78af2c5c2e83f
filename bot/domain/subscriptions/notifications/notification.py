"""What every notification has, and who can get one. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from bot.domain.subscriptions.subscription import Mode


class Notification(BaseModel):
    """A message to be: one class a kind, with the facts as they were when they were noticed.

    ``once_key`` makes it one of its kind for a subscription, for ever.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    """What the store keeps it under, and the tag by which it is read again."""
    once_key: str
    at: datetime
    """When it was noticed (aware, UTC)."""
    name: str | None = None
    """The experiment's name, without secrets and cut."""

    @property
    def wants_metrics(self) -> bool:
        """Whether what the job has logged belongs to it, where that comes soon."""
        return False

    def to_json(self) -> str:
        """As the outbox keeps it; what is as it would be anyway is left out."""
        return self.model_dump_json(exclude_defaults=True)

    @model_serializer(mode="wrap")
    def _tagged(self, facts: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": self.kind, **facts(self)}


class Copy(NamedTuple):
    """How one subscription gets it."""

    broadcast: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """Which threads get a kind of notification."""

    modes: Collection[Mode]
    broadcast_modes: Collection[Mode] = ()
    """Those of ``modes`` whose channel gets it too, unless the thread is quiet."""
    includes_feed_threads: bool = True
    """Also threads that a feed opened: nobody asked for those."""

    def copy_for(self, mode: Mode, *, is_quiet: bool, is_fed: bool = False) -> Copy | None:
        """How a subscription in this mode gets it; None if it does not.

        Args:
            mode: how much its thread gets.
            is_quiet: nothing is broadcast to its channel.
            is_fed: the channel's feed opened it.
        """
        if mode not in self.modes or (is_fed and not self.includes_feed_threads):
            return None
        return Copy(broadcast=mode in self.broadcast_modes and not is_quiet)


MILESTONES: Final = frozenset({Mode.MILESTONES})
ASKED_FOR_RESULTS: Final = frozenset({Mode.MILESTONES, Mode.FINAL})
SUBSCRIBED: Final = frozenset(Mode) - {Mode.CONDITIONS}
"""Everybody but those who only wait for an alert."""
EVERYBODY: Final = frozenset(Mode)


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind in the registry. How it looks is in `bot.cards.subscriptions.notification`."""

    payload: type[Notification]
    audience: Audience
    is_in_thread: bool = True
    """Whether it stands in a job's thread, and not in the conversation itself."""
    shows_document: bool = False
    """Whether it is drawn from the job's document, and not from facts of its own."""
