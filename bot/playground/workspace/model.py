"""What a workspace is made of: people, channels, messages, views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_MESSAGES_PER_CHANNEL = 1_000
"""Older ones are forgotten, so that a load test or a long demo stays bounded."""


class ChannelKind(StrEnum):
    """What kind of conversation; ``SHARED`` is a Slack Connect channel, other companies read it."""

    PUBLIC = "public"
    PRIVATE = "private"
    DM = "dm"
    GROUP_DM = "group_dm"
    SHARED = "shared"

    @property
    def is_direct(self) -> bool:
        """Direct messages: nobody is invited to them, and who is not in them knows nothing of them."""
        return self in {ChannelKind.DM, ChannelKind.GROUP_DM}


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False
    bot_id: str | None = None
    home_team_id: str | None = None
    """Another company's workspace; None for people of this one."""
    is_deactivated: bool = False
    """The account was switched off: nobody acts with it any more."""
    time_zone: str = "UTC"
    is_admin: bool = False
    """An admin of the workspace."""


@dataclass(slots=True)
class Message:
    """A message; ``ephemeral_to`` names the only person who sees it."""

    ts: str
    channel_id: str
    user_id: str
    text: str
    blocks: Sequence[Mapping[str, Any]] | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edited: bool = False
    broadcast: bool = False
    metadata: Mapping[str, Any] | None = None
    unfurls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the app shows below it, by the address it is about."""
    reactions: tuple[str, ...] = ()
    """The names of the emoji that the bot put below it."""

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class Channel:
    """A conversation with its members and messages (by ``ts``, oldest first)."""

    id: str
    name: str
    kind: ChannelKind
    members: set[str] = field(default_factory=set)
    topic: str = ""
    is_archived: bool = False
    host_team_id: str | None = None
    """The other company's workspace, where that made the shared channel."""
    messages: dict[str, Message] = field(default_factory=dict)

    def replies(self, ts: str) -> list[Message]:
        """What was answered in this message's thread."""
        return [one for one in self.messages.values() if one.thread_ts == ts and one.ts != ts]


@dataclass(slots=True)
class View:
    """An open modal or a published Home tab; ``content`` is what the app sent."""

    id: str
    user_id: str
    content: Mapping[str, Any]
    hash: str
    values: Mapping[str, Any] = field(default_factory=dict)
    """What was typed into it, as ``state.values``."""

    @property
    def type(self) -> str:
        """``modal`` or ``home``."""
        return str(self.content.get("type", "modal"))


def with_block_ids(blocks: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """The blocks as Slack gives them back: each has a ``block_id``, also where the app sent none."""
    return [{**block, "block_id": block.get("block_id") or f"b{i}"} for i, block in enumerate(blocks or [])]
