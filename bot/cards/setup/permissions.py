"""The fields of `setup` that say who may do what, each right with its own people and group; what was chosen.

Sources: https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element#users_multi_select,
https://docs.slack.dev/reference/block-kit/blocks/input-block (``dispatch_action``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.cards.kit.card import Block, context, header
from bot.cards.setup.fields import choice, chosen_in, field_of, one_of, persons, text, typed_in
from bot.domain.permissions.policies import PlaceSettings, Right, Who

MOST_PEOPLE: Final = 100
"""On one list; more of them are better a user group."""
_MOST_OPTIONS: Final = 100
"""Of a menu in Slack."""
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP_ID: Final = re.compile(r"S[A-Z0-9]{2,30}")
_QUESTIONS: Final = {
    Right.SUBSCRIBE: "Who can subscribe in channels?",
    Right.CHANNELS: "Who can turn feeds and digests on and off?",
    Right.COST: "Who can see cost?",
}
_PEOPLE: Final = {
    Right.SUBSCRIBE: "People who can subscribe",
    Right.CHANNELS: "People who can turn them on and off",
    Right.COST: "People who can see cost",
}
_GROUP: Final = {
    Right.SUBSCRIBE: "User group that can subscribe",
    Right.CHANNELS: "User group that can turn them on and off",
    Right.COST: "User group that can see cost",
}
_WHO: Final = {
    Who.EVERYONE: "Everyone",
    Who.MEMBERS: "Members of the channel",
    Who.PEOPLE: "These people",
    Who.GROUP: "A user group",
}
_GROUP_HINT: Final = "Its ID, such as S0123ABC: open the group in Slack, then ⋮, Copy group ID."
_NO_SCOPE: Final = (
    "⚠️ The app lacks the permission `usergroups:read`, so I can't see who is in a user group."
    " Until it has it, nobody gets in by a group."
)
_NO_GROUPS: Final = "⚠️ This workspace has no user groups: choose somebody else above."
_GONE: Final = (
    "⚠️ The user group that was chosen doesn't exist anymore: until you choose another, nobody gets in."
)


@dataclass(frozen=True, slots=True)
class UserGroups:
    """The workspace's user groups, as far as Slack says."""

    names: Mapping[str, str] = field(default_factory=dict)
    """By their ID."""
    is_known: bool = False
    lacks_scope: bool = False


def is_about_groups(settings: PlaceSettings) -> bool:
    """Whether the window asks for a user group."""
    return Who.GROUP in settings.who.values()


def permission_fields(settings: PlaceSettings, groups: UserGroups, *, is_channel: bool) -> list[Block]:
    """Every question, as it is answered, each with the field that its answer needs."""
    unset = "As the workspace" if is_channel else ""
    blocks = [header("Who can do what")]
    for right in Right:
        who = settings.who.get(right)
        question = choice(name_of("who", right), _QUESTIONS[right], _WHO, who or "", unset, tells=True)
        blocks.append(question)
        if who is Who.PEOPLE:
            listed = settings.people.get(right, ())[:MOST_PEOPLE]
            blocks.append(persons(name_of("people", right), _PEOPLE[right], listed, MOST_PEOPLE))
        if who is Who.GROUP:
            blocks += _group(right, settings.groups.get(right, ""), groups)
    return blocks


def _group(right: Right, chosen: str, groups: UserGroups) -> Iterator[Block]:
    """A menu of those there are; its ID where they aren't known, or too many."""
    name = name_of("group", right)
    if groups.is_known and not groups.names:
        yield context([_NO_GROUPS])
    elif groups.is_known and len(groups.names) <= _MOST_OPTIONS:
        yield one_of(name, _GROUP[right], groups.names, chosen)
    else:
        yield text(name, _GROUP[right], _GROUP_HINT, chosen, is_optional=False)
    if groups.lacks_scope:
        yield context([_NO_SCOPE])
    elif groups.is_known and chosen and chosen not in groups.names:
        yield context([_GONE])


def name_of(kind: str, right: Right) -> str:
    """A field's name: its block's, and its action's."""
    return f"{kind}.{right.value}"


def rights_in(values: Mapping[str, Any]) -> PlaceSettings:
    """What was chosen; a list or a group that the window didn't ask for isn't there at all."""
    asked = {
        right: {kind for kind in ("people", "group") if name_of(kind, right) in values} for right in Right
    }
    return PlaceSettings(
        {each: Who(said) for each in Right if (said := chosen_in(values, name_of("who", each), _WHO))},
        {each: _people_in(values, name_of("people", each)) for each in Right if "people" in asked[each]},
        {each: typed_in(values, name_of("group", each)).upper() for each in Right if "group" in asked[each]},
    )


def _people_in(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    named = field_of(values, name).get("selected_users")
    listed = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    return tuple(dict.fromkeys(each for each in listed if _PERSON.fullmatch(each)))


def mistakes_in_rights(settings: PlaceSettings) -> dict[str, str]:
    """What is wrong at first sight, by field: only of those that the window has."""
    wrong = {}
    for right, who in settings.who.items():
        people, group_id = settings.people.get(right), settings.groups.get(right)
        if who is Who.PEOPLE and people == ():
            wrong[name_of("people", right)] = "Who? Choose at least one person."
        elif people is not None and len(people) > MOST_PEOPLE:
            wrong[name_of("people", right)] = f"At most {MOST_PEOPLE} people: use a user group for more."
        if who is Who.GROUP and group_id == "":
            wrong[name_of("group", right)] = "Which user group?"
        elif group_id and not _GROUP_ID.fullmatch(group_id):
            wrong[name_of("group", right)] = "That isn't the ID of a user group: it starts with S."
    return wrong


def lacks_an_answer(settings: PlaceSettings) -> bool:
    """Whether a right is kept to a list or a group that isn't there: the window did not ask for it."""
    return any(
        (who is Who.PEOPLE and not settings.people.get(right))
        or (who is Who.GROUP and not settings.groups.get(right))
        for right, who in settings.who.items()
    )
