"""One person in a story: asks until they are told what they want to hear, and lets things happen to jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from bot.domain.ports import Clock
from bot.playground.workspace import GRACE, ME, Message
from tests.chaos.telling import Turn
from tests.soak.people.asking import Asked, Asking
from tests.soak.people.plan import Kind, Story
from tests.soak.slack import Slack, channel_id
from tests.soak.training_api import TrainingApis

PATIENCE_SECONDS: Final = 40.0
"""So long people wait for an answer before they ask again."""
_LOOK_SECONDS: Final = 1.0
_SETTLED_SECONDS: Final = 40.0
"""After a process died or slept, what it had been asked is done by then: its lease, and a round."""
_MOST_SECONDS: Final = 1_500.0
"""What does not come is a finding; the story goes on."""


@dataclass(slots=True)
class Stage:
    """What every story takes place on."""

    asking: Asking
    slack: Slack
    apis: TrainingApis
    clock: Clock
    trouble: Callable[[int], Collection[float]]
    """When a process died, fell asleep or woke."""
    is_awake: Callable[[int], bool]
    """Whether a process answers or is dead, rather than asleep."""


@dataclass(slots=True)
class Actor:
    """Whoever acts in one story."""

    stage: Stage
    story: Story
    room: int
    asked: list[Asked] = field(default_factory=list)
    """Everything they asked."""
    failed: list[str] = field(default_factory=list)
    """The jobs that they let fail."""
    _steps: int = 0

    @property
    def user_id(self) -> str:
        """Who that is: a pause counts for everything that somebody gets."""
        return GRACE if self.story.kind is Kind.PAUSE else ME

    async def pause(self) -> None:
        """Before the next step."""
        await self.stage.clock.sleep(self.story.pauses[self._steps % len(self.story.pauses)])
        self._steps += 1

    async def ask(self, text: str, *signs: str) -> None:
        """A slash command, until it is confirmed."""
        command = partial(self.stage.asking.command, self.story.workspace, self.room, self.user_id, text)
        await self.until_confirmed(command, *signs)

    async def until_confirmed(self, act: Callable[[], Awaitable[Asked | None]], *signs: str) -> None:
        """People ask again until an answer has any of these: where they got none, or another one."""
        first = len(self.asked)
        while not self._was_told(first, signs):
            if (asked := await act()) is not None:
                self.asked.append(asked)
                await self._answer_to(asked)
            if not self._was_told(first, signs):
                await self.stage.clock.sleep(5.0)
        # An earlier one may still be done, after what is asked next: Slack gave it up, the bot did not.
        for each in self.asked[first:]:
            await self.until(partial(self._is_settled, each))

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait for something, though not forever."""
        until = self.stage.clock.monotonic() + _MOST_SECONDS
        while not is_so() and self.stage.clock.monotonic() < until:
            await self.stage.clock.sleep(_LOOK_SECONDS)

    def set(self, name: str, turn: Turn) -> None:
        """Something happens to a job."""
        self.stage.apis.suites[self.story.workspace].set(name, status=turn.status, progress=turn.progress)
        if turn.status == "FAILED":
            self.failed.append(name)

    def log(self, name: str, *losses: float) -> None:
        """A job logs its loss."""
        points = ({"key": "loss", "value": value, "step": step} for step, value in enumerate(losses, 1))
        self.stage.apis.suites[self.story.workspace].log(name, *points)

    def got(self, *words: str, in_thread: bool = True) -> bool:
        """Whether a message in this room says all of this."""
        return any(
            each.ts and bool(each.thread_ts) is in_thread and all(word in each.text for word in words)
            for each in reversed(self.stage.slack.in_rooms[channel_id(self.story.workspace, self.room)])
        )

    def button(self, action_id: str, thread_ts: str | None) -> Message | None:
        """The newest message in this thread, or in none, that has this button."""
        for message in reversed(self.stage.asking.messages(self.story.workspace, self.room)):
            if message.thread_ts == thread_ts and action_id in str(message.blocks):
                return message
        return None

    async def press(self, action_id: str, thread_ts: str | None) -> Asked | None:
        """That button; None where there is none, for the answer has taken its place."""
        message = self.button(action_id, thread_ts)
        if message is None:
            return None
        there = self.story.workspace, self.room, self.user_id
        return await self.stage.asking.press(*there, message, action_id)

    async def _answer_to(self, asked: Asked) -> None:
        """Wait for it as long as people do; Slack says at once what nobody acknowledged."""
        until = self.stage.clock.monotonic() + PATIENCE_SECONDS
        while asked.is_acked and self.stage.clock.monotonic() < until and not self.stage.asking.said(asked):
            await self.stage.clock.sleep(_LOOK_SECONDS)

    def _was_told(self, first: int, signs: Collection[str]) -> bool:
        said = (text for each in self.asked[first:] for text in self.stage.asking.said(each))
        return any(sign in text for text in said for sign in signs)

    def _is_settled(self, asked: Asked) -> bool:
        """Nobody is at it anymore, nor takes it up."""
        now, stage = self.stage.clock.monotonic(), self.stage
        if asked.is_acked and asked.changes and not asked.ack_text and not stage.asking.answers(asked):
            return False
        if not all(stage.is_awake(each.process) for each in asked.attempts):
            return False
        troubles = [at for each in asked.attempts for at in stage.trouble(each.process) if at >= each.at]
        return not troubles or now - max(troubles) > _SETTLED_SECONDS

    def was_smooth(self, since: int) -> bool:
        """Whether one request was enough for what they asked last, and nothing happened to who had it."""
        asked = self.asked[since:]
        return len(asked) == 1 and not any(
            at >= each.at for each in asked[0].attempts for at in self.stage.trouble(each.process)
        )
