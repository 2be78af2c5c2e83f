"""The page's server with a bot that answers as it is told, and a client that does as the page does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp

from bot.cards.gallery.gallery import samples
from bot.clock import SystemClock
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.playground.clock import FastClock
from bot.playground.page import Page
from bot.playground.page.controls import Controls
from bot.playground.page.page_actions import PageActions
from bot.playground.serving import serving
from bot.playground.training_suite import Timeline, TrainingSuite
from bot.playground.workspace import GRACE, TRAINING, Message, Workspace
from tests.playground.slack_side import Bot, http_bot


@dataclass
class Switched:
    """A bot that only remembers how it was switched."""

    is_running: bool = True
    begun: int = field(default=0)
    """How often it began anew."""

    async def switch(self, *, on: bool) -> None:
        """Remember that."""
        self.is_running = on

    async def begin_anew(self) -> None:
        """Count that."""
        self.is_running = True
        self.begun += 1


@dataclass
class OpenedPage:
    """What is behind the page, and its questions."""

    workspace: Workspace
    suite: TrainingSuite
    bot: Bot
    switched: Switched
    session: aiohttp.ClientSession
    address: str

    async def post(self, name: str, body: object) -> dict[str, Any]:
        """Do something as the page does; its answer."""
        async with self.session.post(f"/playground/{name}", json=body) as response:
            return dict(await response.json())

    async def state(self) -> dict[str, Any]:
        """Everything the page starts with."""
        async with self.session.get("/playground/state") as response:
            return dict(await response.json())


@asynccontextmanager
async def opened_page() -> AsyncIterator[OpenedPage]:
    """The page, opened."""
    clock = SystemClock()
    timeline = Timeline(FastClock(60), clock)
    workspace, suite = Workspace(clock), TrainingSuite(clock, timeline=timeline)
    switched = Switched()

    async def say_hello() -> None:
        workspace.board.post(Message(workspace.board.next_ts(), TRAINING, GRACE, "Hello."))

    controls = Controls(workspace, suite, timeline, switched, say_hello)
    gallery = partial(samples, Dispatch().help)
    page = Page(workspace, PageActions(workspace, "/job"), controls, COMMANDS, gallery)
    async with (
        http_bot(workspace) as bot,
        serving(page.app()) as url,
        aiohttp.ClientSession(url) as session,
    ):
        yield OpenedPage(workspace, suite, bot, switched, session, url)
        await workspace.aclose()
