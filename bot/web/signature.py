"""Whether Slack signed a request. Pure: bytes in, a refusal or None out, and no body is ever parsed here.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MAX_SKEW_SECONDS = 300
"""How far a request's time may be from ours: an older one may be somebody's recording."""

_TIMESTAMP = re.compile(rb"[0-9]{1,15}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")
_TIMESTAMP_HEADER = b"x-slack-request-timestamp"
_SIGNATURE_HEADER = b"x-slack-signature"

RawHeaders = Sequence[tuple[bytes, bytes]]
"""Names and values as they came, repeated ones included."""

Cause = Literal["unsigned", "signature", "clock"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken."""

    cause: Cause
    """``unsigned``: not what Slack sends. ``signature``: signed with another secret, or by nobody who knows
    ours. ``clock``: Slack signed it, but its time is not ours."""
    ahead_seconds: int = 0
    """With ``clock``: how far our clock is ahead of the request's; negative where it is behind."""


def refusal(secret: bytes, headers: RawHeaders, body: bytes, unix_now: float) -> Refusal | None:
    """Why this request is refused; None where Slack signed it within the last five minutes.

    The signature is compared in constant time, over bytes. It is checked before the time, so that a clock
    that is off is only blamed for what Slack did sign.
    """
    timestamp, signature = _only_ones(headers)
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return Refusal("unsigned")
    signed = hmac.new(secret, b"v0:" + timestamp + b":" + body, hashlib.sha256)
    if not hmac.compare_digest(b"v0=" + signed.hexdigest().encode(), signature):
        return Refusal("signature")
    ahead_seconds = int(unix_now) - int(timestamp)
    if abs(ahead_seconds) > MAX_SKEW_SECONDS:
        return Refusal("clock", ahead_seconds)
    return None


def _only_ones(headers: RawHeaders) -> tuple[bytes, bytes]:
    """Timestamp and signature; nothing where one is missing or there are several, which Slack never sends."""
    timestamps, signatures = list[bytes](), list[bytes]()
    for name, value in headers:
        lowered = name.lower()
        if lowered == _TIMESTAMP_HEADER:
            timestamps.append(value)
        elif lowered == _SIGNATURE_HEADER:
            signatures.append(value)
    return (timestamps[0] if len(timestamps) == 1 else b""), (signatures[0] if len(signatures) == 1 else b"")
