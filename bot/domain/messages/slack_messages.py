"""A message of ours in Slack, and the conversation it stands in. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sending:
    """How a message is sent."""

    opaque_id: str
    """Goes into the message's metadata; whoever sent may find the message by it."""
    thread_ts: str | None = None
    broadcast: bool = False
    """Also shown in the conversation, for a reply in a thread."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands in Slack."""

    channel_id: str
    ts: str
    thread_ts: str | None
    """The thread it stands in; None for one in the conversation itself."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What `conversations.info` says."""

    is_member: bool
    """Whether the bot is in it; always for its own direct messages."""
    is_shared: bool
    """Whether another company reads it (Slack Connect)."""
    is_private: bool
    is_archived: bool = False
