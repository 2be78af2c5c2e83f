"""What Slack is asked about people where a permission depends on it: each time anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.domain.errors import SlackError, SlackPermissionError
from bot.slack.web_api.answers import text_in

_PAGE: Final = 999
_MOST_PAGES: Final = 10
_ADMIN: Final = ("is_admin", "is_owner", "is_primary_owner")

_Ask = Callable[[str, Mapping[str, str]], Awaitable[Mapping[str, Any]]]


class People:
    """Implements `bot.domain.ports.SlackPeople`."""

    def __init__(self, ask: _Ask) -> None:
        self._ask = ask

    async def is_admin(self, user_id: str, team_id: str = "", enterprise_id: str = "") -> bool | None:
        """See the port."""
        try:
            user = (await self._ask("users.info", {"user": user_id})).get("user")
        except SlackPermissionError:
            return None
        if not isinstance(user, dict) or user.get("deleted") or user.get("is_bot"):
            return False
        of_organization = user.get("enterprise_user")
        # Of people of another company too it says who they are in theirs.
        known = of_organization if isinstance(of_organization, dict) else {}
        if enterprise_id and known.get("enterprise_id") == enterprise_id and _is_any(known):
            return True
        # Somebody of another workspace of the organization is an admin there, if at all.
        return user.get("team_id") in {None, "", team_id or user.get("team_id")} and _is_any(user)

    async def is_member(self, channel_id: str, user_id: str) -> bool | None:
        """See the port."""
        found, cursor = False, ""
        for _ in range(_MOST_PAGES):
            asked = {"channel": channel_id, "limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
            try:
                answer = await self._ask("conversations.members", asked)
            except SlackPermissionError:
                return None
            members, more = answer.get("members"), answer.get("response_metadata")
            found = isinstance(members, list) and user_id in members
            cursor = text_in(more, "next_cursor") if isinstance(more, dict) else ""
            if found or not cursor:
                return found
        msg = "the channel has too many members to look through"
        raise SlackError(msg)

    async def is_in_group(self, group_id: str, user_id: str, team_id: str = "") -> bool | None:
        """See the port."""
        asked = {"usergroup": group_id, **_workspace(team_id)}
        try:
            users = (await self._ask("usergroups.users.list", asked)).get("users")
        except SlackPermissionError:
            return None
        return isinstance(users, list) and user_id in users

    async def listed_groups(self, team_id: str = "") -> Mapping[str, str] | None:
        """See the port."""
        try:
            listed = (await self._ask("usergroups.list", _workspace(team_id))).get("usergroups")
        except SlackPermissionError:
            return None
        groups = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        named = {text_in(each, "id"): text_in(each, "handle") or text_in(each, "name") for each in groups}
        return {group_id: f"@{name}" if name else group_id for group_id, name in named.items() if group_id}


def _is_any(rights: Mapping[str, Any]) -> bool:
    return any(rights.get(each) is True for each in _ADMIN)


def _workspace(team_id: str) -> Mapping[str, str]:
    """Slack needs it of a token that is for a whole organization of workspaces, and ignores it of others."""
    return {"team_id": team_id} if team_id.startswith("T") else {}
