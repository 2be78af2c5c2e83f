"""How an organization is connected by people, rather than by the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class ConnectionPlace:
    """A workspace, or one channel of it."""

    team_id: str
    channel_id: str = ""
    """Empty: the workspace."""
    enterprise_id: str = ""
    """The Enterprise Grid organization that the workspace belongs to; empty where it belongs to none."""


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What people are told about a connection: never the key."""

    org_id: str
    has_key: bool
    """False where it was removed, and has to be set again."""
    set_by: str
    set_at: datetime


class ConnectionSetup(Protocol):
    """What setup does."""

    @property
    def can_connect(self) -> bool:
        """Whether people can; not where the settings name the organization and its key."""
        ...

    async def facts(self, place: ConnectionPlace) -> ConnectionFacts | None:
        """The place's own connection; None where it has none.

        Raises:
            StoreError: the database does not answer.
        """
        ...

    async def connect(self, place: ConnectionPlace, org_id: str, api_key: SecretStr, set_by: str) -> None:
        """Try the key, seal it, and keep it in the place of an earlier one: it counts at once.

        Raises:
            TrainingApiError: Simplismart refused it, or did not answer in time; nothing was kept.
            StoreError: the database did not take it.
        """
        ...

    async def disconnect(self, place: ConnectionPlace) -> None:
        """Remove the place's own connection with its key.

        Raises:
            StoreError: the database did not take it.
        """
        ...
