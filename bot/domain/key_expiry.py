"""Until when Simplismart's training API key is good. Pure.

The key is a JWT, which says so itself. Only that is read from it: it is never verified, which is
Simplismart's affair, and neither it nor anything else in it is kept or told.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.job import parse_json
from bot.domain.job.reading import read_number, read_time

NOTICE_DAYS: Final = (7, 1)
"""Days before a key expires on which the admin is told, once each."""
_LONGEST: Final = 16 * 1024
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """One message to the admin. Its parts make it one of its kind, whoever sends it."""

    org_id: str
    expires_at: datetime
    days: int
    """One of `NOTICE_DAYS`."""
    is_set_up: bool = field(default=False, compare=False)
    """Somebody connected the organization with ``setup``: there the next key goes too."""
    home_id: str = ""
    """Whose key it is, as others may have one to the same organization; empty where the settings have it."""


def expires_at(key: str) -> datetime | None:
    """When it expires (aware, UTC); None where it does not say, or is no JWT."""
    parts = key.strip().split(".")
    if len(parts) != _PARTS or len(key) > _LONGEST:
        return None
    said = parts[1]
    try:
        claims = parse_json(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except ValueError:
        return None
    moment = claims.get("exp") if isinstance(claims, dict) else None
    return None if read_number(moment) is None else read_time(read_number(moment))


def is_near(expires: datetime, now: datetime) -> bool:
    """Whether it is time to warn: it expires within the first of `NOTICE_DAYS`, or has expired."""
    return expires - now <= timedelta(days=NOTICE_DAYS[0])


def due_notice(
    org_id: str, expires: datetime, now: datetime, *, is_set_up: bool = False, home_id: str = ""
) -> KeyNotice | None:
    """What the admin should have been told by now; nothing once it has expired, for then everybody sees it.

    Where the first was missed, the second says all that there is to say.
    """
    left = expires - now
    if left <= timedelta():
        return None
    days = min((days for days in NOTICE_DAYS if left <= timedelta(days=days)), default=None)
    return None if days is None else KeyNotice(org_id, expires, days, is_set_up, home_id)


def next_notice_at(expires: datetime, now: datetime) -> datetime | None:
    """When the next one is due; None where there is none any more."""
    times = [expires - timedelta(days=days) for days in NOTICE_DAYS]
    return min((each for each in times if each > now), default=None)


def expiry_warning(expires: datetime | None, now: datetime, *, is_set_up: bool = False) -> str | None:
    """What to tell the operator, fit for strangers' eyes; None while there is time, or nobody knows.

    ``is_set_up``: somebody connected the organization with ``setup``.
    """
    if expires is None or not is_near(expires, now):
        return None
    where = "enter it in setup" if is_set_up else "set SIMPLISMART_API_TOKEN"
    day = f"{expires:%Y-%m-%d %H:%M} UTC"
    if expires <= now:
        return f"the Simplismart API key expired on {day}. Issue a new one and {where}"
    days = (expires - now) // timedelta(days=1)
    left = f"in {days} {'day' if days == 1 else 'days'}" if days else "in less than a day"
    return f"the Simplismart API key expires {left}, on {day}. Issue a new one and {where}"
