"""What is asked of Slack while the app is installed, and when a token is about to expire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack hands out: a bot token, for whom, and how long it lasts. Secrets are in no ``repr``."""

    bot_token: SecretStr
    refresh_token: SecretStr | None
    """None where the app's tokens don't expire."""
    expires_in_seconds: float | None
    team_id: str
    """Empty where the app was installed for a whole Enterprise Grid organization."""
    enterprise_id: str
    is_org_wide: bool
    app_id: str
    bot_user_id: str
    scopes: frozenset[str]
    installer_user_id: str
    place_name: str
    """The workspace's name, or the organization's; anything may stand in it."""

    @property
    def home_id(self) -> str:
        """Under which everything of it is stored."""
        return self.enterprise_id if self.is_org_wide else self.team_id


class SlackOAuth(Protocol):
    """The calls that are made with the app's client secret. Each raises `SlackError` when Slack refuses."""

    async def exchange(self, code: str) -> Grant:
        """`oauth.v2.access`: the token for a code that Slack sent the installer back with. A code works once.

        Raises:
            SlackPermanentError: with ``slack_code`` ``invalid_code``; or Slack's answer is not one.
        """
        ...

    async def refresh(self, refresh_token: SecretStr) -> Grant:
        """`oauth.v2.access`: the next pair of tokens.

        The earlier bot token lasts until it expires; the refresh token works again for a short while only,
        in which its holder may ask once more after an answer was lost.

        Raises:
            SlackPermanentError: with ``slack_code`` ``invalid_refresh_token``.
        """
        ...

    async def revoke(self, bot_token: SecretStr) -> None:
        """`auth.revoke`: the token works no longer."""
        ...
