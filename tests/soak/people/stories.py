"""What people do in a soak, step by step, and what they have to see of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from bot.cards.kit import actions
from bot.domain.clocks import CLOCK_SKEW
from tests.chaos.shared_clock import SharedClock
from tests.chaos.telling import RUN
from tests.soak.judge import Thread
from tests.soak.lives import ALERT, CONDITION, LOSSES, team_id
from tests.soak.people.acting import Actor, Stage
from tests.soak.people.plan import Kind, Story
from tests.soak.plan import FAILS
from tests.soak.slack import SUBSCRIBE, SWITCHED_DIGEST, SWITCHED_FEED, channel_id

_SUBSCRIBED: Final = ("ubscribed to", "You're subscribed")
_UNSUBSCRIBED: Final = ("You've unsubscribed from", "No one is subscribed to", "You aren't subscribed to")
_RESUMED: Final = ("Resumed", "Nothing was paused")
_NOT_SOON_SECONDS: Final = CLOCK_SKEW.total_seconds() + 3_000.0
"""By then it is switched off, however far the bot's clock jumps ahead."""
_QUEUED: Final = "has been queued"
_STARTS, _HALF, _ENDS = RUN[0], RUN[2], RUN[-1]
_ROOMS: Final[Mapping[Kind, int]] = MappingProxyType({Kind.FEED: SWITCHED_FEED, Kind.DIGEST: SWITCHED_DIGEST})


