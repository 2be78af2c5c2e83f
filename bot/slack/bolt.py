"""Bolt, as this bot uses it."""

from __future__ import annotations

import logging

from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.workspaces import Workspaces


def bolt_app(client: AsyncWebClient, workspaces: Workspaces, signing_secret: SecretStr | None) -> AsyncApp:
    """An app without listeners. It answers in the ack, and asks ``workspaces`` who it is."""
    return AsyncApp(
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
