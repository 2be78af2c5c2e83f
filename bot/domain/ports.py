"""What the inside asks of the outside, as Protocols. Adapters implement them; `bot.app` chooses which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.errors import TrainingApiError
from bot.domain.job import TrainingJob


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A job as it was seen at one moment. Each is only equal to itself: it stands for one answer."""

    job: TrainingJob
    fetched_at: datetime
    """When the training suite last answered with this document (aware, UTC)."""
    from_cache: bool = False
    """True when no request was made for this answer."""
    failure: TrainingApiError | None = None
    """Set when this is an earlier answer shown because asking again just failed."""


class Clock(Protocol):
    """Time and waiting."""

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward, for intervals."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; returns at once for zero or less."""
        ...


class TrainingApi(Protocol):
    """The training suite, read-only and cached."""

    async def job(self, request_id: str, *, refresh: bool = False) -> Snapshot:
        """One job, from the cache while it is fresh.

        With ``refresh`` the training suite is asked anew, at most every 2 s per job. Where asking
        fails and an earlier answer (up to 1 h old) is known, that one comes back with ``failure``
        set.

        Raises:
            TrainingApiError: there is nothing to show.
        """
        ...

    def peek(self, request_id: str) -> Snapshot | None:
        """The job if the cache holds it fresh; never any I/O."""
        ...

    def recall(self, request_id: str) -> Snapshot | None:
        """The last answer known, fresh or not (up to 1 h old); never any I/O."""
        ...


class Store(Protocol):
    """The database."""

    async def ping(self) -> None:
        """Return when the database answers.

        Raises:
            StoreError: it does not.
        """
        ...


class SlackGateway(Protocol):
    """The Web API calls the bot makes. Every method raises `SlackError` when Slack refuses."""

    async def post_message(
        self, channel_id: str, message: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> str:
        """`chat.postMessage`: ``message`` is ``{"text", "blocks"}``; returns the new ``ts``."""
        ...

    async def post_ephemeral(
        self,
        channel_id: str,
        user_id: str,
        message: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
    ) -> None:
        """`chat.postEphemeral`."""
        ...

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Post to a ``response_url`` (5 uses within 30 minutes)."""
        ...

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """`views.open` (within 3 s of the trigger); returns the view's id."""
        ...

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """`views.update`."""
        ...

    async def thread_root(self, channel_id: str, thread_ts: str) -> Mapping[str, Any] | None:
        """`conversations.replies`: the first message of a thread, as Slack sends it; None without one."""
        ...
