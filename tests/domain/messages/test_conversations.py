"""Where an app can be invited, by what Slack says of a conversation."""

from __future__ import annotations

from bot.domain.messages.conversations import takes_invitations
from tests.tables import each_row


@each_row(
    "channel_id, name, is_so",
    [
        ("C0123ABC", "training", True),
        ("C0123ABC", "", True),
        ("G0123ABC", "privategroup", True),
        ("D0123ABC", "directmessage", False),
        ("D0123ABC", "", False),
        ("C0123ABC", "mpdm-ada--grace--linus-1", False),
        ("G0123ABC", "mpdm-ada--grace--linus-1", False),
        ("", "", True),
    ],
)
def test_direct_messages_of_people_take_no_app(channel_id: str, name: str, *, is_so: bool) -> None:
    """A group's have the id of a channel."""
    assert takes_invitations(channel_id, name) is is_so
