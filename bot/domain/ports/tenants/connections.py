"""Which organization's jobs people ask about where, and what is stored sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Connection:
    """An organization at Simplismart that a workspace, or one channel of it, is connected to."""

    team_id: str
    """The workspace; the Enterprise Grid organization where it counts in each of its workspaces."""
    channel_id: str
    """Empty: in every channel that has no connection of its own."""
    enterprise_id: str
    """The Enterprise Grid organization that the workspace belongs to; empty where it belongs to none."""
    org_id: str
    api_key: str | None = field(repr=False)
    """Sealed; None where it was removed, and has to be set again."""
    set_by: str
    """The user who did."""
    set_at: datetime


class ConnectionStore(Protocol):
    """What setup asks, and whoever opens the organizations."""

    async def connections(self) -> Sequence[Connection]:
        """All of them, by workspace and channel."""
        ...

    async def connect(self, connection: Connection) -> bool:
        """Put it in the place of an earlier one for the same channel. True where there was none.

        Subscriptions, feeds and digests of another organization end where they don't belong anymore: see
        `bot.domain.permissions.belonging`.
        """
        ...

    async def disconnect(self, team_id: str, channel_id: str, now: datetime) -> bool:
        """Remove it, with its key, and end what belongs there no more. False where there was none."""
        ...


class SecretKind(Enum):
    """What a stored secret is."""

    BOT_TOKEN = "bot_token"  # noqa: S105  (the word for it)
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  (the word for it)
    API_KEY = "api_key"


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret as it is stored, and where."""

    kind: SecretKind
    owner: str
    """Whose it is, and what it was sealed for: see `bot.tenants.sealing`."""
    place: tuple[str, str]
    """The workspace, and the channel of an API key."""
    sealed: str = field(repr=False)


class SecretStore(Protocol):
    """What is asked about all stored secrets at once: whether they can be read, and with which key."""

    async def secrets(self) -> Sequence[StoredSecret]:
        """Every one."""
        ...

    async def replace_secret(self, secret: StoredSecret, sealed: str | None) -> bool:
        """Store it anew, or remove it. False, and nothing done, where it isn't what it was anymore."""
        ...
