"""What is sent to the app, and the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.playground.workspace.model import Message

Kind = Literal["slash_commands", "events_api", "interactive"]
"""The kinds of payloads, by their Socket Mode names."""
ACK_SECONDS = 3.0
"""How long Slack waits for an app."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One payload on its way to the app."""

    kind: Kind
    payload: Mapping[str, Any] = field(repr=False)
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The app's acknowledgement."""

    status: int
    body: Any = None
    """The JSON document, or plain text, or None."""
    wants_no_retry: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt."""

    envelope: Envelope | None
    """None where there was nothing to deliver: the app is not told about such a message."""
    status: int | None = None
    """The HTTP status; 200 for an ack over Socket Mode; None without an answer."""
    body: Any = None
    elapsed_seconds: float = 0.0
    error: str | None = None
    """``operation_timeout``, ``connection_failed``, ``http_error`` or ``not_connected``."""
    wants_no_retry: bool = False
    message: Message | None = None
    """What a person said, or what a command's ack posted."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was sent."""
        return {} if self.envelope is None else self.envelope.payload

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None


class LinkLostError(Exception):
    """The app cannot be reached: the message says how it failed (a Slack word)."""
