"""By what a delivery of Slack's is known: to be done once, and to be found in the log."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

_REFERENCE_BYTES: Final = 4


def key_of(body: Mapping[str, Any], team_id: str) -> str | None:
    """What Slack says is unique of this delivery; None where it says nothing.

    A message is known by its place, not by the event that reports it: editing it, or showing the links in
    it, sends it again as a new event. ``team_id`` is ours, whatever team an event names.
    """
    name = _name(body)
    return None if name is None else f"{team_id}:{name}"


def reference_of(body: Mapping[str, Any]) -> str:
    """The reference of this delivery, the same each time Slack sends it; empty where nothing is unique."""
    return _reference(_name(body))


def reference_of_key(key: str) -> str:
    """The same, of what `key_of` says."""
    return _reference(key.partition(":")[2])


def _name(body: Mapping[str, Any]) -> str | None:
    event = body.get("event")
    if isinstance(event, dict) and event.get("type") in {"app_mention", "message"}:
        channel_id, ts = event.get("channel"), event.get("ts")
        if isinstance(channel_id, str) and isinstance(ts, str):
            return f"message:{channel_id}:{ts}"
    for name in ("event_id", "trigger_id"):
        if isinstance(body.get(name), str):
            return f"{name}:{body[name]}"
    return None


def _reference(name: str | None) -> str:
    """A digest, for the name may be a secret: whoever has a trigger can open a window."""
    if not name:
        return ""
    return blake2b(name.encode("utf-8", "replace"), digest_size=_REFERENCE_BYTES).hexdigest()
