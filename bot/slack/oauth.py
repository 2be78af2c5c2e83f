"""The calls made with the app's client secret: codes and refresh tokens become bot tokens.

Source: https://docs.slack.dev/reference/methods/oauth.v2.access, …/authentication/using-token-rotation
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from bot.domain.errors import SlackPermanentError
from bot.domain.ports import Clock, Grant
from bot.slack.web_api.calling import SlackCalls
from bot.slack.web_api.waits import TeamWaits

_ACCESS: Final = "oauth.v2.access"
_BOT_TOKENS: Final = ("xoxb-", "xoxe.xoxb-")
_LONGEST_SECONDS: Final = 30 * 24 * 3600.0
"""Tokens last twelve hours; what lasts longer than this is no time that Slack says."""
_MOST_CHARACTERS: Final = 2_000
"""Of a token; of an ID or a name ten times less."""


class OAuthCalls:
    """Implements `bot.domain.ports.SlackOAuth` over HTTP."""

    def __init__(  # noqa: PLR0913, PLR0917  (the connection pool, the address, the app, and the ports)
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        client_id: str,
        client_secret: SecretStr,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        *,
        waits: TeamWaits | None = None,
    ) -> None:
        self._calls = SlackCalls(session, api_url, "", clock, jitter, waits=waits)
        self._client_id = client_id
        self._client_secret = client_secret

    async def exchange(self, code: str) -> Grant:
        """See the port."""
        return await self._access({"code": code})

    async def refresh(self, refresh_token: SecretStr) -> Grant:
        """See the port."""
        secret = refresh_token.get_secret_value()
        grant = await self._access({"grant_type": "refresh_token", "refresh_token": secret})
        if grant.refresh_token is None:
            msg = f"{_ACCESS}: there is no next refresh token in the answer"
            raise SlackPermanentError(msg, slack_code="unreadable")
        return grant

    async def revoke(self, bot_token: SecretStr) -> None:
        """See the port."""
        await self._calls.call("auth.revoke", {"token": bot_token.get_secret_value()}, form=True)

    async def _access(self, arguments: Mapping[str, str]) -> Grant:
        app = {"client_id": self._client_id, "client_secret": self._client_secret.get_secret_value()}
        answer, _ = await self._calls.call(_ACCESS, {**app, **arguments}, form=True)
        return read_grant(answer)


def read_grant(answer: Mapping[str, Any]) -> Grant:
    """What was handed out; nothing in the answer is sure to be there, or of the type it should be.

    Raises:
        SlackPermanentError: there is no bot token, or nobody whose it is.
    """
    token, refresh = (_text(answer, name, _MOST_CHARACTERS) for name in ("access_token", "refresh_token"))
    team, enterprise, user = (_mapping(answer.get(name)) for name in ("team", "enterprise", "authed_user"))
    is_org_wide = answer.get("is_enterprise_install") is True
    grant = Grant(
        bot_token=SecretStr(token),
        refresh_token=SecretStr(refresh) if refresh else None,
        expires_in_seconds=_seconds(answer.get("expires_in")),
        team_id="" if is_org_wide else _text(team, "id"),
        enterprise_id=_text(enterprise, "id"),
        is_org_wide=is_org_wide,
        app_id=_text(answer, "app_id"),
        bot_user_id=_text(answer, "bot_user_id"),
        scopes=frozenset(filter(None, _text(answer, "scope", _MOST_CHARACTERS).split(","))),
        installer_user_id=_text(user, "id"),
        place_name=_text(enterprise if is_org_wide else team, "name"),
    )
    rotates = (grant.refresh_token is None, grant.expires_in_seconds is None)
    if not token.startswith(_BOT_TOKENS) or not grant.home_id or len(set(rotates)) > 1:
        msg = f"{_ACCESS}: the answer has no bot token that can be kept"
        raise SlackPermanentError(msg, slack_code="unreadable")
    return grant


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Mapping[str, Any], name: str, most: int = _MOST_CHARACTERS // 10) -> str:
    found = value.get(name)
    return found if isinstance(found, str) and len(found) <= most else ""


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value <= _LONGEST_SECONDS else None
