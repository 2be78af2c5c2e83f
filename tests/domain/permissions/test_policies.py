"""Who may do what: the channel's settings before the workspace's, and nobody let in by what can't be read."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.permissions.administration import Admission, admission_of
from bot.domain.permissions.policies import (
    InForce,
    Place,
    PlaceSettings,
    Policy,
    Right,
    Who,
    permits_all,
)
from bot.domain.subscriptions.subscription import Mode
from tests.tables import each_row

WHOLE = PlaceSettings(
    {Right.SUBSCRIBE: Who.PEOPLE, Right.COST: Who.MEMBERS},
    dict.fromkeys(Right, ("U1",)),
    dict.fromkeys(Right, "S1"),
    slack_connect=False,
    time_zone="UTC",
    destination=Place.DM,
    mode=Mode.FAILURES,
)


def test_without_settings_everybody_may() -> None:
    """As before there were any."""
    assert all(InForce().policy(right) == Policy() for right in Right)
    assert Policy().who is Who.EVERYONE


def test_a_channels_own_come_first() -> None:
    """With its own list; what it doesn't set is the workspace's."""
    own = PlaceSettings(
        {Right.SUBSCRIBE: Who.GROUP},
        {Right.SUBSCRIBE: ("U2",)},
        {Right.SUBSCRIBE: "S2"},
        slack_connect=True,
    )
    both = InForce(WHOLE, own)
    assert both.policy(Right.SUBSCRIBE) == Policy(Who.GROUP, ("U2",), "S2")
    assert both.policy(Right.COST) == Policy(Who.MEMBERS, ("U1",), "S1")
    assert both.policy(Right.CHANNELS) == Policy()
    others = both.others
    assert (others.slack_connect, others.time_zone, others.mode) == (True, "UTC", Mode.FAILURES)


def test_a_document_comes_back() -> None:
    """It names nobody."""
    assert PlaceSettings.read(WHOLE.document(), ("U9",), dict.fromkeys(Right, ("U1",))) == WHOLE
    assert "U1" not in WHOLE.document()
    assert PlaceSettings().document() == "{}"


def test_each_right_has_its_own_list_and_group() -> None:
    """Those of another right don't count, and are kept while somebody else has it."""
    settings = PlaceSettings(
        {Right.SUBSCRIBE: Who.PEOPLE, Right.CHANNELS: Who.GROUP, Right.COST: Who.EVERYONE},
        {Right.SUBSCRIBE: ("U1",), Right.COST: ("U2",)},
        {Right.CHANNELS: "S1"},
    )
    read = PlaceSettings.read(settings.document(), by_right=settings.people)
    assert read == settings
    in_force = InForce(read)
    assert in_force.policy(Right.SUBSCRIBE) == Policy(Who.PEOPLE, ("U1",))
    assert in_force.policy(Right.CHANNELS) == Policy(Who.GROUP, (), "S1")
    assert in_force.policy(Right.COST) == Policy(Who.EVERYONE, ("U2",))


def test_a_row_of_before_counts_as_before() -> None:
    """Its one list and group are every right's."""
    document = json.dumps({"who": {"subscribe": "people", "cost": "group"}, "group_id": "S1"})
    in_force = InForce(PlaceSettings.read(document, ("U1", "U2")))
    assert in_force.policy(Right.SUBSCRIBE) == Policy(Who.PEOPLE, ("U1", "U2"), "S1")
    assert in_force.policy(Right.COST) == Policy(Who.GROUP, ("U1", "U2"), "S1")


def test_a_version_of_before_lets_in_those_whom_every_list_has() -> None:
    """Of the rights that are kept to people; a list that doesn't count is no reason."""
    lists = {Right.SUBSCRIBE: ("U1", "U2"), Right.CHANNELS: ("U2", "U3"), Right.COST: ("U9",)}
    who = {Right.SUBSCRIBE: Who.PEOPLE, Right.CHANNELS: Who.PEOPLE, Right.COST: Who.EVERYONE}
    assert PlaceSettings(who, lists).shared_people == ("U2",)
    assert PlaceSettings({}, lists).shared_people == ()


def test_an_unknown_who_lets_nobody_new_in() -> None:
    """Another version wrote it."""
    found = PlaceSettings.read(json.dumps({"who": {"cost": "moon", "other": "everyone"}}))
    assert InForce(found).policy(Right.COST) == Policy(Who.PEOPLE)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.text())
def test_no_document_is_too_odd(value: object) -> None:
    """It is read as nothing set."""
    for document in (str(value), json.dumps(value), json.dumps({"who": value, "mode": value})):
        assert isinstance(PlaceSettings.read(document), PlaceSettings)


def test_what_all_read_is_for_members_too() -> None:
    """They are in the channel; a list or a group may not be."""
    assert [permits_all(Policy(who)) for who in Who] == [True, True, False, False]


@each_row(
    "row",
    [
        (True, None, Admission.GRANTED),
        (False, "U1", Admission.ADMINS_ONLY),
        (None, "U1", Admission.GRANTED),
        (None, "U2", Admission.ONE_PERSON_ONLY),
        (None, None, Admission.NOBODY),
        (None, "", Admission.NOBODY),
    ],
)
def test_who_may_set_up(row: tuple[bool | None, str | None, Admission]) -> None:
    """What Slack says of admins counts; where it says nothing, one person."""
    is_admin, otherwise, expected = row
    assert admission_of("U1", is_admin=is_admin, otherwise=otherwise) is expected


def test_nobody_without_a_name_may() -> None:
    """Whatever is said."""
    assert admission_of("", is_admin=True, otherwise="") is Admission.ADMINS_ONLY
