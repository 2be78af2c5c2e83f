"""What kind of conversation something happened in, by what a delivery says of it. Pure.

Source: https://docs.slack.dev/apis/web-api/using-the-conversations-api
"""

from __future__ import annotations

from typing import Final

_DIRECT: Final = "D"
"""What the id of a conversation of two begins with."""
_DIRECT_NAME: Final = "directmessage"
_GROUP_NAMES: Final = "mpdm-"
"""What the name of a group's direct messages begins with; their ids are those of channels."""


def takes_invitations(channel_id: str, name: str = "") -> bool:
    """Whether an app that is not in there can be invited: to no direct messages of people.

    Slash commands can be typed in those all the same. ``name`` is as Slack tells it; empty where it does not.
    """
    return not (channel_id.startswith(_DIRECT) or name == _DIRECT_NAME or name.startswith(_GROUP_NAMES))
