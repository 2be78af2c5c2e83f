"""What ends our installation, and what is others'."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.messages.installation import Installation
from bot.domain.messages.uninstalling import end_of, told_at
from tests.tables import each_row

HERE = Installation("T1", "E1", "U-bot")
WHOLE_ORG = Installation("E1", "E1", "U-bot")


def _event(kind: str, team_id: Any = "T1", **more: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": team_id, "event": {"type": kind, **more}}


@each_row(
    "body, installation, reason",
    [
        (_event("app_uninstalled"), HERE, "app_uninstalled"),
        (_event("tokens_revoked", tokens={"oauth": ["U1"], "bot": ["U-bot"]}), HERE, "token_revoked"),
        (_event("app_uninstalled", None) | {"enterprise_id": "E1"}, WHOLE_ORG, "app_uninstalled"),
        (_event("app_uninstalled", "E1"), WHOLE_ORG, "app_uninstalled"),
        # Another workspace of the same organisation, with a token of its own.
        (_event("app_uninstalled", "T2") | {"enterprise_id": "E1"}, HERE, None),
        (_event("app_uninstalled", "T2"), WHOLE_ORG, None),
        (_event("tokens_revoked", "T2", tokens={"bot": ["U-bot"]}), HERE, None),
        # People's tokens, and another bot's.
        (_event("tokens_revoked", tokens={"oauth": ["U-bot"]}), HERE, None),
        (_event("tokens_revoked", tokens={"oauth": ["U1"], "bot": []}), HERE, None),
        (_event("tokens_revoked", tokens={"bot": ["U-other"]}), HERE, None),
        (_event("tokens_revoked", tokens={"bot": [""]}), Installation("T1"), None),
        (_event("tokens_revoked", tokens={"bot": "U-bot"}), HERE, None),
        (_event("tokens_revoked", tokens=["U-bot"]), HERE, None),
        (_event("tokens_revoked"), HERE, None),
        (_event("app_mention"), HERE, None),
        ({"type": "event_callback", "team_id": "T1", "event": None}, HERE, None),
        (_event("app_uninstalled", None), HERE, None),
    ],
)
def test_what_ends_ours(body: dict[str, Any], installation: Installation, reason: str | None) -> None:
    """The workspace that is named has to be ours exactly, and a token the bot's own."""
    assert end_of(body, installation) == reason


@pytest.mark.parametrize("at", [None, "1772442000", 10**30, -(10**30), 1.5])
def test_a_moment_that_cannot_be_read_is_none(at: Any) -> None:
    """Whatever stands there."""
    assert told_at({"event_time": at}) is None
    assert told_at({"event_time": 1772442000}) == datetime(2026, 3, 2, 9, tzinfo=UTC)
