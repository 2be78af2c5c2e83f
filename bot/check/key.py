"""What the check says of the API key itself."""

from __future__ import annotations

from datetime import datetime

from bot.check.finding import Finding
from bot.domain.key_expiry import expires_at, expiry_warning


def key_expiry(key: str, now: datetime) -> Finding:
    """Until when the API key is good, as far as it says so itself."""
    name, expires = "api key", expires_at(key)
    if expires is None:
        return Finding(name, note="it does not say when it expires")
    warning = expiry_warning(expires, now) or ""
    if expires <= now:
        return Finding(name, warning)
    return Finding(name, note=f"good until {expires:%Y-%m-%d %H:%M} UTC", warning=warning)
