"""Things Slack hands out that work for a while: triggers, response URLs, websocket tickets.

Source: https://docs.slack.dev/interactivity/handling-user-interaction (a response URL serves 5 times within
30 minutes; a trigger is used once, within 3 seconds).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.domain.ports import Clock
from bot.playground.workspace.refusal import refuse

TRIGGER_SECONDS: Final = 3.0
RESPONSE_URL_SECONDS: Final = 1800.0
RESPONSE_URL_USES: Final = 5
LINK_SECONDS: Final = 30.0

_MOST_TICKETS = 10_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a response URL answers to."""

    channel_id: str
    user_id: str
    message_ts: str | None = None
    """The message whose button was pressed; None for a slash command."""


@dataclass(slots=True)
class _Ticket(Generic[_T]):
    value: _T
    made_at: float
    uses: int = 0


class Tickets(Generic[_T]):
    """Tickets of one kind, each good for ``most_uses`` within ``seconds``; the oldest are forgotten."""

    def __init__(self, clock: Clock, prefix: str, seconds: float, most_uses: int) -> None:
        self._clock = clock
        self._prefix = prefix
        self._seconds = seconds
        self._most_uses = most_uses
        self._made = 0
        self._tickets: OrderedDict[str, _Ticket[_T]] = OrderedDict()

    def issue(self, value: _T) -> str:
        """A new ticket's id."""
        self._made += 1
        ticket_id = f"{self._prefix}{self._made:012d}"
        self._tickets[ticket_id] = _Ticket(value, self._clock.monotonic())
        if len(self._tickets) > _MOST_TICKETS:
            self._tickets.popitem(last=False)
        return ticket_id

    def check(self, ticket_id: str, *, unknown: str, expired: str, used: str) -> _T:
        """What the ticket stands for, without using it.

        Raises:
            Refusal: with the code that is given for the case.
        """
        ticket = self._tickets.get(ticket_id)
        if ticket is None:
            refuse(unknown)
        if self._clock.monotonic() - ticket.made_at > self._seconds:
            refuse(expired)
        if ticket.uses >= self._most_uses:
            refuse(used)
        return ticket.value

    def use(self, ticket_id: str) -> None:
        """Count one use."""
        self._tickets[ticket_id].uses += 1
