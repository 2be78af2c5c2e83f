"""What somebody reads who lacks a right: who can, and who can change that."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from bot.cards.kit.card import Card, section
from bot.cards.kit.references import group, people, place
from bot.domain.permissions.policies import Policy, Right, Who

_DEEDS: Final = {
    Right.SUBSCRIBE: "subscribe to jobs in this channel",
    Right.CHANNELS: "turn feeds and digests on and off here",
    Right.COST: "see what jobs cost",
}

_CHANNELS: Final = 3
"""As many are named."""


class Doubt(Enum):
    """Why it can't be known whether somebody has a right."""

    NO_SCOPE = "no scope"
    NO_ANSWER = "no answer"
    NO_GROUP = "no group"
    """The user group it's kept to doesn't exist anymore."""


def no_right_card(right: Right, policy: Policy, doubt: Doubt | None, *, slash_command: str) -> Card:
    """A plain line, and who can change it."""
    said = f"{_who(policy)} can {_DEEDS[right]}."
    if doubt is Doubt.NO_GROUP:
        said = f"Nobody can {_DEEDS[right]}: the user group that could doesn't exist anymore."
    change = f"An admin can change that with `{slash_command} setup`."
    if doubt is Doubt.NO_SCOPE:
        scope = "usergroups:read" if policy.who is Who.GROUP else "channels:read"
        change = f"I can't check who that is: the app lacks the permission `{scope}`. {change}"
    elif doubt is Doubt.NO_ANSWER:
        change = "Slack isn't saying who that is right now. Try again in a minute."
    return Card(f"{said} {change}".replace("`", ""), [section(f"{said}\n{change}")])


def no_member_card(channel_ids: Sequence[str], doubt: Doubt | None) -> Card:
    """For who isn't known to be in any of the channels whose organization a job belongs to."""
    where = " or ".join(filter(None, map(place, channel_ids[:_CHANNELS])))
    said = f"This belongs to another organization than this workspace's. Only members of {where} can see it."
    rest = {
        None: "",
        Doubt.NO_SCOPE: " I can't check who that is: the app lacks the permission `channels:read`.",
    }.get(doubt, " Slack isn't saying who that is right now. Try again in a minute.")
    return Card(f"{said}{rest}".replace("`", ""), [section(f"{said}{rest}")])


def other_workspace_card() -> Card:
    """For what belongs to another workspace's organization than that of the workspace they are in."""
    said = "This belongs to another workspace's organization. Open it from that workspace."
    return Card(said, [section(said)])


def not_connected_anymore_card(*, slash_command: str) -> Card:
    """For a job of an organization that neither the workspace nor a channel has anymore."""
    said = "The organization that this belongs to isn't connected anymore."
    change = f"An admin can connect it with `{slash_command} setup` or `{slash_command} setup channel`."
    return Card(f"{said} {change}".replace("`", ""), [section(f"{said}\n{change}")])


def _who(policy: Policy) -> str:
    if policy.who is Who.MEMBERS:
        return "Only members of this channel"
    if policy.who is Who.GROUP:
        return f"Only members of {group(policy.group_id) or 'a user group that is not set'}"
    listed = people(policy.people)
    return f"Only {listed}" if listed else "Nobody"
