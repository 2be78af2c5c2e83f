"""What the inside asks of the outside, as Protocols. Adapters implement them; `bot.app` chooses which.

The database has a module of its own: `bot.domain.storage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.errors import SlackError, TrainingApiError
from bot.domain.job import TrainingJob
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Conversation, Posted, Sending


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

    async def jobs(self, *, background: bool = False) -> JobListing:
        """Every job of the organisation, from the cache while it is fresh (15 s).

        However many ask at once, one question is asked; with ``background`` behind everybody who waits.
        Where asking fails an earlier answer (up to 1 h old) comes back with ``failure`` set.

        Raises:
            TrainingApiError: there is nothing to show.
        """
        ...

    def peek_jobs(self) -> JobListing | None:
        """The list if the cache holds it fresh; never any I/O."""
        ...

    def recall_jobs(self) -> JobListing | None:
        """The last list known, fresh or not (up to 1 h old); never any I/O."""
        ...

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """Every point of a job's metric series, cached and asked for as `jobs` are.

        Raises:
            TrainingApiError: there is nothing to show, or no such job.
        """
        ...

    async def look(self, request_id: str) -> Snapshot:
        """One job, asked anew behind everybody who waits; what comes back fills the cache.

        No earlier answer stands in for a failure.

        Raises:
            TrainingApiError: it was not answered, or there is no such job.
        """
        ...

    async def changes(
        self, known: Mapping[str, int], statuses: Statuses | None = None, since: datetime | None = None
    ) -> ListChanges:
        """What the organisation's list says of these jobs that it did not say before.

        ``known`` has for each job the fingerprint of its last row (0: none yet); ``statuses``, where it is
        given, the last status of every job of the organisation; ``since`` is for `ListChanges.ended`.
        Jobs that changed are no longer fresh in the cache. Asked anew, behind everybody who waits.

        Raises:
            TrainingApiError: there is no list.
        """
        ...


class SlackGateway(Protocol):
    """The Web API calls the bot makes. Every method raises `SlackError` when Slack refuses.

    Where `bot.domain.errors.may_have_happened`, it may have been done all the same: nobody is told that it
    was not.

    Where a message has ``plainer``, that is the same message without charts. It is what goes out where the
    workspace takes no charts, which is found out by trying and remembered for a day.
    """

    async def post_message(
        self, channel_id: str, message: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> str:
        """`chat.postMessage`: ``message`` is ``{"text", "blocks"}``; returns the new ``ts``.

        It is tried again only where it surely is not there: what may be is looked for first.

        Raises:
            SlackStrayError: the thread's parent is gone; the answer is not left in the channel.
        """
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

    async def respond(self, response_url: str, body: Mapping[str, Any], *, answers: int = 1) -> None:
        """Post to a ``response_url`` (5 uses within 30 minutes), of ``answers`` that go there in all."""
        ...

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """`views.open` (within 3 s of the trigger); returns the view's id."""
        ...

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """`views.update`."""
        ...

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> None:
        """`views.publish`: what one person sees in the app's Home tab."""
        ...

    async def unfurl(self, channel_id: str, ts: str, cards: Mapping[str, Mapping[str, Any]]) -> None:
        """`chat.unfurl`: ``{"blocks"}`` for each address, shown below the message that has it."""
        ...

    async def thread_root(self, channel_id: str, thread_ts: str) -> Mapping[str, Any] | None:
        """`conversations.replies`: the first message of a thread, as Slack sends it; None without one."""
        ...

    async def send(self, channel_id: str, message: Mapping[str, Any], how: Sending) -> Posted:
        """`chat.postMessage`, tried once: whoever asks knows what to do about each failure."""
        ...

    async def edit(self, channel_id: str, ts: str, message: Mapping[str, Any]) -> None:
        """`chat.update`, tried once. Its text is cut to what Slack takes there."""
        ...

    async def delete(self, channel_id: str, ts: str) -> None:
        """`chat.delete` of a message of ours; one that is gone already is fine."""
        ...

    async def find_sent(
        self, channel_id: str, thread_ts: str | None, opaque_id: str, settling: Settling
    ) -> Posted | Settling | None:
        """The message that may have been sent with this id; None when it surely was not. One read.

        Looks in the thread, or in the conversation without one, and there too where the thread is gone. A
        `Settling` says where the next read goes on.

        Raises:
            SlackPermanentError: with ``slack_code`` ``missing_scope``: it cannot be known.
        """
        ...

    async def permalink(self, channel_id: str, ts: str) -> str:
        """`chat.getPermalink`: the address of a message."""
        ...

    async def conversation(self, channel_id: str) -> Conversation | None:
        """`conversations.info`; None where the scope for it was not granted."""
        ...

    async def open_dm(self, user_id: str) -> str:
        """`conversations.open`: the id of the conversation with one person."""
        ...


class Deliverer(Protocol):
    """What sends the outbox."""

    def wake(self) -> None:
        """Something was put into the outbox: look now."""
        ...

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """Try to send what waits in this subscription's thread; what came of that soon is in the store.

        Returns why Slack did not take the card, where that is so.
        """
        ...
