"""Warns before Simplismart's training API key expires: in the log, and in a direct message to the admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.domain.errors import SlackError, StoreError
from bot.domain.key_expiry import due_notice, expires_at, expiry_warning, next_notice_at
from bot.domain.ports import Clock
from bot.domain.ports.notices import KeyNoticeStore

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


def key_watch(  # noqa: PLR0913  (the ports, each by its name)
    key: str,
    key_notices: KeyNoticeStore,
    slack: DirectMessages,
    clock: Clock,
    *,
    org_id: str,
    admin_user_id: str | None,
    wake_delivery: Callable[[], None],
) -> KeyWatch | None:
    """What watches over this key; None where it does not say when it expires."""
    expiry = expires_at(key)
    if expiry is None:
        return None
    return KeyWatch(
        key_notices,
        slack,
        clock,
        org_id=org_id,
        expires_at=expiry,
        admin_user_id=admin_user_id,
        wake_delivery=wake_delivery,
    )


class KeyWatch:
    """Watches over one key, of which it knows only when it expires.

    ``admin_user_id`` is who gets the messages; without, the log says it alone.
    """

    def __init__(  # noqa: PLR0913  (the ports, each by its name)
        self,
        key_notices: KeyNoticeStore,
        slack: DirectMessages,
        clock: Clock,
        *,
        org_id: str,
        expires_at: datetime,
        admin_user_id: str | None,
        wake_delivery: Callable[[], None],
    ) -> None:
        self._key_notices = key_notices
        self._slack = slack
        self._clock = clock
        self._org_id = org_id
        self._expires_at = expires_at
        self._admin_user_id = admin_user_id
        self._wake_delivery = wake_delivery
        self._logged_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._clock.sleep(await self.round())

    async def round(self) -> float:
        """Warn if it is time. Returns after how many seconds to come again."""
        now = self._clock.now()
        self._log_once_a_day(now)
        try:
            await self._notify(now)
        except (SlackError, StoreError) as error:
            _log.warning("cannot warn the admin about the API key yet", error=error.code, detail=error.detail)
            return _RETRY_SECONDS if error.can_retry else _LONGEST_REST_SECONDS
        next_at = next_notice_at(self._expires_at, now)
        seconds = _LONGEST_REST_SECONDS if next_at is None else (next_at - now).total_seconds()
        return min(_LONGEST_REST_SECONDS, seconds)

    def _log_once_a_day(self, now: datetime) -> None:
        warning = expiry_warning(self._expires_at, now)
        if warning is not None and (self._logged_at is None or now - self._logged_at >= _LOG_AGAIN):
            self._logged_at = now
            _log.warning(warning, expires_at=self._expires_at.isoformat())

    async def _notify(self, now: datetime) -> None:
        """Whoever is first puts the message into the outbox; Slack is asked only where nobody was."""
        notice = due_notice(self._org_id, self._expires_at, now)
        if (
            notice is None
            or self._admin_user_id is None
            or await self._key_notices.was_notified_of_key(notice)
        ):
            return
        home = await self._slack.identity()
        channel_id = await self._slack.open_dm(self._admin_user_id)
        team_id = home.team_id or home.enterprise_id
        if await self._key_notices.notify_of_key(notice, team_id, channel_id, now):
            self._wake_delivery()
