"""Installations as slack_sdk's flow saves and finds them, over our store: its tokens sealed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from logging import Logger
from typing import Final

import structlog
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from bot.domain.audit import Action, AuditEntry, Result
from bot.domain.errors import StoreError
from bot.domain.ports import (
    Clock,
    Grant,
    InstallationStore,
    SealedTokens,
    SecretKind,
    StoredInstallation,
)
from bot.tenants.sealing import Sealer

ANYBODY: Final = "*"
Audit = Callable[[AuditEntry], Awaitable[object]]
"""Adds to the audit trail; never raises."""

_log = structlog.stdlib.get_logger(__name__)


class NotAllowedError(BoltError):
    """This workspace is none of those that may install the app."""


class Installations(AsyncInstallationStore):
    """Implements slack_sdk's store.

    ``allowed``: which workspaces may install; None: whose the database is, else the first that does.
    ``changed`` is called with each that was kept, so that it counts in this process at once.
    """

    def __init__(  # noqa: PLR0913  (the ports, each by its name)
        self,
        store: InstallationStore,
        sealer: Sealer,
        clock: Clock,
        allowed: frozenset[str] | None,
        *,
        changed: Callable[[], Awaitable[object]],
        audit: Audit,
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._allowed = allowed
        self._changed = changed
        self._audit = audit

    @property
    def logger(self) -> Logger:
        """Where slack_sdk logs."""
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """Keep it, in the place of an earlier one.

        Raises:
            NotAllowedError: this workspace can't install the app; nothing was done.
            StoreError: the database does not answer.
        """
        made = self._sealed(installation)
        names = {ANYBODY, made.team_id, made.enterprise_id}
        is_kept = (self._allowed is None or not self._allowed.isdisjoint(names)) and (
            await self._store.install(made, is_first_only=self._allowed is None)
        )
        await self._record(made, Result.DONE if is_kept else Result.DENIED)
        if not is_kept:
            raise NotAllowedError(made.team_id)
        try:
            await self._changed()
        except StoreError as error:
            _log.warning("an installation counts a little later", detail=error.detail)

    async def _record(self, made: StoredInstallation, result: Result) -> None:
        now, home_id, who = self._clock.now(), made.team_id, made.installer_user_id
        await self._audit(AuditEntry(now, home_id, "", who, Action.INSTALL, home_id, result))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002  (slack_sdk's; there are no tokens of people)
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The workspace's own, else that of its organization; None where there is none with a token.

        Raises:
            StoreError: the database does not answer, or no key opens its token.
        """
        homes = [enterprise_id] if is_enterprise_install else [team_id, enterprise_id]
        found = {each.team_id: each for each in await self._store.installations()}
        known = (found[home] for home in homes if home in found)
        return next((self._opened(each) for each in known if each.tokens.bot_token is not None), None)

    def _sealed(self, installation: Installation) -> StoredInstallation:
        now, is_org_wide = self._clock.now(), installation.is_enterprise_install
        enterprise_id = installation.enterprise_id or ""
        home_id = enterprise_id if is_org_wide else installation.team_id or ""
        refresh, expires_at = installation.bot_refresh_token, installation.bot_token_expires_at
        return StoredInstallation(
            team_id=home_id,
            enterprise_id=enterprise_id,
            is_org_wide=is_org_wide,
            app_id=installation.app_id or "",
            bot_user_id=installation.bot_user_id or "",
            scopes=frozenset(installation.bot_scopes or ()),
            installer_user_id=installation.user_id or "",
            installed_at=now,
            tokens=seal_tokens(
                self._sealer,
                home_id,
                SecretStr(installation.bot_token or ""),
                SecretStr(refresh) if refresh else None,
                expires_at=None if expires_at is None else datetime.fromtimestamp(expires_at, UTC),
                now=now,
            ),
        )

    def _opened(self, stored: StoredInstallation) -> Installation:
        token = stored.tokens.bot_token or ""
        opened = self._sealer.open(SecretKind.BOT_TOKEN, stored.team_id, token)
        return Installation(
            app_id=stored.app_id,
            enterprise_id=stored.enterprise_id or None,
            team_id=None if stored.is_org_wide else stored.team_id,
            bot_token=opened.get_secret_value(),
            bot_user_id=stored.bot_user_id,
            bot_scopes=sorted(stored.scopes),
            bot_token_expires_at=stored.tokens.expires_at,
            user_id=stored.installer_user_id,
            is_enterprise_install=stored.is_org_wide,
            installed_at=stored.installed_at,
        )


def as_installation(grant: Grant, now: datetime) -> Installation:
    """What Slack handed out, as slack_sdk's flow hands it on."""
    lasts = grant.expires_in_seconds
    return Installation(
        app_id=grant.app_id,
        enterprise_id=grant.enterprise_id or None,
        enterprise_name=grant.place_name if grant.is_org_wide else None,
        team_id=grant.team_id or None,
        team_name=None if grant.is_org_wide else grant.place_name,
        bot_token=grant.bot_token.get_secret_value(),
        bot_user_id=grant.bot_user_id,
        bot_scopes=sorted(grant.scopes),
        bot_refresh_token=None if grant.refresh_token is None else grant.refresh_token.get_secret_value(),
        bot_token_expires_at=None if lasts is None else int(now.timestamp() + lasts),
        user_id=grant.installer_user_id,
        is_enterprise_install=grant.is_org_wide,
        installed_at=now,
    )


def seal_tokens(  # noqa: PLR0913  (what is known of them)
    sealer: Sealer,
    home_id: str,
    bot_token: SecretStr,
    refresh_token: SecretStr | None,
    *,
    expires_at: datetime | None,
    now: datetime,
) -> SealedTokens:
    """Tokens as they are stored. The next ones are asked for in the middle of their time.

    If that fails for good, the other half is left to install the app again.
    """
    lasts = None if expires_at is None else expires_at - now
    return SealedTokens(
        bot_token=sealer.seal(SecretKind.BOT_TOKEN, home_id, bot_token),
        refresh_token=(
            None if refresh_token is None else sealer.seal(SecretKind.REFRESH_TOKEN, home_id, refresh_token)
        ),
        expires_at=expires_at,
        refresh_at=None if refresh_token is None or lasts is None else now + lasts / 2,
    )
