"""Samples of `setup` for the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.cards.kit.card import Card
from bot.cards.kit.error import error_card
from bot.cards.setup.answers import (
    as_view,
    denied_card,
    kept_view,
    not_set_up_card,
    refused_text,
    set_up_card,
    which_workspace_view,
)
from bot.cards.setup.denial import (
    Doubt,
    no_member_card,
    no_right_card,
    not_connected_anymore_card,
    other_workspace_card,
)
from bot.cards.setup.form import Connected, SetupPlace, opening_view, setup_view, trying_view
from bot.cards.setup.permissions import UserGroups
from bot.domain.errors import KeyRejectedError, NotConnectedError
from bot.domain.permissions.administration import Admission, SetupOffer
from bot.domain.permissions.policies import Place, PlaceSettings, Policy, Right, Who
from bot.domain.ports.tenants import ConnectionFacts
from bot.domain.subscriptions.subscription import Mode

_SLASH: Final = "/job"
_AT: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_ORG: Final = "org-atlas-ml"
_OWN: Final = ConnectionFacts(_ORG, has_key=True, set_by="U0123ABC", set_at=_AT)
_SETTINGS: Final = PlaceSettings(
    {Right.SUBSCRIBE: Who.PEOPLE, Right.CHANNELS: Who.GROUP, Right.COST: Who.GROUP},
    {Right.SUBSCRIBE: ("U0123ABC",)},
    {Right.CHANNELS: "S0123ABC", Right.COST: "S0456DEF"},
    slack_connect=False,
    time_zone="Europe/Berlin",
    destination=Place.HERE,
    mode=Mode.FINAL,
)
_WORKSPACE, _CHANNEL = SetupPlace(), SetupPlace("C0123ABC")


def _rights() -> Sequence[tuple[str, str, Card]]:
    """What is kept to some people."""
    listed, group = Policy(Who.PEOPLE, ("U0123ABC", "U0456DEF")), Policy(Who.GROUP, group_id="S0123ABC")
    return (
        (
            "right-people",
            "Kept to some people",
            no_right_card(Right.SUBSCRIBE, listed, None, slash_command=_SLASH),
        ),
        (
            "right-members",
            "Kept to members",
            no_right_card(Right.CHANNELS, Policy(Who.MEMBERS), Doubt.NO_ANSWER, slash_command=_SLASH),
        ),
        (
            "right-group",
            "Kept to a group that can't be read",
            no_right_card(Right.CHANNELS, group, Doubt.NO_SCOPE, slash_command=_SLASH),
        ),
        (
            "right-group-gone",
            "Kept to a group that is gone",
            no_right_card(Right.CHANNELS, group, Doubt.NO_GROUP, slash_command=_SLASH),
        ),
    )


def _direct_messages() -> Sequence[tuple[str, str, Card]]:
    """What is answered of jobs of another organization than the workspace's."""
    return (
        ("direct-no-member", "A channel's organization, for others", no_member_card(["C0123ABC"], None)),
        (
            "direct-not-known",
            "The same, where Slack doesn't answer",
            no_member_card(["C0123ABC"], Doubt.NO_ANSWER),
        ),
        ("direct-elsewhere", "Another workspace's organization", other_workspace_card()),
        (
            "direct-disconnected",
            "An organization that is gone",
            not_connected_anymore_card(slash_command=_SLASH),
        ),
    )


def setup_messages() -> Sequence[tuple[str, str, Card]]:
    """What is answered where no window can be opened."""
    missing = error_card(NotConnectedError(), reference="7f3a9c01", slash_command=_SLASH)
    offers = (
        ("error-not-connected", "No organization yet", SetupOffer(Admission.GRANTED)),
        ("not-connected-admins", "The same, for others", SetupOffer(Admission.ADMINS_ONLY, "U0123ABC")),
        ("not-connected-for-all", "The same, for all", SetupOffer(Admission.GRANTED, is_for_all=True)),
        (
            "not-connected-channel",
            "A channel's own key is gone",
            SetupOffer(Admission.GRANTED, channel_id="C0123ABC"),
        ),
        ("not-connected-nobody", "No organization, and nobody can", SetupOffer(Admission.NOBODY)),
    )
    return (
        *_rights(),
        *_direct_messages(),
        *(
            (name, title, not_set_up_card(missing, each, slash_command=_SLASH))
            for name, title, each in offers
        ),
        ("setup-offer", "Setup asked for in words", set_up_card(_WORKSPACE)),
        ("setup-denied", "Setup is for admins", denied_card(SetupOffer(Admission.ADMINS_ONLY, "U0123ABC"))),
        ("setup-nobody", "Nobody can set up", denied_card(SetupOffer(Admission.NOBODY))),
    )


def setup_windows() -> Sequence[tuple[str, str, dict[str, Any]]]:
    """The window, from beginning to end."""
    grid = Connected(can_connect=True, is_one_of_many=True)
    new, own = Connected(can_connect=True), Connected(can_connect=True, own=_OWN, used=_ORG)
    names = {"S0123ABC": "@ml-oncall", "S0789GHI": "@research"}
    fixed = Connected(
        can_connect=False, used=_ORG, settings=_SETTINGS, groups=UserGroups(names, is_known=True)
    )
    no_scope = Connected(
        can_connect=False, used=_ORG, settings=_SETTINGS, groups=UserGroups(lacks_scope=True)
    )
    refused = refused_text(KeyRejectedError(status=401))
    denied = as_view(denied_card(SetupOffer(Admission.ONE_PERSON_ONLY, "U0123ABC")))
    return (
        ("setup-opening", "Setup, finding out who asks", opening_view()),
        ("setup-new", "Setup, nothing is connected", setup_view(_WORKSPACE, new, slash_command=_SLASH)),
        ("setup-set", "Setup, with a key", setup_view(_WORKSPACE, own, slash_command=_SLASH)),
        ("setup-channel", "Setup of a channel", setup_view(_CHANNEL, new, slash_command=_SLASH)),
        ("setup-fixed", "Setup, by the settings", setup_view(_WORKSPACE, fixed, slash_command=_SLASH)),
        (
            "setup-refused",
            "Setup, the key was rejected",
            setup_view(_WORKSPACE, new, slash_command=_SLASH, problem=refused, org_id=_ORG),
        ),
        (
            "setup-no-scope",
            "Setup, groups can't be read",
            setup_view(_WORKSPACE, no_scope, slash_command=_SLASH),
        ),
        ("setup-grid", "Setup of one of many workspaces", setup_view(_WORKSPACE, grid, slash_command=_SLASH)),
        ("setup-trying", "Setup, trying the key", trying_view("setup-1", has_key=True)),
        ("setup-saving", "Setup, saving", trying_view("setup-1", has_key=False)),
        ("setup-kept", "Setup, saved", kept_view(_WORKSPACE, _ORG, slash_command=_SLASH)),
        ("setup-which", "Setup, which workspace?", which_workspace_view(slash_command=_SLASH)),
        ("setup-denied-window", "Setup, denied in the window", denied),
    )
