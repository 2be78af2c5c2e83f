"""All people of a soak: their stories and their questions, each at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.playground.workspace import ME
from tests.chaos.shared_clock import SharedClock
from tests.soak.judge import Thread
from tests.soak.people.acting import Stage
from tests.soak.people.plan import PeoplePlan, Question
from tests.soak.people.stories import Told
from tests.soak.slack import ASK


class Crowd:
    """Everybody."""

    def __init__(self, plan: PeoplePlan, stage: Stage, clock: SharedClock) -> None:
        self._plan = plan
        self._stage = stage
        self._clock = clock
        self.stories = [Told(stage, clock, story) for story in plan.stories]

    @property
    def under_way(self) -> list[Told]:
        """The stories that are not over."""
        return [each for each in self.stories if not each.is_over]

    async def run(self) -> None:
        """Until the last story is over, and the last question asked."""
        began = self._clock.monotonic()
        async with asyncio.TaskGroup() as group:
            for each in self.stories:
                group.create_task(each.run())
            for question in self._plan.questions:
                await self._clock.sleep(began + question.at - self._clock.monotonic())
                group.create_task(self._ask(question))

    async def _ask(self, question: Question) -> None:
        asking, here = self._stage.asking, (question.workspace, ASK, ME, question.words)
        if question.is_mention:
            await asking.mention(*here, is_repeated=question.is_repeated)
        else:
            await asking.command(*here, changes=False)

    def threads(self) -> Iterator[Thread]:
        """What people have to have seen."""
        for each in self.stories:
            yield from each.threads()

    def failed(self) -> Iterator[tuple[int, str]]:
        """The workspace and name of each job that they let fail."""
        return ((each.story.workspace, name) for each in self.stories for name in each.actor.failed)
