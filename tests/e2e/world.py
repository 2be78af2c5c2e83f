"""The bot between its two made-up neighbours, over real sockets, on a clock that tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import SecretStr

from bot import EVENTS_PATH
from bot.app import Application
from bot.cards.kit import actions
from bot.handlers.entry.registry import COMMANDS
from bot.handlers.kit.command import Command
from bot.playground.clock import InstantClock, ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import ME, TRAINING, Delivery, Message, Workspace
from bot.settings import Settings
from bot.store.store import DatabaseStore, open_store
from tests.e2e.messages import options_of, text_of
from tests.resting_loop import at_rest
from tests.sqlite_file import memory_folder

Transport = Literal["http", "socket"]
_T = TypeVar("_T")
_MOVES, _MOVE_SECONDS = 10, 0.5
JOB = "3fe92c25-e5fd-4281-93df-5aa886064dbd"
"""A job of the training suite's that is under way."""


@dataclass
class World:
    """A bot that is served, and what is around it."""

    workspace: Workspace
    suite: TrainingSuite
    clock: ManualClock
    bot: Application
    settings: Settings | None = None

    @asynccontextmanager
    async def another(self) -> AsyncIterator[Application]:
        """One more process over the same database; over HTTP Slack talks to this one from now on."""
        bot = Application(
            self.settings, clock=self.clock, in_background=not isinstance(self.clock, InstantClock)
        )
        await bot.start()
        before, self.workspace.request_url = self.workspace.request_url, _events_url(bot)
        try:
            yield bot
        finally:
            self.workspace.request_url = before
            await bot.stop(grace_seconds=1)

    @asynccontextmanager
    async def stored(self) -> AsyncIterator[DatabaseStore]:
        """The bot's database, beside the bot."""
        assert self.settings is not None
        store = open_store(self.settings.database_url)
        try:
            yield store
        finally:
            await store.database.close()

    async def slash(self, text: str, channel_id: str = TRAINING, user_id: str = "") -> Delivery:
        """Type ``/job`` and ``text``; nobody is named: the visitor does."""
        visitor_id = self.workspace.identity.visitor_id
        return await self.workspace.slash(channel_id, user_id or visitor_id, text)

    async def next_message(self, channel_id: str, after: int) -> Message:
        """The message at place ``after``, as soon as it is there."""
        return await self.soon(lambda: next(iter(self.workspace.messages(channel_id)[after:]), None))

    async def ask(self, text: str, channel_id: str = TRAINING) -> Message:
        """The answer to a slash command, whether it rides on the ack or comes after it."""
        before = len(self.workspace.messages(channel_id))
        delivery = await self.slash(text, channel_id)
        assert delivery.ok, delivery
        return delivery.message or await self.next_message(channel_id, before)

    async def choose(self, message: Message, action_id: str, *, value: str | None = None) -> Delivery:
        """Press the button with this action, or choose it in a menu of the message's."""
        for menu, option in options_of(message):
            is_meant = option.partition(" ")[0] == action_id
            if is_meant and value in {None, option.partition(" ")[2]}:
                return await self.workspace.click(ME, message, menu, value=option)
        return await self.workspace.click(ME, message, action_id, value=value)

    async def subscribe(self, private: Message, where: str = "here") -> None:
        """Press [Subscribe] on a card that only the presser sees, and say where and which updates."""
        await self.choose(private, actions.SUBSCRIBE)
        (view,) = await self.soon(lambda: self.workspace.views_of(ME))
        asked = {"where": where, "which": "milestones"}
        values = {name: {name: {"selected_option": {"value": each}}} for name, each in asked.items()}
        assert (await self.workspace.submit_view(ME, view, values)).ok

    async def mention(self, text: str, channel_id: str = TRAINING, thread_ts: str | None = None) -> Message:
        """The answer to a message that mentions the bot."""
        before = len(self.workspace.messages(channel_id))
        bot = self.workspace.identity.bot_user_id
        await self.workspace.say(channel_id, ME, f"<@{bot}> {text}".strip(), thread_ts)
        return await self.next_message(channel_id, before + 1)

    async def soon(self, find: Callable[[], _T | None]) -> _T:
        """What ``find`` gives once it is truthy; the clock is moved a little where somebody waits for it."""
        for _ in range(_MOVES):
            try:
                return await self.workspace.wait_for(find, timeout_seconds=_MOVE_SECONDS)
            except TimeoutError:
                self.clock.advance(_MOVE_SECONDS)
        return await self.workspace.wait_for(find)

    async def told(self, words: str, user_id: str = "", channel_id: str = TRAINING) -> Message:
        """The newest message for this person, or the visitor, alone that has these words."""
        reader = user_id or self.workspace.identity.visitor_id

        def there() -> Message | None:
            said = reversed(self.workspace.messages(channel_id))
            return next((m for m in said if m.ephemeral_to == reader and words in text_of(m)), None)

        return await self.soon(there)

    def now(self, message: Message) -> Message:
        """The message as it is now."""
        return next(m for m in self.workspace.messages(message.channel_id) if m.ts == message.ts)

    async def changed(self, message: Message, words: str) -> Message:
        """The message, as soon as it has these words."""

        def there() -> Message | None:
            now = self.now(message)
            return now if words in text_of(now) else None

        return await self.soon(there)

    async def let_pass(self, seconds: float, steps: int = 1) -> None:
        """Move the clock on, in so many steps; before each and at the end, all that can be done is done."""
        for _ in range(steps):
            await self._moved(seconds / steps)
        await at_rest()

    async def pass_until(
        self, is_so: Callable[[], bool], *, seconds: float = 600, step_seconds: float = 1
    ) -> None:
        """Let the clock run, a second or another step at a time, until something is so."""
        for _ in range(int(seconds / step_seconds)):
            await at_rest()
            if is_so():
                return
            await self._moved(step_seconds)
        raise TimeoutError

    async def _moved(self, seconds: float) -> None:
        """Both clocks go on: the one that the bot is given, and the event loop's, for its deadlines."""
        await asyncio.sleep(seconds)
        await at_rest()
        self.clock.advance(seconds)


