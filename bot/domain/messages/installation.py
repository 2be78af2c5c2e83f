"""Where the bot is at home in Slack, and whether whoever sent something is. Pure: a payload in, a value out.

An event's outer ``team_id`` may be another company's, and says little of who asks. What does:

- of an interaction ``user.team_id``, of a command ``team_id``, of an event ``user_team`` and what stands in
  for it; each may be an organisation's id (Enterprise Grid) instead of a workspace's;
- ``authorizations``, ``context_team_id`` and the pairs of workspace and organisation that a payload names.

Sources: https://docs.slack.dev/apis/slack-connect, …/apis/events-api, …/reference/interaction-payloads
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from bot.domain.messages.carried import carried_by

Body = Mapping[str, Any]
"""A payload as Slack sends it. Nothing in it is sure to be there, or of the type it should be."""


class Standing(Enum):
    """What whoever sent a payload is to us."""

    OURS = "ours"
    STRANGER = "stranger"
    UNKNOWN = "unknown"
    """We do not know yet where we are at home."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The workspace the token is for, as ``auth.test`` says; empty until it has answered."""

    team_id: str = ""
    """With an app installed for a whole organisation this may be the organisation's id."""
    enterprise_id: str = ""
    """The organisation the workspace belongs to; empty where it belongs to none."""
    bot_user_id: str = ""
    """The bot's user there."""

    @property
    def home_id(self) -> str:
        """Under which everything of it is stored: the workspace, or the organisation where there is none."""
        return self.team_id or self.enterprise_id

    @property
    def is_whole_organization(self) -> bool:
        """Whether the app was installed for an organization, and not for one of its workspaces."""
        return bool(self.enterprise_id) and self.team_id in {"", self.enterprise_id}

    @property
    def is_known(self) -> bool:
        """Whether Slack has told it."""
        return bool(self.home_id)


# Their events say nothing of who posted the link, and what is shown there the operator decides.
_ASKER_UNTOLD: Final = frozenset({"link_shared"})


def team_of(body: Body, installation: Installation) -> str:
    """The workspace under which everything about a payload is stored: always ours, whoever made the channel.

    One token is one installation, so what ``auth.test`` said counts; until then what the payload says of us.
    """
    if installation.is_known:
        return installation.home_id
    named = (team for team, _ in _authorized(body) if team)
    return next(named, "") or _text(body.get("context_team_id")) or _home_of_asker(body) or ""


def delivered_to(body: Body) -> Iterator[str]:
    """The workspaces and organizations that Slack may have delivered a payload for, the surest first.

    What another company's people do in a shared channel names theirs too.
    """
    yield from (each for pair in _authorized(body) for each in pair if each)
    message, team, user, view = (_mapping(body.get(key)) for key in ("message", "team", "user", "view"))
    if body.get("type") == "message_action":  # of anybody's message: the app is the asker's
        yield from filter(None, (_text(team.get("id")),))
    named = (
        _text(body.get("context_team_id")),
        _text(view.get("app_installed_team_id")),
        _text(message.get("team")),
        _text(body.get("team_id")),
        _text(team.get("id")),
        _text(user.get("team_id")),
        _text(body.get("enterprise_id")),
        _first(_mapping(body.get("enterprise")), "id"),
        _text(team.get("enterprise_id")),
    )
    yield from filter(None, named)


def channel_of(body: Body) -> str:
    """The conversation that a payload is about; empty where it is about none."""
    channel, event = body.get("channel"), _event(body)
    named = _text(body.get("channel_id")) or _text(event.get("channel"))
    return (
        named
        or _first(_mapping(channel), "id")
        or _first(_mapping(body.get("container")), "channel_id")
        or carried_by(_mapping(body.get("view"))).channel_id
    )


def standing(body: Body, installation: Installation) -> Standing:
    """What whoever sent ``body`` is to the bot that is installed there."""
    asker = _home_of_asker(body)
    if asker is not None and asker in {installation.team_id, installation.enterprise_id}:
        return Standing.OURS  # nearly always so, and every delivery waits for it
    pairs = organizations_in(body, installation)
    homes = _homes(body, installation, pairs)
    if not homes:
        return Standing.UNKNOWN
    if asker is None:
        return Standing.OURS if kind_of(body) in _ASKER_UNTOLD else Standing.STRANGER
    return Standing.OURS if asker in homes or pairs.get(asker) in homes else Standing.STRANGER


