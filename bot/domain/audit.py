"""The audit trail: who did what, where, on what, when, and with which result."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

KEPT_FOR: Final = timedelta(days=400)
"""Entries are kept so long, unless AUDIT_RETENTION_DAYS says otherwise."""
OPERATOR: Final = "operator"
"""Who did what was done on the command line, where nobody has a Slack ID."""
MAX_SUBJECT: Final = 200
_SINCE: Final = re.compile(r"(\d{1,4})d")


class Action(StrEnum):
    """What was done, or tried."""

    FEED_ON = "feed on"
    FEED_OFF = "feed off"
    DIGEST_ON = "digest on"
    DIGEST_OFF = "digest off"
    SUBSCRIBE = "subscribe"
    """A channel or a group conversation gets updates: others read them too."""
    STOP = "stop"
    """Unsubscribe by a button that names a subscription."""
    STOP_FOR_ALL = "stop for all"
    SETUP = "setup"
    """An organization is connected or removed, or somebody wants to; the subject is its ID."""
    INSTALL = "install"
    """The app is installed by a click, or somebody wants to; the subject is the workspace's ID, or the
    organization of workspaces'."""
    UNINSTALL = "uninstall"
    """The subject is why: Slack says what happened, and not who did it."""
    REQUEST = "request"
    """Anything that a person from another company sent, or that came for a workspace which is none of ours;
    the subject is its kind."""
    EXPORT = "export"
    FORGET = "forget"
    ADOPT = "adopt"


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    DENIED = "denied"
    """Whoever tried it isn't allowed to."""
    FAILED = "failed"
    """They are, but Slack takes no messages there: nothing was changed."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the trail."""

    at: datetime
    team_id: str
    channel_id: str
    """Empty where it happened in no conversation."""
    user_id: str
    """A Slack ID, `OPERATOR`, or an opaque number (``#17``) for a person who was forgotten.

    Empty where Slack does not say who it was.
    """
    action: str
    """An `Action`; another text where a newer version wrote it."""
    subject: str = ""
    """What it was done to: a job's ID, a filter, a schedule, an ID."""
    result: str = Result.DONE


def read_since(text: str, now: datetime) -> datetime:
    """The time that ``2026-03-01``, ``2026-03-01T09:00Z`` or ``30d`` means.

    Raises:
        ValueError: it is neither.
    """
    if days := _SINCE.fullmatch(text):
        return now - timedelta(days=int(days[1]))
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo)
