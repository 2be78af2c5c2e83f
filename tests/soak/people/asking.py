"""How people ask, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.ports import Clock
from bot.playground.workspace import BOT, Message, Workspace
from bot.playground.workspace.dispatch.envelope import Delivery
from bot.playground.workspace.people.actions import NotPossibleError
from tests.soak.people.balancer import Attempt, BalancedLink, Balancer, key_of
from tests.soak.slack import Received, Slack, channel_id


@dataclass(slots=True)
class Asked:
    """Something that somebody asked for, by a command, a mention or a button."""

    at: float
    team_id: str
    channel_id: str
    words: str
    changes: bool = True
    """It changes something: that is done and answered whoever dies."""
    is_press: bool = False
    """It is a button: its answer may take the place of a message, and do so twice."""
    place: tuple[str, str] = ("", "")
    """The thread in which that stands, and who pressed it."""
    is_acked: bool = False
    """Slack got a 200 in time."""
    ack_text: str = ""
    """What came with that, for the asker to see."""
    ticket: str = ""
    """Of its ``response_url``."""
    thread_ts: str = ""
    """The message that mentions the bot, for all to answer below."""
    goes_on: bool = False
    """The thread goes on after the answer."""
    attempts: Sequence[Attempt] = field(default_factory=list)
    """Which processes were sent it."""


class Asking:
    """Asks for people, and keeps what they asked."""

    def __init__(self, slack: Slack, balancer: Balancer, clock: Clock) -> None:
        self._slack = slack
        self._balancer = balancer
        self._clock = clock
        self.links: list[BalancedLink] = []
        for workspace in slack.workspaces:
            link = balancer.link(workspace.identity)
            workspace.dispatcher.http = link
            self.links.append(link)
        self.journal: list[Asked] = []
        """Everything, in its order."""

    @property
    def threads(self) -> frozenset[tuple[str, str]]:
        """Messages that mention the bot, and their workspaces."""
        return frozenset((each.team_id, each.thread_ts) for each in self.journal if each.thread_ts)

    async def command(
        self, workspace: int, room: int, user_id: str, text: str, *, changes: bool = True
    ) -> Asked:
        """A slash command."""
        asked = self._asked(workspace, room, f"/job {text}", changes=changes)
        at = self._slack.workspaces[workspace]
        delivery = await at.slash(asked.channel_id, user_id, text)
        asked.ack_text = "" if delivery.message is None else delivery.message.text
        return self._delivered(asked, delivery)

    async def mention(
        self, workspace: int, room: int, user_id: str, text: str, *, is_repeated: bool = False
    ) -> Asked:
        """A message that mentions the bot; Slack repeats it where nobody acknowledged it."""
        asked = self._asked(workspace, room, f"@jobbot {text}", changes=False)
        at = self._slack.workspaces[workspace]
        self.links[workspace].losing += is_repeated
        delivery = await at.say(asked.channel_id, user_id, f"<@{BOT}> {text}")
        assert delivery.message is not None
        asked.thread_ts = delivery.message.ts
        return self._delivered(asked, delivery)

    async def press(self, workspace: int, room: int, user_id: str, message: Message, action_id: str) -> Asked:
        """A button; one that is not there any more is not acknowledged."""
        asked = self._asked(workspace, room, f"[{action_id}]")
        asked.is_press, asked.place = True, (message.thread_ts or "", user_id)
        try:
            delivery = await self._slack.workspaces[workspace].click(user_id, message, action_id)
        except NotPossibleError:
            self.journal.remove(asked)
            return asked
        return self._delivered(asked, delivery)

    def answers(self, asked: Asked) -> list[Received]:
        """What Slack received in answer to it, whether it took it or not."""
        if asked.thread_ts:
            return self._slack.in_threads[asked.team_id, asked.thread_ts]
        private = self._slack.private[asked.team_id, *asked.place] if asked.is_press else ()
        seen = [each for each in private if each.at >= asked.at]
        return [*self._slack.responses[asked.team_id, asked.ticket], *seen]

    def said(self, asked: Asked) -> list[str]:
        """What the asker saw of that by now."""
        seen = [each.text for each in self.answers(asked) if each.ts]
        return [asked.ack_text, *seen] if asked.ack_text else seen

    def messages(self, workspace: int, room: int) -> Sequence[Message]:
        """What stands in a channel."""
        return self._at(workspace).messages(channel_id(workspace, room))

    def _at(self, workspace: int) -> Workspace:
        return self._slack.workspaces[workspace]

    def _asked(self, workspace: int, room: int, words: str, *, changes: bool = True) -> Asked:
        team_id = self._at(workspace).identity.team_id
        asked = Asked(self._clock.monotonic(), team_id, channel_id(workspace, room), words, changes)
        self.journal.append(asked)
        return asked

    def _delivered(self, asked: Asked, delivery: Delivery) -> Asked:
        payload: Mapping[str, object] = delivery.payload
        asked.is_acked = delivery.ok
        asked.ticket = str(payload.get("response_url") or "").rpartition("/")[2]
        asked.attempts = self._balancer.attempts[key_of(payload)]
        return asked
