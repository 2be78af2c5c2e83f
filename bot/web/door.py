"""Where Slack's requests come in: read up to a limit, verified, and only then parsed and handed to Bolt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.job.json_text import encodable
from bot.domain.messages.delivery_keys import reference_of
from bot.domain.messages.payload_shape import well_formed
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.tasks import correlated, working_for
from bot.web.connections import Stage, enter
from bot.web.limited_log import LimitedLog
from bot.web.refusals import Refusals
from bot.web.signature import Refusal, refusal

_NO_PAYLOAD = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt itself raises for a body that is no payload of Slack's; failures of ours it hands to us."""
_BROKEN_OFF = (OSError, ClientError, HttpProcessingError, web.RequestPayloadError, RuntimeError)
"""What reading a body raises where it ends too early or is not HTTP; aiohttp's streams have a bare
``RuntimeError`` where the connection went before they were read."""
_PASSED_TO_BOLT = ("Content-Type", "X-Slack-Retry-Num", "X-Slack-Retry-Reason")
"""Bolt takes orders from some headers (``x-slack-bolt-lazy-only``): it gets only what it needs."""


class SlackDoor:
    """Where Slack's requests come in. Nothing of a request is parsed before its signature was found right.

    ``clock`` is the real one, also where the rest of the bot runs by another: Slack signs by real time.
    """

    def __init__(
        self, bolt: AsyncApp, signing_secret: str, clock: Clock, measures: Measures = NOT_MEASURED
    ) -> None:
        self._bolt = bolt
        self._measures = measures
        self._secret = signing_secret.encode()
        self._clock = clock
        self._refusals = Refusals(clock)
        self._log = LimitedLog(__name__, clock)

    def problem(self) -> str | None:
        """Why deliveries are refused, as far as it is known; see `Refusals.problem`."""
        return self._refusals.problem()

    async def handle(self, request: web.Request) -> web.Response:
        """One request: read up to the limit, verified, then handed to Bolt."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return web.Response(status=415)  # Slack compresses nothing, and what it signs are plain bytes
        try:
            body = await request.read()
        except _BROKEN_OFF as error:
            return self._unreadable("body", error)
        refused = self._refusal(request, body)
        if refused is not None:
            self._refusals.refused(refused)
            return web.Response(status=401)
        self._refusals.accepted()
        enter(request, Stage.ANSWERING)
        return await self._dispatch(request, body)

    def _refusal(self, request: web.Request, body: bytes) -> Refusal | None:
        """Whatever goes wrong in telling whether Slack signed it means that it is not taken."""
        try:
            return refusal(self._secret, request.raw_headers, body, self._clock.now().timestamp())
        except Exception as error:  # noqa: BLE001  (a gate that fails is a gate that is shut)
            self._log.warning("signature not checked", error=type(error).__name__)
            return Refusal("unsigned")

    async def _dispatch(self, request: web.Request, body: bytes) -> web.Response:
        headers: dict[str, str | Sequence[str]] = {
            name: value for name in _PASSED_TO_BOLT if (value := request.headers.get(name)) is not None
        }
        try:
            payload = AsyncBoltRequest(body=body.decode(), headers=headers)
            payload.body = well_formed(encodable(payload.body))
        except _NO_PAYLOAD as error:
            return self._unreadable("payload", error)
        try:
            known = partial(reference_of, payload.body)
            with correlated(known), working_for(), self._measures.acknowledging():
                answer = await self._bolt.async_dispatch(payload)
        except _NO_PAYLOAD as error:
            return self._unreadable("payload", error)
        # Bolt's own adapter reads the content type with an expression, sets cookies, copies headers:
        # nothing that an ack has.
        content_type = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=content_type)

    def _unreadable(self, what: str, error: Exception) -> web.Response:
        kind = type(error).__name__
        self._log.warning("unreadable request", kind=f"{what} {kind}", part=what, error=kind)
        return web.Response(status=400)
