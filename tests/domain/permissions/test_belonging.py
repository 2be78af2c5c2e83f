"""What ends where a workspace, or a channel, is connected to another organization."""

from __future__ import annotations

from bot.domain.permissions.belonging import Reconnected
from tests.tables import each_row

WHOLE = ("", "new")
OWN = ("C1", "own")


@each_row(
    "changed, channel_id, org_id, is_over",
    [
        # The workspace has another one now: in every channel without one of its own.
        (Reconnected("", "old", "new", [WHOLE, OWN]), "C2", "old", True),
        (Reconnected("", "old", "new", [WHOLE, OWN]), "C2", "new", False),
        (Reconnected("", "old", "new", [WHOLE, OWN]), "C1", "own", False),
        (Reconnected("", "old", "new", [WHOLE, OWN]), "D1", "old", True),
        (Reconnected("", "old", "new", [WHOLE, OWN]), "D1", "own", False),
        (Reconnected("", "own", "new", [WHOLE, OWN]), "D1", "own", False),
        # The first one, where the settings' counted before.
        (Reconnected("", "", "new", [WHOLE]), "C2", "settings", True),
        (Reconnected("", "", "new", [WHOLE]), "D1", "settings", True),
        # A channel has one of its own now.
        (Reconnected("C1", "", "own", [WHOLE, OWN]), "C1", "new", True),
        (Reconnected("C1", "", "own", [WHOLE, OWN]), "C2", "new", False),
        (Reconnected("C1", "", "own", [WHOLE, OWN]), "D1", "new", False),
        (Reconnected("C1", "", "own", [OWN]), "C2", "settings", False),
        (Reconnected("C1", "", "own", [OWN]), "D1", "settings", False),
        (Reconnected("C1", "was", "own", [OWN]), "D1", "was", True),
        # It has none anymore: it asks about the workspace's.
        (Reconnected("C1", "own", "", [WHOLE]), "C1", "own", True),
        (Reconnected("C1", "own", "", [WHOLE]), "D1", "own", True),
        (Reconnected("C1", "own", "", [WHOLE]), "C1", "new", False),
        (Reconnected("C1", "new", "", [WHOLE]), "C1", "new", False),
        # The workspace has none anymore.
        (Reconnected("", "old", "", [OWN]), "C2", "old", True),
        (Reconnected("", "old", "", [OWN]), "C1", "own", False),
        (Reconnected("", "old", "", []), "D1", "old", True),
        (Reconnected("", "own", "", [OWN]), "D1", "own", False),
    ],
)
def test_what_belongs_where(changed: Reconnected, channel_id: str, org_id: str, *, is_over: bool) -> None:
    """Also in direct messages: there it may be about any job that people ask about in a channel."""
    assert changed.ends(channel_id, org_id) is is_over
