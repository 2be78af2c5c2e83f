"""What happens in a soak, from its seed alone: the jobs, what people ask for, and every fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Final

from bot.delivery import crash_points as delivery
from bot.domain.clocks import CLOCK_SKEW
from bot.handlers.deliveries import crash_points as answering
from bot.watcher.crash_points import CRASH_POINTS as WATCHER_STEPS
from tests.chaos.telling import RUN, Turn

CALM_SECONDS: Final = 20.0
"""At the beginning, before the first fault."""
LAST_TURN_SECONDS: Final = 30.0
"""Before the end no turn begins anymore."""
GROUP_SIZE: Final = 4
FAILS: Final = Turn("FAILED", 60.0, "failed", "Failed")
SLOTS: Final = 4
"""Processes: the first two serve, the others are workers."""


class Role(StrEnum):
    """What a job is there for."""

    SINGLE = "j"
    GROUP = "g"


class FaultKind(StrEnum):
    """What goes wrong."""

    KILL = "kill"
    """``kill -9`` at a moment."""
    KILL_AT = "kill at a crash point"
    STOP = "stop"
    """SIGSTOP at a crash point, for longer than a lease."""
    SLACK = "Slack"
    RESPONSE = "response URL"
    TRAINING_API = "training API"
    DATABASE = "database restart"
    JUMP = "clock jump"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    minutes: float
    """On the clock that everybody shares."""
    workspaces: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job, and what happens to it. The next turn comes when the thread got the last one."""

    workspace: int
    role: Role
    number: int
    begins_at: float
    turns: tuple[Turn, ...]
    pauses: tuple[float, ...]
    """Before each turn."""
    has_alert: bool = False

    @property
    def name(self) -> str:
        """Its name and ID; no other workspace has one like it."""
        return f"{workspace_name(self.workspace)}-{self.role}{self.number:04}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    at: float
    kind: FaultKind
    what: str
    """The crash point, the kind of failure."""
    target: int
    """The process's slot, or the workspace."""
    seconds: float = 0.0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything; equal for equal seeds and sizes."""

    seconds: float
    jobs: tuple[Job, ...]
    digests_at: tuple[float, ...]
    """By workspace."""
    faults: tuple[Fault, ...]


def workspace_name(number: int) -> str:
    """What the names of this workspace's jobs begin with."""
    return f"w{number:03}"


def planned(seed: int, size: Size) -> Plan:
    """The plan of this seed."""
    random, seconds = Random(seed), size.minutes * 60.0  # noqa: S311  (the same in every run)
    jobs = tuple(_job(random, place, size, seconds) for place in range(size.jobs))
    digests = tuple(random.uniform(CALM_SECONDS, seconds - LAST_TURN_SECONDS) for _ in range(size.workspaces))
    faults = sorted(_faults(random, size, seconds), key=lambda each: each.at)
    return Plan(seconds, jobs, digests, tuple(_not_too_far_ahead(faults)))


def _job(random: Random, place: int, size: Size, seconds: float) -> Job:
    number, workspace = divmod(place, size.workspaces)
    role = Role.GROUP if number < GROUP_SIZE else Role.SINGLE
    ends_well = random.random() < 0.7
    last = RUN[-1] if ends_well else FAILS
    middle = (turn for turn in RUN[1:-1] if random.random() < 0.6 and turn.progress < last.progress)
    turns = (RUN[0], *middle, last)
    pauses = tuple(random.uniform(5.0, max(6.0, seconds / 8)) for _ in turns)
    begins_at, has_alert = random.uniform(0.0, seconds / 3), role is Role.SINGLE and random.random() < 0.1
    return Job(workspace, role, number, begins_at, turns, pauses, has_alert)


def _faults(random: Random, size: Size, seconds: float) -> Iterator[Fault]:
    """Each kind comes at its own pace, from the calm beginning to the calm end."""
    for kind, every_seconds in _PACES.items():
        at = CALM_SECONDS + random.uniform(0.0, every_seconds)
        while at < seconds - LAST_TURN_SECONDS:
            yield _fault(random, kind, at, size)
            at += random.uniform(0.5, 1.5) * every_seconds


def _not_too_far_ahead(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Jumps add up: with the bot's clock further ahead than this nobody promises to know what came first."""
    ahead_seconds = 0.0
    for each in faults:
        if each.kind is not FaultKind.JUMP:
            yield each
            continue
        seconds = min(each.seconds, CLOCK_SKEW.total_seconds() - ahead_seconds)
        ahead_seconds += seconds
        yield replace(each, seconds=seconds)


def _fault(random: Random, kind: FaultKind, at: float, size: Size) -> Fault:
    slot, workspace = random.randrange(SLOTS), random.randrange(size.workspaces)
    if kind is FaultKind.KILL_AT:
        return Fault(at, kind, random.choice(_DYING_AT), slot)
    if kind is FaultKind.STOP:
        return Fault(at, kind, random.choice(_STOPPING_AT), slot, seconds=random.uniform(5.0, 15.0))
    if kind in {FaultKind.SLACK, FaultKind.RESPONSE}:
        return Fault(at, kind, random.choice(_OF_SLACK), workspace, count=random.randint(1, 3))
    if kind is FaultKind.TRAINING_API:
        return Fault(at, kind, random.choice(_OF_TRAINING_API), workspace, random.uniform(3.0, 20.0))
    if kind is FaultKind.JUMP:
        return Fault(at, kind, "", 0, seconds=random.choice((-600.0, -30.0, 30.0, 600.0)))
    return Fault(at, kind, "", slot)


_PACES: Final = {
    FaultKind.KILL: 45.0,
    FaultKind.KILL_AT: 30.0,
    FaultKind.STOP: 90.0,
    FaultKind.SLACK: 4.0,
    FaultKind.RESPONSE: 12.0,
    FaultKind.TRAINING_API: 8.0,
    FaultKind.DATABASE: 120.0,
    FaultKind.JUMP: 150.0,
}
"""Seconds from one to the next, in the middle."""
_ASLEEP_AT: Final = tuple(step for step in answering.CRASH_POINTS if step != answering.TAKEN_UP)
_DYING_AT: Final = (*WATCHER_STEPS, *delivery.CRASH_POINTS, *answering.CRASH_POINTS)
_STOPPING_AT: Final = (*WATCHER_STEPS, *delivery.CRASH_POINTS, *_ASLEEP_AT)
_OF_SLACK: Final = ("rate_limited", "server_error", "html", "lost", "lost_answer", "timeout")
_OF_TRAINING_API: Final = (
    "rate_limited",
    "server_error",
    "html",
    "down",
    "list_down",
    "list_refused",
    "slow",
)
