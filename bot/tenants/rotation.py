"""Bot tokens that expire are exchanged for the next ones, by one process at a time.

Slack takes a refresh token once, and again for a short while: how short is not documented. So whoever takes
over from a process that died between Slack's answer and our record asks again with the same one, soon. If it
is too late, the earlier bot token still works until it expires: half its time is left to install the app
again, and nothing else is lost.

Source: https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError, StoreError
from bot.domain.ports import (
    ClaimedRefresh,
    Clock,
    Grant,
    InstallationStore,
    SealedTokens,
    SecretKind,
    SlackOAuth,
)
from bot.tasks import OnRound, working_for
from bot.tenants.installations import seal_tokens
from bot.tenants.sealing import Sealer, UnreadableSecretError

LEASE_SECONDS: Final = 15.0
"""Longer than one call to Slack can take, and short: see above."""
LOOK_SECONDS: Final = 30.0
"""How often is asked whether a token is due: another process may have installed the app."""
AT_ONCE: Final = 4
SOON_SECONDS: Final = 2.0
"""Before the second try, where Slack's answer was lost."""
LATER_SECONDS: Final = 300.0
"""Between tries that go on failing, and after a refusal that an operator can put right."""
KEEP_TRYING_SECONDS: Final = 600.0
"""Time for which a new token is held that the database doesn't take: nobody can get it a second time."""
WRITE_PAUSE_SECONDS: Final = 2.0

_HALF_SECONDS: Final = 6 * 3600.0
"""Half the time that a token lasts: how much of it is left when the next one is due."""

REFRESH_CLAIMED: Final = "refresh: claimed"
REFRESH_ANSWERED: Final = "refresh: Slack answered"
REFRESH_KEPT: Final = "refresh: kept"
CRASH_POINTS: Final = (REFRESH_CLAIMED, REFRESH_ANSWERED, REFRESH_KEPT)
"""At which tests kill the process."""

_OVER: Final = "invalid_refresh_token"
_OTHERS: Final = "other_installation"
_UNREADABLE: Final = "unreadable_secret"

_log = structlog.stdlib.get_logger(__name__)


class TokenRotation:
    """Goes on for as long as the process runs, also where no event of Slack's comes in."""

    def __init__(
        self,
        store: InstallationStore,
        sealer: Sealer,
        oauth: SlackOAuth,
        clock: Clock,
        on_crash_point: Callable[[str], None],
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._oauth = oauth
        self._clock = clock
        self._on_crash_point = on_crash_point
        self.problems = 0
        """Workspaces whose token could not be refreshed the last time, whichever process tried."""

    async def run(self, on_round: OnRound) -> None:
        """Until cancelled."""
        while True:
            try:
                seconds = await self.round()
            except StoreError as error:
                _log.warning("tokens cannot be refreshed yet", detail=error.detail)
                on_round(error)
                seconds = LOOK_SECONDS
            else:
                on_round(None)
            await self._clock.sleep(seconds)

    async def round(self) -> float:
        """Refresh every token that is due. Returns after how many seconds to come again.

        Raises:
            StoreError: the database does not answer.
        """
        await asyncio.gather(*(self._refresh_due() for _ in range(AT_ONCE)))
        self.problems = await self._store.refresh_problems()
        next_at = await self._store.next_refresh_at()
        if next_at is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.0, (next_at - self._clock.now()).total_seconds()))

    async def _refresh_due(self) -> None:
        while (claim := await self._store.claim_refresh(self._clock.now(), LEASE_SECONDS)) is not None:
            self._on_crash_point(REFRESH_CLAIMED)
            with working_for(claim.installation.team_id):
                await self._refresh(claim)

    async def _refresh(self, claim: ClaimedRefresh) -> None:
        home_id, sealed = claim.installation.team_id, claim.installation.tokens.refresh_token
        try:
            token = self._sealer.open(SecretKind.REFRESH_TOKEN, home_id, sealed or "")
        except UnreadableSecretError as error:
            _log.error("a token cannot be refreshed", detail=error.detail)
            await self._fail(claim, LATER_SECONDS, _UNREADABLE)
            return
        try:
            grant = await self._oauth.refresh(token)
        except SlackError as error:
            await self._refused(claim, error)
            return
        self._on_crash_point(REFRESH_ANSWERED)
        if grant.home_id != home_id:
            _log.error("Slack answered with another installation's token")
            await self._fail(claim, LATER_SECONDS, _OTHERS)
            return
        await self._keep(claim, self._sealed(grant))
        self._on_crash_point(REFRESH_KEPT)

    def _sealed(self, grant: Grant) -> SealedTokens:
        now, lasts = self._clock.now(), grant.expires_in_seconds
        expires_at = None if lasts is None else now + timedelta(seconds=lasts)
        bot, refresh = grant.bot_token, grant.refresh_token
        return seal_tokens(self._sealer, grant.home_id, bot, refresh, expires_at=expires_at, now=now)

    async def _keep(self, claim: ClaimedRefresh, tokens: SealedTokens) -> None:
        until = self._clock.monotonic() + KEEP_TRYING_SECONDS
        while True:
            try:
                is_kept = await self._store.finish_refresh(claim, tokens)
            except StoreError as error:
                _log.error("a new token cannot be kept yet", detail=error.detail)
                if self._clock.monotonic() >= until:
                    raise
                await self._clock.sleep(WRITE_PAUSE_SECONDS)
                continue
            if not is_kept:
                _log.warning("another process refreshed this token")
            return

    async def _refused(self, claim: ClaimedRefresh, error: SlackError) -> None:
        installation = claim.installation
        if error.slack_code == _OVER:
            _log.error(
                "this workspace has to install the app again: Slack takes its refresh token no more",
                token_expires_at=_written(installation.tokens.expires_at),
            )
            await self._store.fail_refresh(claim, None, _OVER)
            return
        seconds = self._pause(claim, error)
        _log.warning("a token was not refreshed", detail=error.detail, again_in=seconds)
        await self._fail(claim, seconds, error.slack_code)

    def _pause(self, claim: ClaimedRefresh, error: SlackError) -> float:
        """Soon after the first failure, then less and less often."""
        if isinstance(error, SlackLimitedError):
            return max(SOON_SECONDS, error.retry_after_seconds)
        if not isinstance(error, SlackPassingError):
            return LATER_SECONDS
        expires_at = claim.installation.tokens.expires_at
        if not claim.installation.problem or expires_at is None:
            return SOON_SECONDS
        left = (expires_at - self._clock.now()).total_seconds()
        overdue = max(0.0, _HALF_SECONDS - left)
        return min(LATER_SECONDS, max(SOON_SECONDS, overdue / 4))

    async def _fail(self, claim: ClaimedRefresh, seconds: float, problem: str) -> None:
        again_at = self._clock.now() + timedelta(seconds=seconds)
        await self._store.fail_refresh(claim, again_at, problem)


def _written(time: datetime | None) -> str:
    return "" if time is None else time.isoformat(timespec="seconds")
