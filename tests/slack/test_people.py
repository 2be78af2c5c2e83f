"""What Slack says of people, where a permission depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.errors import SlackGoneError
from bot.slack.people import People
from tests.tables import each_row

ADMIN = {"is_admin": True}


def people_of(user: Mapping[str, Any]) -> People:
    """Slack says this of everybody."""

    async def ask(method: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        assert (method, dict(asked)) == ("users.info", {"user": "U1"})
        return {"user": user}

    return People(ask)


@each_row(
    "row",
    [
        (ADMIN, "T1", True),
        (ADMIN | {"team_id": "T1"}, "T1", True),
        ({"is_owner": True, "team_id": "T1"}, "T1", True),
        ({"is_primary_owner": True, "team_id": "T1"}, "", True),
        (ADMIN | {"team_id": "T2"}, "T1", False),
        (ADMIN | {"team_id": "T2"}, "E1", False),
        (
            ADMIN | {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "is_admin": False}},
            "T1",
            False,
        ),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "is_owner": True}}, "T1", True),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "is_admin": True}}, "E1", True),
        # Of another company's organization, as people in a shared channel may be, and where none is named.
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "is_admin": True}}, "T1", False),
        ({"team_id": "T1", "enterprise_user": {"enterprise_id": "E2", "is_owner": True}}, "T1", False),
        ({"team_id": "T1", "enterprise_user": {"is_admin": True}}, "T1", False),
        (ADMIN | {"team_id": "T1", "deleted": True}, "T1", False),
        (ADMIN | {"team_id": "T1", "is_bot": True}, "T1", False),
        ({"is_admin": "yes", "team_id": "T1"}, "T1", False),
    ],
)
async def test_who_is_an_admin(row: tuple[Mapping[str, Any], str, bool]) -> None:
    """Of the very workspace, or of the whole organization: the same person may be one in another only."""
    user, team_id, expected = row
    assert await people_of(user).is_admin("U1", team_id, "E1") is expected


async def test_where_no_organization_is_known_nobody_is_its_admin() -> None:
    """The workspace belongs to none, as far as Slack has said."""
    user = {"team_id": "T1", "enterprise_user": {"enterprise_id": "E1", "is_admin": True}}
    assert await people_of(user).is_admin("U1", "T1") is False
    assert await people_of(user | ADMIN).is_admin("U1", "T1") is True


async def test_groups_by_their_handles() -> None:
    """With an org-wide token Slack needs to know of which workspace."""
    asked: list[tuple[str, Mapping[str, str]]] = []

    async def ask(method: str, body: Mapping[str, str]) -> Mapping[str, Any]:
        asked.append((method, body))
        return {
            "usergroups": [{"id": "S1", "handle": "oncall"}, {"id": "S2", "name": "Ops"}, {"id": "S3"}, 5]
        }

    people = People(ask)
    assert await people.listed_groups("T1") == {"S1": "@oncall", "S2": "@Ops", "S3": "S3"}
    assert await people.listed_groups("E1")
    assert asked == [("usergroups.list", {"team_id": "T1"}), ("usergroups.list", {})]


async def test_a_group_that_is_gone_has_no_members() -> None:
    """Which is said apart: an admin has to choose another."""

    async def ask(_method: str, _body: Mapping[str, str]) -> Mapping[str, Any]:
        raise SlackGoneError(slack_code="no_such_subteam")

    with pytest.raises(SlackGoneError):
        await People(ask).is_in_group("S1", "U1", "T1")
