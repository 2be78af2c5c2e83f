"""Whether the database answers, for whoever asks whether the bot is ready."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from pydantic import SecretStr

from bot.domain.errors import NewerSchemaError, StoreError
from bot.domain.health.readiness import Readiness
from bot.domain.key_expiry import expires_at, expiry_warning
from bot.domain.ports import Clock
from bot.tasks import Supervisor

LOOK_SECONDS = 1.0
"""How long an answer of the database is good."""


def key_warnings(key: SecretStr, now: datetime) -> Sequence[str]:
    """What is to be said of Simplismart's training API key: that it expires soon, or has."""
    warning = expiry_warning(expires_at(key.get_secret_value()), now)
    return () if warning is None else (warning,)


class Checked(Protocol):
    """A database, as far as it can be asked whether it can be worked with."""

    async def check_schema(self) -> None:
        """Return if it answers and its tables are those of this version.

        Raises:
            NewerSchemaError: they are those of a later version.
            SchemaError: they are those of an earlier one, or there are none.
            StoreError: it does not answer.
        """
        ...


_NEWER: Final = (
    "the database's tables are newer than this process: replace it with the version that made them"
)


class StoreHealth:
    """Strangers may ask: however often they do, the database is asked once in `LOOK_SECONDS`."""

    def __init__(self, database: Checked, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._problem: str | None = None
        self._is_newer = False
        self._look_again_at = -math.inf
        self._looking = asyncio.Lock()

    async def problem(self) -> str | None:
        """What is wrong with it; None where it answers."""
        async with self._looking:
            if self._clock.monotonic() >= self._look_again_at:
                self._problem = await self._ask()
                self._look_again_at = self._clock.monotonic() + LOOK_SECONDS
        return self._problem

    @property
    def warnings(self) -> Sequence[str]:
        """What the last look found that costs nobody an answer: an upgrade that is under way."""
        return (_NEWER,) if self._is_newer else ()

    async def _ask(self) -> str | None:
        self._is_newer = False
        try:
            await self._database.check_schema()
        except NewerSchemaError:  # migrations only add: whoever runs already works on beside the new version
            self._is_newer = True
        except StoreError as error:
            return error.detail
        return None


async def worker_readiness(supervisor: Supervisor, health: StoreHealth) -> Readiness:
    """Of a process that answers nobody."""
    checks = {"store": await health.problem(), **supervisor.problems()}
    return Readiness(checks, supervisor.last_rounds(), health.warnings)
