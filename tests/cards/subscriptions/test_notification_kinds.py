"""Every kind of notification has its two halves, a sample, and rows that are read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cards.gallery.notifications import NOTIFICATIONS
from bot.cards.subscriptions.notification import RENDERERS, notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.subscriptions.notifications import group_updates
from bot.domain.subscriptions.notifications.notices import JobCard, ThreadCard, WeeklyReport
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.notifications.registry import REGISTRY, copy_for
from bot.domain.subscriptions.subscription import Mode, Subscription
from bot.playground.block_kit import message_problems
from bot.store.rows import UnreadableRowError, read_notification

ROWS = Path(__file__).parents[2] / "data" / "outbox-rows.jsonl"
"""Written by the last version that had one class for all kinds."""
OLD_ROWS = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]
SUBSCRIPTION = Subscription("s1", "T1", "C1", "org", "job-1", datetime(2026, 3, 2, tzinfo=UTC))


def _classes(of: type[Notification]) -> set[type[Notification]]:
    below = {each for child in of.__subclasses__() for each in _classes(child)}
    return below or {of}


def test_every_class_is_in_the_registry_once() -> None:
    """Under its own kind."""
    assert {entry.payload for entry in REGISTRY.values()} == _classes(Notification)
    assert all(entry.payload.kind == kind for kind, entry in REGISTRY.items())


def test_every_kind_can_be_drawn() -> None:
    """By one renderer for its class; cards are drawn from the job's document."""
    drawn_from_documents = {kind for kind, entry in REGISTRY.items() if entry.shows_document}
    assert drawn_from_documents == {JobCard.kind, ThreadCard.kind}
    assert RENDERERS.keys() == REGISTRY.keys() - drawn_from_documents
    assert all(RENDERERS[kind].payload is REGISTRY[kind].payload for kind in RENDERERS)
    with pytest.raises(TypeError, match="is drawn as"):
        RENDERERS["failed"].card(JobCard(once_key="1", at=SUBSCRIPTION.created_at), None)  # type: ignore[arg-type]


def test_every_kind_has_a_sample() -> None:
    """In the gallery, where it is compared with Slack's limits and its golden file."""
    assert {type(sample.notification) for sample in NOTIFICATIONS} == {
        renderer.payload for renderer in RENDERERS.values()
    }


@pytest.mark.parametrize("kind", sorted(REGISTRY))
def test_what_is_broadcast_is_told_in_the_thread(kind: str) -> None:
    """Quiet threads and threads of feeds get no more than others."""
    payload = REGISTRY[kind].payload
    for mode in Mode:
        copy = copy_for(payload, mode, is_quiet=False)
        quiet = copy_for(payload, mode, is_quiet=True)
        assert (copy is None) == (quiet is None)
        assert quiet is None or not quiet.broadcast
        if copy is None:
            assert copy_for(payload, mode, is_quiet=False, is_fed=True) is None
            assert mode not in REGISTRY[kind].audience.broadcast_modes


@pytest.mark.parametrize(
    "notification", [each.notification for each in NOTIFICATIONS], ids=lambda each: each.kind
)
def test_what_is_written_is_read_again(notification: Notification) -> None:
    """As the same class with the same facts."""
    assert read_notification(notification.to_json()) == notification


@pytest.mark.parametrize("row", OLD_ROWS, ids=lambda row: row["kind"])
def test_rows_of_the_last_version_are_read_and_drawn(row: dict[str, Any]) -> None:
    """With every fact that they hold, and still broadcast where they were."""
    told = read_notification(row["payload"])
    assert told.kind == row["kind"]
    assert json.loads(told.to_json()) == json.loads(row["payload"])
    if not isinstance(told, JobCard):
        card = notification_card(told, Recipient(SUBSCRIPTION, "/job"))
        assert message_problems(card.message()) == []


def test_the_last_version_wrote_every_kind() -> None:
    """So that none is left out above, but what is newer."""
    newer = {ThreadCard.kind, WeeklyReport.kind, *(entry.payload.kind for entry in group_updates.ENTRIES)}
    assert {row["kind"] for row in OLD_ROWS} == REGISTRY.keys() - newer


@pytest.mark.parametrize(
    "payload", ["{}", "[]", "nothing", '{"kind":"failed"}', '{"kind":"unheard","once_key":"1"}']
)
def test_what_nobody_wrote_is_one_unreadable_row(payload: str) -> None:
    """A kind that only a newer version knows among them."""
    with pytest.raises(UnreadableRowError):
        read_notification(payload)