def kind_of(body: Body) -> str:
    """A payload's type; of an event callback, the event's; ``command`` for a slash command."""
    if "command" in body:
        return "command"
    return _text(_event(body).get("type")) if _is_event(body) else _text(body.get("type"))


def _homes(body: Body, installation: Installation, pairs: Mapping[str, str]) -> frozenset[str]:
    """The workspace and the organisation that are ours.

    An event names the installation it is for. Once ``auth.test`` has answered that is not asked: of an app
    that several companies have installed, only the one whose token this is counts.
    """
    if installation.is_known:
        known = {installation.team_id, installation.enterprise_id}
    else:
        known = {each for pair in _authorized(body) for each in pair} or {_text(body.get("context_team_id"))}
    if not installation.enterprise_id:  # else nothing that a payload says makes another one ours
        known |= {pairs[team] for team in known if team in pairs}
    return frozenset(known - {""})


def _home_of_asker(body: Body) -> str | None:
    """The asker's workspace or organisation; None where the payload does not tell."""
    if _is_event(body):
        return _home_in_event(body)
    if "command" in body:
        return _first(body, "team_id", "enterprise_id")
    user, team, view = (_mapping(body.get(key)) for key in ("user", "team", "view"))
    return (
        _first(user, "team_id")
        or _first(team, "id")
        or _first(view, "team_id")
        or _first(_mapping(body.get("enterprise")), "id")
    )


def _home_in_event(body: Body) -> str | None:
    event = _event(body)
    # Of an edit, its message says who is asking; the event itself names nobody.
    named = _home_of_speaker(_mapping(event.get("message"))) or _home_of_speaker(event)
    if named or body.get("is_ext_shared_channel"):
        return named
    return _first(body, "team_id", "context_team_id", "enterprise_id")


def _home_of_speaker(said: Body) -> str | None:
    profile, user = _mapping(said.get("user_profile")), _mapping(said.get("user"))
    # "team" may be the installation's although the asker is elsewhere: it counts where nothing else is said.
    return (
        _first(said, "user_team", "source_team")
        or _first(profile, "team")
        or _first(user, "team_id")
        or _first(said, "team")
    )


def organizations_in(body: Body, installation: Installation) -> Mapping[str, str]:
    """The organisation of each workspace that the payload names, as far as it does; empty for none.

    What is said of the installation comes first, and nothing after it changes that.
    """
    found: dict[str, str] = {}
    for team, enterprise in (*_authorized(body), *_pairs(body)):
        if team:
            found.setdefault(team, enterprise)
    # Only where the app is the whole organization's there is no team: then the user's is in that.
    if installation.is_whole_organization and not _first(_mapping(body.get("team")), "id"):
        user_team = _first(_mapping(body.get("user")), "team_id")
        found.setdefault(user_team or "", _enterprise_of(body))
    return found


def _pairs(body: Body) -> Iterator[tuple[str, str]]:
    """Every workspace of which the rest of the payload names the organisation, with that."""
    for team, enterprise in (("context_team_id", "context_enterprise_id"), ("team_id", "enterprise_id")):
        if all(pair := (_text(body.get(team)), _text(body.get(enterprise)))):
            yield pair
    yield from _pair_in_interaction(body)


def _pair_in_interaction(body: Body) -> Iterator[tuple[str, str]]:
    team_id, enterprise_id = _first(_mapping(body.get("team")), "id"), _enterprise_of(body)
    if team_id and enterprise_id:
        yield team_id, enterprise_id


def _enterprise_of(body: Body) -> str:
    """The organization that an interaction names."""
    team, enterprise = _mapping(body.get("team")), _mapping(body.get("enterprise"))
    return _first(enterprise, "id") or _text(team.get("enterprise_id"))


def _authorized(body: Body) -> Iterator[tuple[str, str]]:
    """Workspace and organisation of each installation that an event is for; either may be empty."""
    listed = body.get("authorizations")
    for each in listed if isinstance(listed, list) else ():
        yield _text(_mapping(each).get("team_id")), _text(_mapping(each).get("enterprise_id"))


def _is_event(body: Body) -> bool:
    return body.get("type") == "event_callback"


def _event(body: Body) -> Body:
    return _mapping(body.get("event"))


def _first(value: Body, *keys: str) -> str | None:
    """The first of these that is there."""
    return next(filter(None, (_text(value.get(key)) for key in keys)), None)


def _mapping(value: object) -> Body:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
