"""What the inside asks of Slack, and what is remembered of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot.domain.messages.installation import Installation
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Conversation, Posted, Sending


class SlackPeople(Protocol):
    """What a permission depends on: asked each time anew, and of the asker.

    Each raises `SlackError` where Slack does not answer: then nothing is permitted.
    """

    async def is_admin(self, user_id: str, team_id: str = "", enterprise_id: str = "") -> bool | None:
        """`users.info`: an admin or owner of the workspace, or of its organization; None without the scope.

        ``enterprise_id`` is that of Enterprise Grid, if any; where ``team_id`` is too, only its admins count.
        """
        ...

    async def is_member(self, channel_id: str, user_id: str) -> bool | None:
        """`conversations.members`: in this channel; None where the scope for it was not granted."""
        ...

    async def is_in_group(self, group_id: str, user_id: str, team_id: str = "") -> bool | None:
        """`usergroups.users.list`: in this user group; None where the scope for it was not granted.

        Raises:
            SlackGoneError: there is no such group anymore.
        """
        ...

    async def listed_groups(self, team_id: str = "") -> Mapping[str, str] | None:
        """`usergroups.list`: the handle of each group, by its ID; None where the scope was not granted."""
        ...


class SlackGateway(Protocol):
    """The Web API calls the bot makes in one workspace, see `Gateways`.

    Every method raises `SlackError` when Slack refuses.

    Where `bot.domain.errors.may_have_happened`, it may have been done all the same: nobody is told that it
    was not.

    Where a message has ``plainer``, that is the same message without charts. It is what goes out where the
    workspace takes no charts, which is found out by trying and remembered for a day.
    """

    @property
    def people(self) -> SlackPeople:
        """What is asked about people."""
        ...

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

    async def update_view(self, view_id: str, view: Mapping[str, Any], *, external_id: str = "") -> None:
        """`views.update`: of the view with this id, or with the ``external_id`` that we gave it."""
        ...

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> None:
        """`views.publish`: what one person sees in the app's Home tab."""
        ...

    async def unfurl(self, channel_id: str, ts: str, cards: Mapping[str, Mapping[str, Any]]) -> None:
        """`chat.unfurl`: ``{"blocks"}`` for each address, shown below the message that has it."""
        ...

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """`reactions.add`: the name of an emoji, without its colons, below a message."""
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

    async def time_zone(self, user_id: str) -> str:
        """`users.info`: the IANA name of where a person is; empty where Slack does not say. Never raises."""
        ...

    async def open_dm(self, user_id: str) -> str:
        """`conversations.open`: the id of the conversation with one person."""
        ...


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """There is no way into a workspace, for now: nothing is known of its conversations, nor concluded."""

    reason: str
    """For the log."""
    again_in_seconds: float
    """When it is worth another question."""


class Gateways(Protocol):
    """The workspaces that the bot is installed in."""

    async def for_team(self, team_id: str) -> SlackGateway | NotInstalled:
        """The way into this workspace, by a token of which Slack has said that it is this workspace's.

        With any other token Slack answers for conversations there as if they were gone.
        """

    def may_tell(self, team_id: str, org_id: str) -> bool:
        """Whether this workspace has an API key to that organization, so that its jobs may be told there."""
        ...


class SlackLogin(Protocol):
    """Who the bot is in Slack, as far as Slack has told it."""

    @property
    def installation(self) -> Installation:
        """Where the bot is at home; empty until it is known."""
        ...

    @property
    def bot_name(self) -> str:
        """The bot's name in Slack, as people type it behind an ``@``; empty until it is known."""
        ...

    async def soon(self) -> Installation:
        """Where it is at home; waits for Slack's first answer, but no longer than an ack can wait."""
        ...

    def refused(self, reason: str) -> datetime | None:
        """Slack refuses the token, by this error code. Returns since when it was taken, if that is known."""
        ...

    async def is_refused(self) -> bool:
        """Whether Slack takes our token no more; it is asked now.

        Raises:
            SlackError: Slack does not say.
        """
        ...

    async def outlives(self, at: datetime) -> bool:
        """Whether what ended then was an earlier installation: our token came later, and works.

        Raises:
            SlackError: Slack does not say.
        """
        ...


class SlackLimit(NamedTuple):
    """What has one rate limit: a method in a workspace, or in one channel of it."""

    team_id: str
    """The workspace, or the Enterprise Grid organization; empty where only the token says which."""
    method: str
    channel_id: str = ""
    """Empty where all channels share the limit."""


@dataclass(frozen=True, slots=True)
class SlackWait:
    """What one answer with 429 asked for."""

    until: datetime
    """By the wall clock of whoever was asked to wait."""
    seconds: float
    """How long that was then: whoever can't trust the wall clock counts it."""


class SlackWaitStore(Protocol):
    """What the database knows of these: asked before each call of the Web API."""

    async def wait(self, limit: SlackLimit) -> SlackWait | None:
        """The last one; it may be over."""
        ...

    async def begin_wait(self, limit: SlackLimit, wait: SlackWait) -> None:
        """Slack asked to wait: this one counts, in the place of an earlier one."""
        ...

    async def end_wait(self, limit: SlackLimit, until: datetime) -> None:
        """Forget the one until then, which is over. A later one stays."""
        ...
