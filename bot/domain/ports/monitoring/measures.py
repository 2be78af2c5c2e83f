"""What is measured, as the inside asks for it. Nothing here says who, where or which job."""

from __future__ import annotations

from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Protocol


class CommandOutcome(StrEnum):
    """How a command ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """It could not be done as it was typed: no such command, no such job."""
    FAILED = "failed"
    """Simplismart, Slack or the database did not do their part."""
    BROKEN = "broken"
    """A failure nobody expected."""


class DeliveryOutcome(StrEnum):
    """What one try of a message of the outbox, or of an edit of a card, came to."""

    SENT = "sent"
    LATER = "later"
    PARKED = "parked"
    ENDED = "ended"
    """Slack will never take it: the subscription ended."""


class SettlementOutcome(StrEnum):
    """What was found out of a message whose first try may have reached Slack."""

    FOUND = "found"
    ABSENT = "absent"
    LATER = "later"
    """Not yet known: the search goes on."""
    UNKNOWABLE = "unknowable"
    """Slack does not let the bot look: it is sent again, and may come twice."""


class Endpoint(StrEnum):
    """What Simplismart is asked for."""

    JOB = "job"
    LIST = "list"
    METRICS = "metrics"


class Measures(Protocol):
    """Takes what happened, in an instant and without I/O; never raises.

    ``team_id`` and ``org_id`` are for the sums that go to a workspace's own admin about an organization. They
    are part of no metric.
    """

    def acknowledging(self) -> AbstractContextManager[object]:
        """A delivery of Slack's is acknowledged in the block, which begins once it was verified."""
        ...

    def commanded(self, command: str, outcome: CommandOutcome, seconds: float) -> None:
        """A command was answered, so long after it was understood."""
        ...

    def end_told(self, team_id: str, org_id: str, seconds: float) -> None:
        """The end of a job was posted, so long after Simplismart says that it ended."""
        ...

    def delivered(self, team_id: str, org_id: str, outcome: DeliveryOutcome) -> None:
        """A message or an edit was tried."""
        ...

    def settled(self, outcome: SettlementOutcome) -> None:
        """It was looked for a message that may have been sent."""
        ...

    def asked(self, endpoint: Endpoint, outcome: str, seconds: float) -> None:
        """One request to Simplismart ended: ``ok``, or the code of a `TrainingApiError`."""
        ...

    def cached(self, endpoint: Endpoint, *, is_hit: bool) -> None:
        """Something was asked of the cache, and found fresh there or not."""
        ...

    def slack_limited(self, team_id: str, org_id: str, method: str) -> None:
        """Slack answered a call of this method with 429."""
        ...

    def lease_lost(self) -> None:
        """Work was done, or under way, under a lease that another process has taken over."""
        ...

    def span(self, name: str, **facts: str) -> AbstractContextManager[object]:
        """A part of the work, for traces; ``facts`` are of closed sets."""
        ...
