"""Codes, bot tokens and refresh tokens, handed out by ``oauth.v2.access``.

A code is good for ten minutes, once. With rotation a bot token lasts twelve hours, of which no installation
has more than two at a time; a refresh token that was used works again for a short while.

Sources: https://docs.slack.dev/authentication/installing-with-oauth, …/using-token-rotation. How short the
while is, is not documented: `Grants.grace_seconds` is a guess that tests change.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.ports import Clock
from bot.playground.workspace.identity import Identity
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.web_api.arguments import text_of

CODE_SECONDS: Final = 600.0
TOKEN_SECONDS: Final = 43_200
MOST_TOKENS: Final = 2
"""Active at once, of one installation."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody said yes to: where, who, and to which scopes."""

    team_id: str
    user_id: str
    scopes: frozenset[str]
    enterprise_id: str = ""
    bot_user_id: str = ""
    """Who the bot is there; empty: as in the first workspace."""
    team_name: str = "Playground"
    is_org_wide: bool = False
    """For the whole organization: it names no workspace then."""

    @property
    def home_id(self) -> str:
        """Which installation it is."""
        return self.enterprise_id if self.is_org_wide else self.team_id


@dataclass(slots=True)
class Tokens:
    """A bot token that was handed out, with the refresh token that came with it."""

    approval: Approval
    bot_token: str
    refresh_token: str = ""
    expires_at: float = math.inf
    refreshed_at: float = math.inf
    """When the refresh token was first used."""
    is_revoked: bool = False


@dataclass(slots=True)
class Grants:
    """Everything that was handed out."""

    clock: Clock
    identity: Identity
    client_id: str = "4721000000.9150000000"
    client_secret: str = field(default="0f1e2d3c4b5a69788796a5b4c3d2e1f0", repr=False)
    rotates: bool = False
    """Whether the app has token rotation on."""
    grace_seconds: float = 60.0
    """How long a used refresh token works again."""
    handed_out: list[Tokens] = field(default_factory=list)
    _codes: dict[str, tuple[Approval, float]] = field(default_factory=dict)
    _made: int = 0

    def approve(self, approval: Approval) -> str:
        """Somebody says yes: the code that Slack sends them back with."""
        code = f"{self._next()}.{self._next()}.code"
        self._codes[code] = approval, self.clock.monotonic() + CODE_SECONDS
        return code

    @property
    def waiting(self) -> list[tuple[Approval, float]]:
        """What was approved, and is not exchanged yet; with when its code expires."""
        return list(self._codes.values())

    def access(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """`oauth.v2.access`.

        Raises:
            Refusal: with Slack's code.
        """
        if not _same(text_of(arguments, "client_id"), self.client_id):
            refuse("invalid_client_id")
        if not _same(text_of(arguments, "client_secret"), self.client_secret):
            refuse("bad_client_secret")
        grant_type = text_of(arguments, "grant_type")
        if grant_type not in {"", "authorization_code", "refresh_token"}:
            refuse("invalid_grant_type")
        if grant_type == "refresh_token":
            return self._answer(self._refreshed(text_of(arguments, "refresh_token")), is_new=False)
        return self._answer(self._exchanged(text_of(arguments, "code")), is_new=True)

    def find(self, bot_token: str) -> Tokens | None:
        """What belongs to a bot token that works; None where it was not handed out here.

        Raises:
            Refusal: ``token_revoked`` or ``token_expired``.
        """
        found = next((each for each in self.handed_out if _same(each.bot_token, bot_token)), None)
        if found is not None and found.is_revoked:
            refuse("token_revoked")
        if found is not None and self.clock.monotonic() >= found.expires_at:
            refuse("token_expired")
        return found

    def home_of(self, bot_token: str) -> str:
        """Where it was handed out for, whether it still works or not; empty: not here."""
        found = (each.approval.home_id for each in self.handed_out if _same(each.bot_token, bot_token))
        return next(found, "")

    def revoke_all(self, home_id: str) -> None:
        """The app was uninstalled there."""
        for each in self.handed_out:
            each.is_revoked = each.is_revoked or each.approval.home_id == home_id

    def _exchanged(self, code: str) -> Tokens:
        approval, until = self._codes.pop(code, (None, 0.0))
        if approval is None or self.clock.monotonic() >= until:
            refuse("invalid_code")
        return self._hand_out(approval)

    def _refreshed(self, refresh_token: str) -> Tokens:
        now = self.clock.monotonic()
        used = next((each for each in self.handed_out if _same(each.refresh_token, refresh_token)), None)
        if (
            used is None
            or not refresh_token
            or used.is_revoked
            or now >= used.refreshed_at + self.grace_seconds
        ):
            refuse("invalid_refresh_token")
        used.refreshed_at = min(used.refreshed_at, now)
        made = self._hand_out(used.approval)
        active = [each for each in self._of(used.approval) if now < each.expires_at]
        for oldest in active[:-MOST_TOKENS]:
            oldest.is_revoked = True
        return made

    def _hand_out(self, approval: Approval) -> Tokens:
        if not self.rotates:
            # As Slack does: the token of an installation that is made again is the same.
            same = next(iter(self._of(approval)), None)
            made = Tokens(approval, same.bot_token if same else f"xoxb-{self._next()}-{approval.home_id}")
        else:
            expires_at = self.clock.monotonic() + TOKEN_SECONDS
            made = Tokens(
                approval, f"xoxe.xoxb-1-{self._next()}", f"xoxe-1-{self._next()}", expires_at=expires_at
            )
        self.handed_out.append(made)
        return made

    def _of(self, approval: Approval) -> list[Tokens]:
        mine = (each for each in self.handed_out if each.approval.home_id == approval.home_id)
        return [each for each in mine if not each.is_revoked]

    def _answer(self, made: Tokens, *, is_new: bool) -> Mapping[str, Any]:
        approval = made.approval
        expiring = {"expires_in": TOKEN_SECONDS, "refresh_token": made.refresh_token}
        enterprise = {"id": approval.enterprise_id, "name": "The organization"}
        return {
            "ok": True,
            "app_id": self.identity.api_app_id,
            **({"authed_user": {"id": approval.user_id}} if is_new else {}),
            "scope": ",".join(sorted(approval.scopes)),
            "token_type": "bot",
            "access_token": made.bot_token,
            "bot_user_id": approval.bot_user_id or self.identity.bot_user_id,
            "team": None if approval.is_org_wide else {"id": approval.team_id, "name": approval.team_name},
            "enterprise": enterprise if approval.enterprise_id else None,
            "is_enterprise_install": approval.is_org_wide,
            **(expiring if made.refresh_token else {}),
        }

    def _next(self) -> str:
        self._made += 1
        return f"{self._made:010d}"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
