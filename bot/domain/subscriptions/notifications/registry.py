"""Every kind of notification: its class, and who gets it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from bot.domain.subscriptions.notifications import group_updates, job_updates, metrics_updates, notices
from bot.domain.subscriptions.notifications.notification import Copy, Entry, Notification
from bot.domain.subscriptions.subscription import Mode

REGISTRY: Final[Mapping[str, Entry]] = {
    entry.payload.kind: entry
    for entry in (
        *job_updates.ENTRIES,
        *metrics_updates.ENTRIES,
        *group_updates.ENTRIES,
        *notices.ENTRIES,
    )
}
"""By kind. Its other half, how each looks, is `bot.cards.subscriptions.notification.RENDERERS`."""


class _Tag(BaseModel):
    kind: str


def copy_for(payload: type[Notification], mode: Mode, *, is_quiet: bool, is_fed: bool = False) -> Copy | None:
    """How a subscription gets notifications of this class; None if it does not: see `Audience.copy_for`."""
    return REGISTRY[payload.kind].audience.copy_for(mode, is_quiet=is_quiet, is_fed=is_fed)


def notification_from_json(text: str) -> Notification:
    """What `Notification.to_json` wrote, in this version or an earlier one.

    Raises:
        ValueError: it is something else, or of a kind that only a newer version knows.
    """
    kind = _Tag.model_validate_json(text).kind
    if kind not in REGISTRY:
        msg = f"no notification is of the kind {kind!r}"
        raise ValueError(msg)
    return REGISTRY[kind].payload.model_validate_json(text)