class Told:
    """A story as it is told: run it, and ask what people have to have seen by now."""

    def __init__(self, stage: Stage, clock: SharedClock, story: Story) -> None:
        self._clock = clock
        self.story = story
        self.actor = Actor(stage, story, _ROOMS.get(story.kind, SUBSCRIBE))
        self.is_over = False
        self._threads: list[Thread] = []
        self._remarks: dict[str, tuple[int, int]] = {}
        self._steps: Mapping[Kind, Callable[[], Coroutine[Any, Any, None]]] = {
            Kind.COMMAND: self._by_command,
            Kind.BUTTON: self._by_button,
            Kind.ALERT: self._alert,
            Kind.GROUP: self._group,
            Kind.FEED: self._feed,
            Kind.DIGEST: self._digest,
            Kind.PAUSE: self._pause,
        }

    def __str__(self) -> str:
        """What it is, where, and what was asked last."""
        asked = self.actor.asked[-1].words if self.actor.asked else "nothing asked yet"
        return f"{self.story.kind.name} in workspace {self.story.workspace}, {asked}"

    def threads(self) -> Iterator[Thread]:
        """What people have to have seen."""
        yield from self._threads
        for words, (least, most) in self._remarks.items():
            yield Thread(*self._here, words, least=least, most=most, is_at_once=True)

    async def run(self) -> None:
        """From its first step to its last."""
        await self._clock.sleep(self.story.begins_at)
        await self._steps[self.story.kind]()
        self.is_over = True

    async def _by_command(self) -> None:
        [name] = self.story.jobs
        await self.actor.ask(f"subscribe {name}", *_SUBSCRIBED)
        await self._live(name, "", partial(self.actor.ask, f"unsubscribe {name}", *_UNSUBSCRIBED))

    async def _by_button(self) -> None:
        """[Subscribe] on the answer to a mention, and [Unsubscribe] on that to whoever subscribes again."""
        [name], actor = self.story.jobs, self.actor
        mention = partial(
            self.actor.stage.asking.mention, self.story.workspace, actor.room, actor.user_id, name
        )
        while True:
            await actor.until_confirmed(mention, "")
            actor.asked[-1].goes_on = True
            thread_ts = actor.asked[-1].thread_ts
            if actor.button(actions.SUBSCRIBE, thread_ts):
                break
        await actor.until_confirmed(partial(actor.press, actions.SUBSCRIBE, thread_ts), *_SUBSCRIBED)
        # The card that was pressed becomes the live one, unless Slack let nobody edit it then.
        posted_anew = (_QUEUED,) if actor.stage.slack.edits_failed(team_id(self.story.workspace)) else ()

        async def leave() -> None:
            press = partial(actor.press, actions.SUBSCRIBE, thread_ts)
            await actor.until_confirmed(press, "You're already subscribed")
            await actor.until_confirmed(partial(actor.press, actions.STOP, thread_ts), *_UNSUBSCRIBED)

        await self._live(name, thread_ts, leave, posted_anew)

    async def _live(
        self,
        name: str,
        root_ts: str,
        leave: Callable[[], Coroutine[Any, Any, None]],
        posted_anew: Sequence[str] = (),
    ) -> None:
        """The job goes on, and its thread says so until nobody is subscribed."""
        told: list[str] = []
        self._expect(Thread(*self._here, name, told, root_ts=root_ts, at_most_once=posted_anew))
        for turn in (_STARTS, _HALF, _ENDS):
            await self.actor.pause()
            if turn is _ENDS and self.story.ends_early:
                await leave()
                self.actor.set(name, turn)
                return
            self.actor.set(name, turn)
            told.append(turn.told)
            await self.actor.until(partial(self.actor.got, turn.told, name))

    async def _alert(self) -> None:
        [name], alerts = self.story.jobs, list[str]()
        self.actor.set(name, _STARTS)
        await self.actor.ask(f"alert {name} when {CONDITION}", "ping you once")
        self._expect(Thread(*self._here, name, (), alerts))
        await self.actor.pause()
        if self.story.ends_early:
            await self.actor.ask(f"unsubscribe {name}", *_UNSUBSCRIBED)
            self.actor.log(name, *LOSSES)
        else:
            self.actor.log(name, *LOSSES)
            alerts.append(ALERT)
            await self.actor.until(partial(self.actor.got, ALERT, name))
        await self.actor.pause()
        self.actor.set(name, _ENDS)

    async def _group(self) -> None:
        first, last, _queued = self.story.jobs
        query, told = f"name:{first[:-4]}*", list[str]()
        await self.actor.ask(f"subscribe {query}", *_SUBSCRIBED)
        self._expect(Thread(*self._here, query, (), told))
        await self.actor.pause()
        self.actor.set(first, FAILS)
        told.append(f"{first} failed")
        await self.actor.until(partial(self.actor.got, f"{first} failed"))
        await self.actor.pause()
        if self.story.ends_early:
            await self.actor.ask(f"unsubscribe {query}", *_UNSUBSCRIBED)
        else:
            told.append(f"{last} failed")
        self.actor.set(last, FAILS)

    async def _feed(self) -> None:
        posted, missed, last = self.story.jobs
        await self._feed_on(posted)
        await self._feed_off()
        self.actor.set(missed, FAILS)
        await self.actor.pause()
        if not self.story.ends_early:
            await self._feed_on(last)

    async def _feed_on(self, name: str) -> None:
        before = len(self.actor.asked)
        await self.actor.ask(
            f"feed on status:failed name:{name[:-4]}", "The feed is on", "The feed was changed"
        )
        self._remark("turned on the feed", before)
        await self.actor.pause()
        self.actor.set(name, FAILS)
        self._expect(Thread(*self._here, name, (name,)))
        await self.actor.until(partial(self.actor.got, name, name))
        await self.actor.pause()

    async def _feed_off(self) -> None:
        before = len(self.actor.asked)
        await self.actor.ask("feed off", "The feed is off", "This channel has no feed")
        self._remark("turned off the feed", before)
        await self.actor.pause()

    async def _digest(self) -> None:
        """It comes soon by the bot's own clock, or never."""
        jumped_seconds, before = self._clock.memory.jumped_seconds, len(self.actor.asked)
        ahead_seconds = _NOT_SOON_SECONDS if self.story.ends_early else 120.0
        at = self._clock.now() + timedelta(seconds=jumped_seconds + ahead_seconds)
        await self.actor.ask(f"digest daily {at:%H:%M} UTC", "The digest is posted here")
        self._remark("The digest was turned on", before)
        if not self.story.ends_early:
            self._expect(Thread(*self._here, "Daily digest"))
            await self.actor.until(partial(self.actor.got, "Daily digest", in_thread=False))
            await self.actor.pause()
        before = len(self.actor.asked)
        await self.actor.ask("digest off", "The digest is off", "No digest in this channel yet")
        self._remark("digest was turned off", before)

    async def _pause(self) -> None:
        """Failures mention whoever subscribed, unless they paused."""
        paused, resumed = self.story.jobs
        for name in self.story.jobs:
            await self.actor.ask(f"subscribe {name}", *_SUBSCRIBED)
        await self.actor.pause()
        await self.actor.ask("pause 5h", "Paused until")
        await self._fails(paused, frozenset())
        await self.actor.pause()
        if self.story.ends_early and self.actor.button(actions.RESUME, None):
            await self.actor.until_confirmed(partial(self.actor.press, actions.RESUME, None), *_RESUMED)
        else:
            await self.actor.ask("resume", *_RESUMED)
        await self._fails(resumed, frozenset({self.actor.user_id}))

    async def _fails(self, name: str, mentions: frozenset[str]) -> None:
        self._expect(Thread(*self._here, name, ("failed",), mentions=mentions))
        self.actor.set(name, FAILS)
        await self.actor.until(partial(self.actor.got, "failed", name))

    @property
    def _here(self) -> tuple[str, str]:
        workspace = self.story.workspace
        return team_id(workspace), channel_id(workspace, self.actor.room)

    def _expect(self, thread: Thread) -> None:
        self._threads.append(thread)

    def _remark(self, words: str, before: int) -> None:
        """What all in the channel are told; that they are is only sure where nothing came in between."""
        least, most = self._remarks.get(words, (0, 0))
        self._remarks[words] = least + self.actor.was_smooth(before), most + 1
