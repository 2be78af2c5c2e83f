"""What a digest tells: the jobs of an organisation over a day or a week, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Period(StrEnum):
    """How often; people type these words."""

    DAILY = "daily"
    WEEKLY = "weekly"
    """On Mondays."""


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """A channel's digest, as it is set."""

    team_id: str
    channel_id: str
    org_id: str
    user_id: str
    """Who set it last; empty once that person is forgotten."""
    period: Period
    at_minutes: int
    """The local time of day: minutes since midnight."""
    time_zone: str
    """An IANA name, such as ``Europe/Berlin``."""
    next_at: datetime
    """When the next one is due (aware, UTC)."""
    since: datetime
    """The next one tells what happened from then on (aware, UTC)."""


class Run(BaseModel):
    """A job in a line."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: str
    name: str | None = None
    """Without secrets and cut."""
    progress: float | None = None
    """For one that runs."""
    finding: str = ""
    """What the run doctor found in it: the name of a class of findings, perhaps a newer one."""


class FailureGroup(BaseModel):
    """Jobs that failed for the same reason."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reason: str | None = None
    """The likely cause or the error's first words, without secrets; None where nothing is known."""
    count: int
    runs: tuple[Run, ...] = ()
    """Some of them, newest first."""


class Digest(BaseModel):
    """What is told. Lists are cut to what a message holds; the counts are whole."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    period: Period
    since: datetime
    until: datetime
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    running: int = 0
    queued: int = 0
    knows_list: bool = True
    """Else it is not known what runs and waits: Simplismart did not say."""
    gpu_hours: float | None = None
    """Of the jobs that ended; None where none is known."""
    without_gpu_hours: int = 0
    """Ended jobs whose GPU-hours are not known."""
    completed_runs: tuple[Run, ...] = ()
    """Those with a finding first, here and of those that run."""
    failures: tuple[FailureGroup, ...] = ()
    """The largest group first."""
    running_runs: tuple[Run, ...] = ()
