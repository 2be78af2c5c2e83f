"""Warns before Simplismart's training API keys expire: in the log, and in direct messages to the admins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

import structlog

from bot.domain.errors import SlackError, StoreError
from bot.domain.key_expiry import due_notice, expiry_warning, next_notice_at
from bot.domain.ports import Clock
from bot.domain.ports.notices import KeyNoticeStore
from bot.tasks import working_for

_LONGEST_REST_SECONDS: Final = 3600.0
"""The wall clock may be put right meanwhile."""
_RETRY_SECONDS: Final = 300.0
_LOG_AGAIN: Final = timedelta(days=1)

_log = structlog.stdlib.get_logger(__name__)


class Home(Protocol):
    """Where the bot is at home: see `bot.domain.messages.installation.Installation`."""

    @property
    def team_id(self) -> str:
        """The workspace."""
        ...

    @property
    def enterprise_id(self) -> str:
        """The organisation it belongs to."""
        ...


class DirectMessages(Protocol):
    """What is asked of Slack: see `bot.domain.ports.SlackGateway`."""

    async def identity(self) -> Home:
        """``auth.test``."""
        ...

    async def open_dm(self, user_id: str) -> str:
        """The conversation with one person."""
        ...


@dataclass(frozen=True, slots=True)
class WatchedKey:
    """One organization's key, of which is known only when it expires."""

    org_id: str
    expires_at: datetime
    slack: DirectMessages
    admin_user_id: str | None
    """Who gets the messages; without, the log says it alone."""
    home_id: str = ""
    """The workspace, or the organization of workspaces; empty where only ``auth.test`` says it."""
    is_set_up: bool = False
    """Somebody connected the organization with ``setup``; else it is the settings'."""


class _Logged(NamedTuple):
    """One key."""

    org_id: str
    expires_at: datetime


class KeyWatch:
    """Watches over every organization's key; ``keys`` are those of the moment, the pressing ones at least."""

    def __init__(
        self,
        keys: Callable[[], Iterable[WatchedKey]],
        key_notices: KeyNoticeStore,
        clock: Clock,
        *,
        wake_delivery: Callable[[], None],
    ) -> None:
        self._keys = keys
        self._key_notices = key_notices
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._logged_at: dict[_Logged, datetime] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._clock.sleep(await self.round())

    async def round(self) -> float:
        """Warn where it is time. Returns after how many seconds to come again."""
        rests = []
        for key in self._keys():
            with working_for(key.home_id, key.org_id):
                rests.append(await self._look(key, self._clock.now()))
        return min(rests, default=_LONGEST_REST_SECONDS)

    async def _look(self, key: WatchedKey, now: datetime) -> float:
        self._log_once_a_day(key, now)
        try:
            await self._notify(key, now)
        except (SlackError, StoreError) as error:
            _log.warning(
                "cannot warn the admin about the API key yet",
                error=error.code,
                detail=error.detail,
            )
            return _RETRY_SECONDS if error.can_retry else _LONGEST_REST_SECONDS
        next_at = next_notice_at(key.expires_at, now)
        seconds = _LONGEST_REST_SECONDS if next_at is None else (next_at - now).total_seconds()
        return min(_LONGEST_REST_SECONDS, seconds)

    def _log_once_a_day(self, key: WatchedKey, now: datetime) -> None:
        warning = expiry_warning(key.expires_at, now, is_set_up=key.is_set_up)
        if warning is None:
            return
        self._logged_at = {each: at for each, at in self._logged_at.items() if now - at < _LOG_AGAIN}
        if (name := _Logged(key.org_id, key.expires_at)) not in self._logged_at:
            self._logged_at[name] = now
            _log.warning(warning, expires_at=key.expires_at.isoformat())

    async def _notify(self, key: WatchedKey, now: datetime) -> None:
        """Whoever is first puts the message into the outbox; Slack is asked only where nobody was."""
        home_id = key.home_id if key.is_set_up else ""
        notice = due_notice(key.org_id, key.expires_at, now, is_set_up=key.is_set_up, home_id=home_id)
        if notice is None or key.admin_user_id is None or await self._key_notices.was_notified_of_key(notice):
            return
        home = await key.slack.identity()
        channel_id = await key.slack.open_dm(key.admin_user_id)
        team_id = home.team_id or home.enterprise_id
        if await self._key_notices.notify_of_key(notice, team_id, channel_id, now):
            self._wake_delivery()
