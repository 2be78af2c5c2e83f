"""The real bot inside the playground, to be stopped and started while everything around it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot import EVENTS_PATH
from bot.app import Application
from bot.domain.ports import Clock
from bot.playground.workspace import Workspace
from bot.settings import Settings


class BotProcess:
    """Runs one `Application` at a time, always on the same settings: the same database, the same servers."""

    def __init__(
        self, workspaces: Sequence[Workspace], settings: Settings, database: Path, clock: Clock
    ) -> None:
        self._workspaces = workspaces
        self._settings = settings
        self._database = database
        self._clock = clock
        self._turn = asyncio.Lock()
        self._application: Application | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is there to answer."""
        return self._application is not None

    @property
    def url(self) -> str | None:
        """Where it answers, without a slash at the end; None while it is stopped."""
        return None if self._application is None else f"http://127.0.0.1:{self._application.port}"

    async def switch(self, *, on: bool, grace_seconds: float = 0.0) -> None:
        """Start it, or stop it in the middle of whatever it does; nothing where it is so already."""
        async with self._turn:
            await (self._start() if on else self._stop(grace_seconds))

    async def begin_anew(self) -> None:
        """Run with an empty database."""
        async with self._turn:
            await self._stop(0.0)
            for file in self._database.parent.glob(f"{self._database.name}*"):
                file.unlink()
            await self._start()

    @asynccontextmanager
    async def running(self, grace_seconds: float) -> AsyncIterator[None]:
        """Started when the block begins, stopped when it ends."""
        await self.switch(on=True)
        try:
            yield
        finally:
            await self.switch(on=False, grace_seconds=grace_seconds)

    async def _start(self) -> None:
        if self._application is not None:
            return
        # The list's rows do not say when a job started, and in told times (see `Timeline`) that moves:
        # forecasts made of them would be wrong.
        application = Application(self._settings, clock=self._clock, by_list=False)
        await application.start()
        for workspace in self._workspaces:
            workspace.request_url = f"http://127.0.0.1:{application.port}{EVENTS_PATH}"
        self._application = application

    async def _stop(self, grace_seconds: float) -> None:
        """Its address stays the workspaces': nobody answers there, as when a process has died."""
        application, self._application = self._application, None
        if application is not None:
            await application.stop(grace_seconds=grace_seconds)
