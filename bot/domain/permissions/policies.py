"""Who may do what in a workspace, or in one channel of it, and what counts where nobody says otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.job.json_text import parse_json
from bot.domain.subscriptions.subscription import Mode

_Kind = TypeVar("_Kind", bound=StrEnum)


class Right(StrEnum):
    """What can be kept to some people."""

    SUBSCRIBE = "subscribe"
    """Get updates on a job in a channel, where others read them too."""
    CHANNELS = "channels"
    """Turn a channel's feed and digest on and off."""
    COST = "cost"
    """See what jobs cost."""


class Who(StrEnum):
    """Who has a right."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    """Those who are in the channel; where there is none, nobody."""
    PEOPLE = "people"
    """Those who are listed."""
    GROUP = "group"
    """Those in a user group of Slack's."""


class Place(StrEnum):
    """Where updates go, as the window of [Subscribe] has it before anybody chooses."""

    DM = "dm"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    """What is set for a workspace or a channel; what is not set is as the workspace, or as nobody set it."""

    who: Mapping[Right, Who] = field(default_factory=dict)
    people: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)
    """For `Who.PEOPLE`. A right keeps its list, and its group, while somebody else has it."""
    groups: Mapping[Right, str] = field(default_factory=dict)
    """For `Who.GROUP`."""
    slack_connect: bool | None = None
    """Whether updates and cards below links come where another company reads along."""
    time_zone: str = ""
    destination: Place | None = None
    mode: Mode | None = None

    def document(self) -> str:
        """As JSON; without the people, who are kept where they can be forgotten."""
        groups = {right.value: group_id for right, group_id in self.groups.items() if group_id}
        said = {
            "who": {right.value: who.value for right, who in self.who.items()},
            "by_right": bool(groups or any(self.people.values())) or None,
            "groups": groups,
            "group_id": self.shared_group_id,
            "slack_connect": self.slack_connect,
            "time_zone": self.time_zone,
            "destination": self.destination,
            "mode": self.mode,
        }
        return json.dumps({name: each for name, each in said.items() if each not in ("", None, {})})

    @property
    def shared_people(self) -> tuple[str, ...]:
        """Those on each list that counts: for a version of the bot that knows one list for all rights.

        It lets in nobody who isn't on the list of the very right.
        """
        lists = [self.people.get(right, ()) for right, who in self.who.items() if who is Who.PEOPLE]
        return tuple(each for each in lists[0] if all(each in one for one in lists)) if lists else ()

    @property
    def shared_group_id(self) -> str:
        """The same of groups: empty where there are several, so that nobody is let in by a wrong one."""
        known = {self.groups.get(right, "") for right, who in self.who.items() if who is Who.GROUP}
        return known.pop() if len(known) == 1 else ""

    @classmethod
    def read(
        cls,
        document: str,
        shared: tuple[str, ...] = (),
        by_right: Mapping[Right, tuple[str, ...]] | None = None,
    ) -> PlaceSettings:
        """From JSON. What another version wrote and this one doesn't know is as if it weren't set.

        But for who has a right: then nobody new is let in, so it is kept to a list without anybody.

        Args:
            document: what `document` made.
            shared: the people of a version that knows one list, which was every right's.
            by_right: the people of this one, which count only with its own document.
        """
        try:
            said = parse_json(document)
        except ValueError:
            said = {}
        said = said if isinstance(said, dict) else {}
        who = said.get("who")
        connect = said.get("slack_connect")
        groups = _groups(said)
        people = by_right or {}
        if said.get("by_right") is not True:
            people = dict.fromkeys(Right, shared) if shared else {}
        return cls(
            {right: _read(Who, who[right.value]) or Who.PEOPLE for right in Right if right.value in who}
            if isinstance(who, dict)
            else {},
            people,
            groups,
            connect if isinstance(connect, bool) else None,
            _text(said.get("time_zone")),
            _read(Place, said.get("destination")),
            _read(Mode, said.get("mode")),
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Who has one right."""

    who: Who = Who.EVERYONE
    people: tuple[str, ...] = ()
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts in a channel, or in a workspace's direct messages."""

    workspace: PlaceSettings = field(default_factory=PlaceSettings)
    channel: PlaceSettings = field(default_factory=PlaceSettings)

    def policy(self, right: Right) -> Policy:
        """The channel's own, with its own list and group; else the workspace's."""
        for each in (self.channel, self.workspace):
            if (who := each.who.get(right)) is not None:
                return Policy(who, each.people.get(right, ()), each.groups.get(right, ""))
        return Policy()

    @property
    def others(self) -> PlaceSettings:
        """Everything but the rights."""
        channel, whole = self.channel, self.workspace
        connect = whole.slack_connect if channel.slack_connect is None else channel.slack_connect
        return replace(
            channel,
            slack_connect=connect,
            time_zone=channel.time_zone or whole.time_zone,
            destination=channel.destination or whole.destination,
            mode=channel.mode or whole.mode,
        )


AS_EVER = InForce()
"""Where nobody set anything."""


def narrowest(settings: Sequence[PlaceSettings]) -> PlaceSettings:
    """What each of several workspaces allows, where it isn't known which of them it is about.

    What they have in common; else a right is kept to a list without anybody, and nothing else is set.
    """
    if not settings:
        return PlaceSettings()
    first = settings[0]
    alike = [right for right in Right if len({InForce(each).policy(right) for each in settings}) == 1]
    who = {right: first.who.get(right) if right in alike else Who.PEOPLE for right in Right}
    connects = {each.slack_connect for each in settings}
    return PlaceSettings(
        {right: each for right, each in who.items() if each is not None},
        {right: first.people[right] for right in alike if right in first.people},
        {right: first.groups[right] for right in alike if right in first.groups},
        slack_connect=connects.pop() if len(connects) == 1 else False,
    )


def permits_all(policy: Policy) -> bool:
    """Whether what everybody in the channel reads may show it."""
    return policy.who in {Who.EVERYONE, Who.MEMBERS}


def _groups(said: Mapping[str, Any]) -> Mapping[Right, str]:
    """Each right's own; of a version that knows one for all, every right's."""
    groups = said.get("groups")
    if said.get("by_right") is True:
        by_name = groups if isinstance(groups, dict) else {}
        own = {right: _text(by_name.get(right.value)) for right in Right}
        return {right: each for right, each in own.items() if each}
    shared = _text(said.get("group_id"))
    return dict.fromkeys(Right, shared) if shared else {}


def _read(kind: type[_Kind], value: object) -> _Kind | None:
    return next((each for each in kind if each.value == value), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
