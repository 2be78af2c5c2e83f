"""A workspace in memory, as handlers reach it through their port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import SlackError, SlackGoneError
from bot.domain.messages.slack_messages import Conversation


@dataclass
class People:
    """What Slack says of people; None: the scope for it was not granted."""

    admins: set[str] | None = None
    members: Mapping[str, set[str]] | None = None
    groups: Mapping[str, set[str]] | None = None
    fails: SlackError | None = None

    async def is_admin(self, user_id: str, *_: str) -> bool | None:
        """As the port says."""
        self._fail()
        return None if self.admins is None else user_id in self.admins

    async def is_member(self, channel_id: str, user_id: str) -> bool | None:
        """As the port says."""
        self._fail()
        return None if self.members is None else user_id in self.members.get(channel_id, ())

    async def is_in_group(self, group_id: str, user_id: str, team_id: str = "") -> bool | None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._fail()
        if self.groups is not None and group_id not in self.groups:
            raise SlackGoneError(slack_code="no_such_subteam")
        return None if self.groups is None else user_id in self.groups.get(group_id, ())

    async def listed_groups(self, team_id: str = "") -> Mapping[str, str] | None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._fail()
        return None if self.groups is None else {each: f"@{each.lower()}" for each in self.groups}

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails


@dataclass
class Slack:
    """A workspace that keeps what it was sent; ``refuses`` has an error for a method that fails."""

    conversations: dict[str, Conversation | None] = field(default_factory=dict)
    refuses: dict[str, SlackError] = field(default_factory=dict)
    root: Mapping[str, Any] | None = None
    people: People = field(default_factory=People)
    sent: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    """Method, conversation or address, and message."""
    time_zones: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    """How often each method was called, in vain or not."""

    def _call(self, method: str) -> None:
        self.asked[method] += 1
        if method in self.refuses:
            raise self.refuses[method]

    async def conversation(self, channel_id: str) -> Conversation | None:
        """As the port says; unknown unless a test says otherwise."""
        self._call("conversation")
        return self.conversations.get(channel_id)

    async def open_dm(self, user_id: str) -> str:
        """As the port says."""
        self._call("open_dm")
        return f"D{user_id}"

    async def time_zone(self, user_id: str) -> str:
        """As the port says; nothing unless a test says otherwise."""
        return self.time_zones.get(user_id, "")

    async def permalink(self, channel_id: str, ts: str) -> str:
        """As the port says."""
        self._call("permalink")
        return f"https://example.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"

    async def thread_root(self, channel_id: str, thread_ts: str) -> Mapping[str, Any] | None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._call("thread_root")
        return self.root

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """As the port says."""
        self._call("react")
        self.sent.append(("react", channel_id, {"ts": ts, "emoji": emoji}))

    async def post_message(
        self, channel_id: str, message: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> str:
        """As the port says."""
        self._call("post_message")
        self.sent.append(("post_message", channel_id, {**message, "thread_ts": thread_ts}))
        return "1.0"

    async def post_ephemeral(
        self, channel_id: str, user_id: str, message: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> None:
        """As the port says."""
        self._call("post_ephemeral")
        said = {**message, "user": user_id, "thread_ts": thread_ts}
        self.sent.append(("post_ephemeral", channel_id, said))

    async def edit(self, channel_id: str, ts: str, message: Mapping[str, Any]) -> None:
        """As the port says."""
        self._call("edit")
        self.sent.append(("edit", channel_id, {**message, "ts": ts}))

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> None:
        """As the port says."""
        self._call("publish_home")
        self.sent.append(("publish_home", user_id, view))

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """As the port says."""
        self._call("open_view")
        self.sent.append(("open_view", trigger_id, view))
        return "V1"

    async def update_view(self, view_id: str, view: Mapping[str, Any], *, external_id: str = "") -> None:
        """As the port says."""
        self._call("update_view")
        self.sent.append(("update_view", view_id or external_id, view))

    async def respond(self, response_url: str, body: Mapping[str, Any], *, answers: int = 1) -> None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._call("respond")
        self.sent.append(("respond", response_url, body))
