"""What people do in a soak, from its seed alone: their questions, and what they switch on and off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from tests.soak.plan import CALM_SECONDS, LAST_TURN_SECONDS, Size, workspace_name

QUESTION_EVERY_SECONDS: Final = 40.0
"""In each workspace, in the middle."""
_PAUSES: Final = 8


class Kind(StrEnum):
    """What somebody does, step by step; the letter stands in the names of the jobs they do it with."""

    COMMAND = "s"
    """Subscribe by a command, and maybe unsubscribe by one."""
    BUTTON = "b"
    """The same by buttons, on the answer to a mention."""
    ALERT = "a"
    """Set an alert, and maybe remove it before the value is reached."""
    GROUP = "t"
    """Subscribe to several jobs, and maybe unsubscribe before the second fails; the last stays queued."""
    FEED = "f"
    """Turn a feed on, off, and maybe on again."""
    DIGEST = "d"
    """Set a digest, and turn it off: once it came, or before."""
    PAUSE = "p"
    """Pause, and resume before the second of two jobs fails: by a command, or by the button."""


JOBS: Final = {
    Kind.COMMAND: 1,
    Kind.BUTTON: 1,
    Kind.ALERT: 1,
    Kind.GROUP: 3,
    Kind.FEED: 3,
    Kind.DIGEST: 0,
    Kind.PAUSE: 2,
}
"""How many each needs."""


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody does in one workspace."""

    workspace: int
    kind: Kind
    begins_at: float
    ends_early: bool
    """They switch it off before everything happened, or press a button where others type."""
    pauses: tuple[float, ...]
    """Before each step."""

    @property
    def jobs(self) -> tuple[str, ...]:
        """The jobs it is about, which nobody else subscribes to."""
        prefix = f"{workspace_name(self.workspace)}-{self.kind}"
        return tuple(f"{prefix}{number:04}" for number in range(JOBS[self.kind]))


@dataclass(frozen=True, slots=True)
class Question:
    """Something that somebody wants to know."""

    at: float
    workspace: int
    words: str
    is_mention: bool
    """It is a mention, and no slash command."""
    is_repeated: bool
    """Slack does not get the acknowledgment, and delivers it again to the next process."""


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """Everything; equal for equal seeds and sizes."""

    stories: tuple[Story, ...]
    questions: tuple[Question, ...]

    @property
    def jobs(self) -> Iterator[tuple[int, str]]:
        """The workspace and name of each job that stories are about."""
        return ((each.workspace, name) for each in self.stories for name in each.jobs)


def planned_people(seed: int, size: Size) -> PeoplePlan:
    """The plan of this seed."""
    random, seconds = Random(f"{seed} people"), size.minutes * 60.0  # noqa: S311  (the same in every run)
    stories = tuple(_story(random, place, kind, seconds) for place in range(size.workspaces) for kind in Kind)
    asked = (each for place in range(size.workspaces) for each in _questions(random, place, seconds))
    return PeoplePlan(stories, tuple(sorted(asked, key=lambda each: each.at)))


def _story(random: Random, workspace: int, kind: Kind, seconds: float) -> Story:
    begins_at = random.uniform(5.0, max(CALM_SECONDS, seconds * 0.4))
    pauses = tuple(random.uniform(5.0, max(6.0, seconds / 15)) for _ in range(_PAUSES))
    return Story(workspace, kind, begins_at, random.random() < 0.6, pauses)


def _questions(random: Random, workspace: int, seconds: float) -> Iterator[Question]:
    at = CALM_SECONDS / 2 + random.uniform(0.0, QUESTION_EVERY_SECONDS)
    while at < seconds - LAST_TURN_SECONDS:
        is_mention = random.random() < 0.5
        words = random.choice(_MENTIONED if is_mention else _TYPED)
        job = f"{workspace_name(workspace)}-g{random.randrange(4):04}"
        yield Question(at, workspace, words.format(job=job), is_mention, is_mention and random.random() < 0.5)
        at += random.uniform(0.2, 1.8) * QUESTION_EVERY_SECONDS


_TYPED: Final = (
    "{job}",
    "eta {job}",
    "why {job}",
    "metrics {job}",
    "report {job}",
    "list",
    "list failed",
    "subscriptions",
    "feed",
    "help",
)
_MENTIONED: Final = ("{job}", "eta {job}", "metrics {job}", "is {job} done yet?")
