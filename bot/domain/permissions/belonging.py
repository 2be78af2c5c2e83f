"""Which organization's updates belong where, once a workspace or a channel was connected to another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_DIRECT = "D"
"""Direct messages, as channel IDs begin: updates there may be on any job that people ask about elsewhere."""


@dataclass(frozen=True, slots=True)
class Reconnected:
    """What was changed in one workspace, and how it is connected since."""

    channel_id: str
    """Of the connection that was changed; empty: the workspace's."""
    before: str
    """The organization that this very connection had; empty where there was none."""
    now: str
    """The one that it has; empty where it was removed."""
    connected: Iterable[tuple[str, str]]
    """Channel and organization of all connections of the workspace as they are since."""

    def ends(self, channel_id: str, org_id: str) -> bool:
        """Whether updates on this organization's jobs don't belong into this channel anymore.

        Nobody there may ask about those jobs, and the key that they were asked about with may be gone: with
        another workspace's key to the same organization they would go on.
        """
        by_channel = dict(self.connected)
        if not self.now and org_id != self.before:
            return False
        if channel_id.startswith(_DIRECT):
            is_meant = not self.channel_id or org_id == self.before
            return is_meant and org_id not in by_channel.values()
        is_meant = channel_id == self.channel_id if self.channel_id else channel_id not in by_channel
        return is_meant and org_id != by_channel.get(channel_id, by_channel.get("", ""))
