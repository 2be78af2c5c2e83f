"""Bolt, as this bot uses it."""

from __future__ import annotations

import logging
from functools import partial
from time import perf_counter

from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.messages.delivery_keys import reference_of
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.slack.workspaces import Workspaces
from bot.tasks import correlated


class _App(AsyncApp):
    """Bolt's, but each delivery, over HTTP or the websocket, has its reference, and its ack is timed."""

    measures: Measures = NOT_MEASURED

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """The ack of a delivery."""
        began_at = perf_counter()
        with correlated(partial(reference_of, req.body)), self.measures.span("delivery"):
            try:
                return await super().async_dispatch(req)
            finally:
                self.measures.acknowledged(perf_counter() - began_at)


def bolt_app(
    client: AsyncWebClient,
    workspaces: Workspaces,
    signing_secret: SecretStr | None,
    measures: Measures = NOT_MEASURED,
) -> AsyncApp:
    """An app without listeners. It answers in the ack, and asks ``workspaces`` who it is."""
    app = _App(
        name="jobbot",
        logger=logging.getLogger("slack_bolt"),
        client=client,
        authorize=workspaces.authorizer(),
        signing_secret=signing_secret.get_secret_value() if signing_secret else "",
        # The door has verified what comes over HTTP, before anything of it was read.
        request_verification_enabled=False,
        process_before_response=True,
        # Every step costs every delivery, and there are neither workflow functions nor assistants.
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.measures = measures
    return app
