"""The baseline: Bolt's hello-world as its documentation has it, over HTTP or Socket Mode.

Run as ``python -m tests.benchmarks.bolt_hello PORT`` or with ``socket`` in the place of the port.
"""

from __future__ import annotations

import asyncio
import os
import sys

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

app = AsyncApp(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    # Taken out of the environment, where Bolt warns of a second token.
    client=AsyncWebClient(os.environ.pop("SLACK_BOT_TOKEN"), base_url=os.environ["SLACK_API_URL"]),
)


@app.command("/job")
async def hello(ack: AsyncAck) -> None:
    """Say hello."""
    await ack("Hello!")


async def over_socket_mode() -> None:
    """Serve until the process ends."""
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


if __name__ == "__main__":
    if sys.argv[1] == "socket":
        asyncio.run(over_socket_mode())
    else:
        app.start(int(sys.argv[1]), host="127.0.0.1")
