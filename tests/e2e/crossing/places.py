"""Two workspaces that installed the app by a click, three organizations, and secrets in each of three places.

The organizations are a workspace's, another workspace's, and one that a channel of the first has of its own.
All three have a job of the same ID, a group and a resident; each has a word that stands in all that is its.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.domain.ports import Connection, SecretKind
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Message
from bot.store.store import DatabaseStore
from bot.tenants.sealing import Sealer
from tests.e2e.by_click import KEY
from tests.e2e.world import World

FIRST, SECOND = Identity(), Identity(team_id="T0SECOND01", team_domain="second")
_KEPT = ("subscriptions", "subscribers", "conditions", "feeds", "digests", "pauses", "connections")
"""Tables that nobody else changes anything in. A card is drawn anew, and a list read, at any time."""


@dataclass(frozen=True)
class Place:
    """Where people ask about an organization's jobs."""

    word: str
    """In every name and every text of it, and in nothing else."""
    world: World
    team_id: str
    channel_id: str
    subscriptions: tuple[str, ...] = ()
    """Their IDs: of a job, and of a group."""
    card_ts: str = ""
    window: str = ""
    """What a window of ours that is open there carries."""

    @property
    def suite(self) -> TrainingSuite:
        """Its organization's."""
        return self.world.suite

    @property
    def secret_id(self) -> str:
        """A job that nobody else has."""
        return f"{ord(self.word[0]):02x}e1d2c3-0000-4000-8000-00000000000{len(self.word)}"

    @property
    def resident(self) -> str:
        """Somebody who is nowhere else."""
        return f"U0{self.word.upper()}RES"

    @property
    def ids(self) -> tuple[str, ...]:
        """What only its people know, besides names."""
        return (self.secret_id, *self.subscriptions)

    def posted(self) -> list[Message]:
        """What everybody there sees."""
        bot = self.world.workspace.identity.bot_user_id
        said = self.world.workspace.messages(self.channel_id)
        return [each for each in said if each.user_id == bot and each.ephemeral_to is None]


@dataclass(frozen=True)
class Crossing:
    """Everything, and the bot."""

    main: Place
    other: Place
    channel: Place
    """In the workspace of ``main``, with an organization of its own."""
    session: aiohttp.ClientSession

    @property
    def places(self) -> tuple[Place, Place, Place]:
        """All three."""
        return self.main, self.other, self.channel

    async def kept(self, place: Place) -> str:
        """What is stored for a place's people, as text."""
        async with self.main.world.stored() as store:
            found = await store.stored_data.of_team(place.team_id)
        rows = {name: [row for row in found.get(name, ()) if _is_of(place, row)] for name in _KEPT}
        return json.dumps(rows, sort_keys=True, default=str)

    async def connect(self, place: Place, org: Place, channel_id: str = "") -> None:
        """As setup does it, once its key was tried."""
        async with self.main.world.stored() as store:
            await connect(store, place, org.suite, channel_id)
        await self.main.world.let_pass(4, 4)


def _is_of(place: Place, row: Any) -> bool:
    is_theirs = row.get("org_id") == place.suite.org_id or row.get("user_id") == place.resident
    return is_theirs or row.get("subscription_id", row.get("id")) in place.subscriptions


async def connect(store: DatabaseStore, place: Place, suite: TrainingSuite, channel_id: str = "") -> None:
    """As setup does it, once its key was tried."""
    key = Sealer([KEY]).seal(SecretKind.API_KEY, suite.org_id, SecretStr(suite.token))
    now = place.world.clock.now()
    await store.connections.connect(
        Connection(place.team_id, channel_id, "", suite.org_id, key, place.resident, now)
    )