def settings_for(workspace: Workspace, transport: Transport, **urls: str) -> Settings:
    """The settings of a bot in this workspace."""
    identity = workspace.identity
    values: dict[str, Any] = {
        "slack_bot_token": SecretStr(identity.bot_token),
        "slack_app_token": SecretStr(identity.app_token) if transport == "socket" else None,
        "slack_signing_secret": SecretStr(identity.signing_secret) if transport == "http" else None,
        "simplismart_api_token": SecretStr(DEFAULT_TOKEN),
        "host": "127.0.0.1",
        "port": 0,
    }
    return Settings(_env_file=None, **(values | urls))


_empty: list[bytes] = []


async def empty_database(folder: Path) -> str:
    """The address of a fresh database. Its tables are made once, which takes longer than a whole test."""
    path = folder / "jobbot.sqlite3"
    address = f"sqlite:///{path}"
    if _empty:
        path.write_bytes(_empty[0])
    else:
        store = open_store(address)
        await store.database.migrate()
        await store.database.close()
        _empty.append(path.read_bytes())
    return address


@asynccontextmanager
async def world(
    transport: Transport = "http",
    slash_command: str = "/job",
    *,
    impatient: bool = False,
    commands: Sequence[Command] = COMMANDS,
    org_id: str | None = None,
    **settings: str,
) -> AsyncIterator[World]:
    """A fresh world, with the bot connected. An impatient bot's waits are over at once.

    The settings' organization is the suite's, unless ``org_id`` is another one.
    """
    clock = InstantClock() if impatient else ManualClock()
    theirs = ManualClock()
    workspace, suite = (
        Workspace(theirs if impatient else clock),
        TrainingSuite(theirs if impatient else clock),
    )
    with memory_folder() as folder:
        settings = {"database_url": await empty_database(folder), **settings}
        async with running(workspace, suite) as servers:
            values = settings_for(
                workspace,
                transport,
                slack_api_url=servers.slack_api_url,
                simplismart_api_url=servers.training_api_url,
                simplismart_org_id=suite.org_id if org_id is None else org_id,
                slash_command=slash_command,
                **settings,
            )
            bot = Application(
                values,
                clock=clock,
                commands=commands,
                # Without waits nothing that goes on by itself would ever rest.
                in_background=not impatient,
            )
            await bot.start()
            try:
                if transport == "http":
                    workspace.request_url = _events_url(bot)
                else:
                    await workspace.wait_for(lambda: workspace.socket.connections or None)
                if values.slack_bot_token:
                    await workspace.wait_for(lambda: workspace.calls_of("auth.test") or None)
                yield World(workspace, suite, clock, bot, values)
            finally:
                await bot.stop(grace_seconds=1)


def _events_url(bot: Application) -> str:
    return f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
