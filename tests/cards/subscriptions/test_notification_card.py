"""What is told in a job's thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cards.gallery.documents import REQUEST_ID
from bot.domain.subscriptions.notifications.group_updates import GroupEnded, GroupFailure
from bot.domain.subscriptions.notifications.job_updates import (
    Failed,
    JobGone,
    JobRefused,
    Moving,
    Progress,
    Stalled,
    Started,
)
from bot.domain.subscriptions.notifications.notices import (
    ApiBack,
    ApiDown,
    Expired,
    Finished,
    JobCard,
)
from bot.domain.subscriptions.notifications.notification import Notification
from bot.playground.block_kit import message_problems
from tests.cards.shown import NOW, words
from tests.cards.subscriptions.told import TOLD, card_of_kind, shown_of_kind
from tests.tables import each_row


@each_row(
    "kind, fields, shown",
    [
        (Started, {"queued_seconds": 740}, "🔵 *Started* after 12 min 20 s in the queue"),
        (Started, {}, "🔵 *Started*"),
        (Started, {"is_again": True, "queued_seconds": 90_000}, "🔵 *Running again*"),
        (
            Progress,
            {"milestone": 75, "progress": 80.9, "eta_seconds": 7330.0},
            "🔵 *80%* · 2 h 2 min left (≈ 2025-11-03 15:18 UTC)",
        ),
        (Progress, {"milestone": 25}, "🔵 *25%*"),
        (
            Stalled,
            {"quiet_seconds": 2700, "progress": 62.9},
            "⚠️ *Stalled at 62%* · no progress since 2025-11-03 12:31 UTC",
        ),
        (Stalled, {}, "⚠️ *Stalled*"),
        (
            Moving,
            {"quiet_seconds": 4980, "progress": 63, "eta_seconds": 3600},
            "🔵 *Moving again* at 63% · ends ≈ 2025-11-03 14:16 UTC",
        ),
        (Moving, {}, "🔵 *Moving again*"),
        (
            ApiDown,
            {"since": NOW - timedelta(minutes=10)},
            (
                "⚠️ Simplismart hasn't responded since 2025-11-03 13:06 UTC."
                " I'm still trying; no updates will be lost."
            ),
        ),
        (
            ApiBack,
            {"since": NOW - timedelta(minutes=25)},
            "✅ Simplismart is responding again after 25 min.",
        ),
        (ApiBack, {}, "✅ Simplismart is responding again."),
        (JobGone, {}, "🔕 Simplismart no longer has this job, so I've stopped posting updates."),
        (
            JobRefused,
            {},
            "🔕 Simplismart rejects this job ID, so I've stopped posting updates.",
        ),
        (
            Finished,
            {},
            (
                "🔕 Finished an hour ago, so I've stopped posting updates. If it restarts:"
                f" `/train subscribe {REQUEST_ID[:8]}`"
            ),
        ),
        (
            Expired,
            {},
            (
                "🔕 I've posted updates for 30 days and am stopping now."
                f" Keep getting updates: `/train subscribe {REQUEST_ID[:8]}`"
            ),
        ),
    ],
)
def test_what_happens_on_the_way_is_one_line(
    kind: type[Notification], fields: dict[str, Any], shown: str
) -> None:
    """What was not sent is not said; nobody is mentioned, and nothing asks to be pressed."""
    assert shown_of_kind(kind, **fields) == shown


@each_row("kind", TOLD)
def test_a_phone_names_the_job(kind: type[Notification]) -> None:
    """A notification is read without its thread: the experiment's name, or else the id."""
    assert "support-v3" in card_of_kind(kind).text
    assert REQUEST_ID in card_of_kind(kind, name=None).text
    assert "`" not in card_of_kind(kind).text


@each_row("kind", [kind for kind in TOLD if kind not in {Failed, GroupFailure, GroupEnded}])
def test_only_a_failure_mentions_anybody(kind: type[Notification]) -> None:
    """And a group's last word; everything else is there to be read when it suits."""
    assert "<@" not in shown_of_kind(kind)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1.0, 1e300])
def test_odd_numbers_are_not_said(odd: float) -> None:
    """What is no duration and no amount is left out."""
    fields = ("queued_seconds", "eta_seconds", "duration_seconds", "gpu_hours", "quiet_seconds")
    for kind in TOLD:
        card = card_of_kind(kind, progress=odd, **dict.fromkeys(fields, odd))
        assert message_problems(card.message()) == []
        assert len(words(card.message())) < 300


def test_the_job_card_is_no_notification() -> None:
    """What opens the thread is drawn from the job's document."""
    with pytest.raises(KeyError):
        card_of_kind(JobCard)
