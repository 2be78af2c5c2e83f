"""States of the installation flow: signed, short-lived, used once, and bound to one browser.

Whoever asks for the installation page is given one, and nothing is stored for it: strangers can ask as often
as they like. Only a state that comes back in time, in the browser that it was given to, is written down.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final

from pydantic import SecretStr
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.domain.ports import Clock, InstallationStore

GOOD_FOR: Final = timedelta(minutes=10)
COOKIE: Final = "__Host-jobbot-install"
"""With this prefix a browser takes it over HTTPS alone, and from no other host."""

_STATE: Final = re.compile(r"([0-9]{1,12})\.[\w-]{43}\.[0-9a-f]{64}", re.ASCII)
_MOST_COOKIES: Final = 8_000


class SignedStates(AsyncOAuthStateStore):
    """Implements slack_sdk's store of states. ``secret`` is the app's, which every process has."""

    def __init__(self, store: InstallationStore, secret: SecretStr, clock: Clock) -> None:
        self._store = store
        self._secret = secret
        self._clock = clock

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new state."""
        until = self._clock.now() + GOOD_FOR
        text = f"{until.timestamp():.0f}.{token_urlsafe(32)}"
        return f"{text}.{_signature(self._secret, 'state', text)}"

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours, still good, and was not used before.

        Raises:
            StoreError: the database does not answer.
        """
        found = _STATE.fullmatch(state)
        if found is None:
            return False
        text, _, signature = state.rpartition(".")
        if not hmac.compare_digest(signature, _signature(self._secret, "state", text)):
            return False
        expires_at, now = datetime.fromtimestamp(int(found[1]), UTC), self._clock.now()
        return now < expires_at and await self._store.spend_state(state, expires_at, now)


class BrowserBinding(OAuthStateUtils):
    """The cookie that goes with a state. It can't be made from the state, which others may see."""

    def __init__(self, secret: SecretStr) -> None:
        super().__init__(cookie_name=COOKIE, expiration_seconds=int(GOOD_FOR.total_seconds()))
        self._secret = secret

    def build_set_cookie_for_new_state(self, state: str) -> str:
        """The header that sets it."""
        value = _signature(self._secret, "browser", state)
        return f"{super().build_set_cookie_for_new_state(value)}; SameSite=Lax"

    def is_valid_browser(self, state: str | None, request_headers: Mapping[str, str | Sequence[str]]) -> bool:
        """Whether the cookie is there."""
        sent = request_headers.get("cookie", "")
        cookies = sent if isinstance(sent, str) else ";".join(sent)
        if not state or not _STATE.fullmatch(state) or len(cookies) > _MOST_COOKIES:
            return False
        wanted = f"{COOKIE}={_signature(self._secret, 'browser', state)}".encode()
        pairs = (pair.strip().encode("utf-8", "replace") for pair in cookies.split(";"))
        return any(hmac.compare_digest(pair, wanted) for pair in pairs)


def _signature(secret: SecretStr, use: str, text: str) -> str:
    signed = f"jobbot install {use}\0{text}".encode()
    return hmac.new(secret.get_secret_value().encode(), signed, sha256).hexdigest()
