"""Delivery by signed HTTP requests, as Slack makes them.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.playground.workspace.dispatch.envelope import Envelope, LinkLostError, Reply
from bot.playground.workspace.identity import Identity

_FORM = "application/x-www-form-urlencoded"
_USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def sign(signing_secret: str, body: bytes, timestamp: str) -> str:
    """The ``x-slack-signature`` of a body: version 0, HMAC-SHA256."""
    text = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), text, hashlib.sha256).hexdigest()


def signed_headers(signing_secret: str, body: bytes, timestamp: str | None = None) -> dict[str, str]:
    """Both signature headers; without a timestamp, the real clock's now, which is what verifiers go by."""
    stamp = str(int(time.time())) if timestamp is None else timestamp
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(signing_secret, body, stamp),
    }


def encode(envelope: Envelope) -> tuple[bytes, str]:
    """The body and its content type: commands are forms, interactions one form field, events JSON."""
    if envelope.kind == "slash_commands":
        return urlencode(envelope.payload).encode(), _FORM
    text = json.dumps(envelope.payload)
    if envelope.kind == "interactive":
        return urlencode({"payload": text}).encode(), _FORM
    return text.encode(), "application/json"


def request_of(identity: Identity, envelope: Envelope) -> tuple[bytes, dict[str, str]]:
    """The whole request to an app: body and headers."""
    body, content_type = encode(envelope)
    headers = {
        "Content-Type": content_type,
        "User-Agent": _USER_AGENT,
        **signed_headers(identity.signing_secret, body),
    }
    if envelope.retry_num:
        headers["x-slack-retry-num"] = str(envelope.retry_num)
        headers["x-slack-retry-reason"] = envelope.retry_reason
    return body, headers


class HttpLink:
    """Posts envelopes to the app's request URL."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._session: aiohttp.ClientSession | None = None
        self.request_url: str | None = None
        """Where the app listens, such as ``http://127.0.0.1:3000/slack/events``; None: not over HTTP."""

    async def send(self, envelope: Envelope) -> Reply:
        """One attempt.

        Raises:
            LinkLostError: there was no answer.
        """
        if self.request_url is None:
            msg = "not_connected"
            raise LinkLostError(msg)
        return await self.post(self.request_url, envelope)

    async def post(self, request_url: str, envelope: Envelope) -> Reply:
        """The same, to this address.

        Raises:
            LinkLostError: there was no answer.
        """
        body, headers = request_of(self._identity, envelope)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        try:
            async with self._session.post(request_url, data=body, headers=headers) as response:
                text = await response.text(errors="replace")
                no_retry = response.headers.get("x-slack-no-retry") == "1"
                return Reply(response.status, _parsed(text, response.content_type), no_retry)
        except aiohttp.ClientError as exc:
            msg = "connection_failed"
            raise LinkLostError(msg) from exc

    async def aclose(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _parsed(text: str, content_type: str) -> str | Mapping[str, Any] | None:
    if content_type != "application/json":
        return text or None
    try:
        content = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text
    return content if isinstance(content, dict) else None
