"""What the panel beside the conversation sets: how everything behaves, and whether the bot is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.playground.page.objects import jobs_json
from bot.playground.page.page_actions import MalformedError, text_of, yes_or_no
from bot.playground.training_suite import Ending, Timeline, TrainingSuite
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY
from bot.playground.workspace import Workspace
from bot.playground.workspace.faults import Fault

_SPEEDS = (1, 3600)
_SLACK_FAULTS = {
    "slack_rate_limited": Fault("rate_limited", retry_after_seconds=1),
    "slack_server_error": Fault("server_error"),
}
"""What can be wrong with Slack, one at a time, by the names of the switches."""
_NO_CHARTS, _FEW_READS = "slack_no_charts", "slack_few_reads"
"""The switches of a workspace that has not got charts, and of an app that may read little."""
_TURNS = {
    "fail": (Ending.FAILED, CUDA_OUT_OF_MEMORY),
    "cancel": (Ending.CANCELED, None),
    "stall": (Ending.STALLED, None),
}
"""What can happen to a job when the page's person wants it."""


class Bot(Protocol):
    """The bot, to be stopped and started."""

    @property
    def is_running(self) -> bool:
        """Whether it is there to answer."""
        ...

    async def switch(self, *, on: bool) -> None:
        """Start or stop it."""
        ...

    async def begin_anew(self) -> None:
        """Run, and know nothing of before."""
        ...


class Controls:
    """Does what was asked; see `PageActions`. ``others``: what lives beside it, with the same bot."""

    def __init__(  # noqa: PLR0913  (everything that can be set)
        self,
        workspace: Workspace,
        suite: TrainingSuite,
        timeline: Timeline,
        bot: Bot,
        open_conversation: Callable[[], Awaitable[None]],
        *,
        others: Sequence[tuple[Workspace, TrainingSuite]] = (),
    ) -> None:
        self._workspace = workspace
        self._open = open_conversation
        self._suite = suite
        self._timeline = timeline
        self._bot = bot
        self._all = ((workspace, suite), *others)

    def begin(self) -> bool:
        """Let the jobs live; whether they still waited for the first action."""
        has_waited = self._timeline.fast.is_paused
        self._timeline.resume()
        return has_waited

    def publish_switches(self) -> None:
        """Tell the page how the switches stand."""
        self._workspace.feed.publish({"type": "switches", "switches": self.switches()})

    async def job(self, asked: Mapping[str, Any]) -> None:
        """Let a job take a turn: fail, be cancelled, stall."""
        turn = _TURNS.get(text_of(asked, "turn"))
        if turn is None:
            msg = f"A job can {', '.join(_TURNS)}."
            raise MalformedError(msg)
        self._suite.end(text_of(asked, "request_id"), *turn)
        self._workspace.feed.publish({"type": "jobs", "jobs": self.jobs()})

    async def sweep(self, _asked: Mapping[str, Any]) -> None:
        """Queue a few jobs that start one by one."""
        self.begin()
        self._suite.start_sweep()
        self._workspace.feed.publish({"type": "jobs", "jobs": self.jobs()})

    async def bot(self, asked: Mapping[str, Any]) -> None:
        """Stop the bot in the middle of what it does, or start it."""
        await self._bot.switch(on=yes_or_no(asked, "running"))
        self._tell_bot()

    async def switch(self, asked: Mapping[str, Any]) -> None:
        """Set some of the switches."""
        changes = dict(asked)
        slack = {
            name: yes_or_no(changes, name)
            for name in (*_SLACK_FAULTS, _NO_CHARTS, _FEW_READS)
            if name in changes
        }
        for name in slack:
            del changes[name]
        speed = changes.pop("speed", None)
        if speed is not None and not _is_speed(speed):
            msg = f"speed is a number from {_SPEEDS[0]} to {_SPEEDS[1]}"
            raise MalformedError(msg)
        try:
            self._suite.switches.update(changes)
        except ValueError as exc:
            raise MalformedError(str(exc)) from exc
        if speed is not None:
            self._timeline.speed = speed
        for name, is_on in slack.items():
            if name == _NO_CHARTS:
                self._workspace.faults.takes_charts = not is_on
            elif name == _FEW_READS:
                self._workspace.faults.reads_little = is_on
            else:
                self._break_slack(name, is_on=is_on)
        self.publish_switches()

    async def reset(self, _asked: Mapping[str, Any]) -> None:
        """Begin anew: the jobs' lives, the conversation, the switches, what the bot remembers."""
        await self._bot.switch(on=False)
        self._timeline.pause()
        for workspace, suite in self._all:
            workspace.reset()
            suite.reset()
        await self._bot.begin_anew()
        await self._open()
        for workspace, _ in self._all:
            workspace.feed.publish({"type": "reset"})

    def switches(self) -> dict[str, Any]:
        """All switches: Simplismart's, Slack's, the speed of the jobs' lives."""
        standing = self._workspace.faults.standing
        slack = {name: standing == fault for name, fault in _SLACK_FAULTS.items()}
        slack[_NO_CHARTS] = not self._workspace.faults.takes_charts
        slack[_FEW_READS] = self._workspace.faults.reads_little
        return {
            **self._suite.switches.as_dict(),
            **slack,
            "speed": self._timeline.speed,
            "is_waiting": self._timeline.fast.is_paused,
        }

    def jobs(self) -> list[dict[str, Any]]:
        """The jobs to try, as they are now."""
        return jobs_json(self._suite)

    def is_bot_running(self) -> bool:
        """Whether the bot is there to answer."""
        return self._bot.is_running

    def _tell_bot(self) -> None:
        for workspace, _ in self._all:
            workspace.feed.publish({"type": "bot", "is_running": self._bot.is_running})

    def _break_slack(self, name: str, *, is_on: bool) -> None:
        faults, fault = self._workspace.faults, _SLACK_FAULTS[name]
        if is_on:
            faults.standing = fault
        elif faults.standing == fault:
            faults.standing = None


def _is_speed(speed: object) -> bool:
    least, most = _SPEEDS
    return isinstance(speed, int | float) and not isinstance(speed, bool) and least <= speed <= most
