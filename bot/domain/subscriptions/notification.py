"""What is worth telling in a thread: the facts of it, as they were when it was noticed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.domain.channels.digest import Digest
from bot.domain.subscriptions.subscription import Mode


class Kind(StrEnum):
    """What a message in a thread is about. The value is what the store keeps."""

    CARD = "card"
    """The card itself, which opens the thread."""
    STARTED = "started"
    PROGRESS = "progress"
    STALLED = "stalled"
    MOVING = "moving"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ENDED = "ended"
    """By a word that nobody documented and that does not say how."""
    ADDED = "added"
    """The reason of a failure, or the path of a completed job's model, came after the end was told."""
    API_DOWN = "api_down"
    API_BACK = "api_back"
    JOB_GONE = "job_gone"
    """404 three times in a row: the last word."""
    JOB_REFUSED = "job_refused"
    """400 five times in a row: the last word."""
    FINISHED = "finished"
    """Finished an hour ago: the last word."""
    EXPIRED = "expired"
    """Subscribed for 30 days: the last word."""
    FINDING = "finding"
    """The run doctor saw something in the metrics."""
    CONDITION = "condition"
    """An alert's value was reached, or can't be reached anymore."""
    DIGEST = "digest"
    """What the organisation's jobs did: belongs to a channel, not to a job."""
    KEY_EXPIRES = "key_expires"
    """The API key expires soon: a direct message to the admin."""


ENDS_OF_JOBS = frozenset({Kind.COMPLETED, Kind.FAILED, Kind.CANCELLED, Kind.ENDED})
"""How a job can end: what may be broadcast."""
_HALF = 50
_ONLY_MILESTONES = frozenset({Kind.STARTED, Kind.PROGRESS, Kind.STALLED, Kind.MOVING, Kind.FINDING})
_NOT_FED = frozenset({Kind.API_DOWN, Kind.API_BACK, Kind.FINISHED, Kind.EXPIRED})
"""Nobody asked for these threads: what concerns the bot more than the job is not told there."""
_WITH_CONDITIONS = frozenset({Kind.CARD, Kind.CONDITION, Kind.JOB_GONE, Kind.JOB_REFUSED, Kind.EXPIRED})
"""All that is told where somebody only waits for a condition."""


class Earlier(BaseModel):
    """Another job that failed the same way before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: str
    name: str | None = None
    """The experiment's name, without secrets and cut."""
    at: datetime
    """When it failed (aware, UTC)."""


class Notification(BaseModel):
    """One message to be. ``once_key`` makes it one of its kind for a subscription, for ever."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    once_key: str
    at: datetime
    """When it was noticed (aware, UTC)."""
    name: str | None = None
    """The experiment's name, without secrets and cut."""
    is_again: bool = False
    """For STARTED: the job had ended before."""
    progress: float | None = None
    milestone: int | None = None
    """For PROGRESS: 25, 50 or 75, the highest one passed."""
    queued_seconds: float | None = None
    """For STARTED, the ends, and a PROGRESS that tells the start as well."""
    eta_seconds: float | None = None
    duration_seconds: float | None = None
    gpu_hours: float | None = None
    quiet_seconds: float | None = None
    """For STALLED: how long there has been no progress; for MOVING: how long there was none."""
    since: datetime | None = None
    """For API_DOWN and API_BACK: since when Simplismart did not answer. For KEY_EXPIRES: when."""
    output_model_path: str | None = None
    error_message: str | None = None
    """Redacted and cut, see `bot.domain.job.stored`."""
    cause: str | None = None
    """For FAILED, and what was ADDED to it: what probably went wrong, see `bot.domain.diagnosis`; None where
    that is unsure."""
    advice: str | None = None
    """What to change, where ``cause`` is told; for a FINDING what may help."""
    earlier: Earlier | None = None
    """For FAILED, and what was ADDED to it: the last other job that failed with the same error."""
    finding: str | None = None
    """For FINDING: its class, see `bot.domain.curves.run_doctor`."""
    evidence: str | None = None
    """For FINDING: the values it was seen in; for CONDITION: the value that decided."""
    condition: str | None = None
    """For CONDITION: what was waited for, as `bot.domain.commands.conditions.condition` writes it."""
    is_met: bool = False
    """For CONDITION: it has come; else the job ended without."""
    ended_as: Kind | None = None
    """For CONDITION that did not come: how the job ended, one of `ENDS_OF_JOBS`."""
    ended_as_word: str | None = None
    """For an end: the status as it was sent, where nobody documented it; without secrets and cut."""
    user_id: str | None = None
    """For CONDITION: who waited."""
    digest: Digest | None = None
    """For DIGEST: what is told."""


def shows_curves(notification: Notification) -> bool:
    """Whether the loss so far belongs to it: at half of the way, and where the job ends."""
    return notification.kind in ENDS_OF_JOBS or (
        notification.kind is Kind.PROGRESS and notification.milestone == _HALF
    )


class Copy(NamedTuple):
    """How one subscription is told."""

    broadcast: bool


def copy_for(kind: Kind, mode: Mode, *, is_quiet: bool, is_fed: bool = False) -> Copy | None:
    """How a subscription in this mode is told about it; None if it is not.

    Only the end of a job is broadcast to the channel; for ``failures`` only a failure, with
    ``is_quiet`` nothing. ``is_fed``: the channel's feed opened it.
    """
    if kind in _ONLY_MILESTONES and mode is not Mode.MILESTONES:
        return None
    if (mode is Mode.CONDITIONS and kind not in _WITH_CONDITIONS) or (is_fed and kind in _NOT_FED):
        return None
    broadcast = kind is Kind.FAILED or (kind in ENDS_OF_JOBS and mode is not Mode.FAILURES)
    return Copy(broadcast=broadcast and not is_quiet)
