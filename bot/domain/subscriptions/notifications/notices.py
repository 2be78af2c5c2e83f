"""What is no news of a job: a thread's card and its last word, outages, and what channels and the admin get.

Pure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import AliasChoices, ConfigDict, Field

from bot.domain.channels.digest import Digest
from bot.domain.subscriptions.notifications.notification import (
    EVERYBODY,
    SUBSCRIBED,
    Audience,
    Entry,
    Notification,
)


class JobCard(Notification):
    """The job's card, which opens the thread: drawn from the job's document."""

    kind = "card"


class ThreadCard(Notification):
    """The job's card in the thread of a feed's post: drawn from the job's document."""

    kind = "thread_card"


class ApiDown(Notification):
    """Simplismart does not answer."""

    kind = "api_down"
    since: datetime | None = None


class ApiBack(Notification):
    """Simplismart answers again."""

    kind = "api_back"
    since: datetime | None = None
    """When it had stopped to."""


class Finished(Notification):
    """The job finished an hour ago: the last word."""

    kind = "finished"


class Expired(Notification):
    """The subscription is 30 days old: the last word."""

    kind = "expired"


class ChannelDigest(Notification):
    """What the organization's jobs did: belongs to a channel, not to a job."""

    kind = "digest"
    digest: Digest


class KeyExpiry(Notification):
    """The API key expires soon: a direct message to the admin."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind = "key_expires"
    expires_at: datetime | None = Field(
        default=None, validation_alias=AliasChoices("expires_at", "since"), serialization_alias="since"
    )
    """Stored under the name that it had in earlier versions."""
    is_set_up: bool = False
    """Somebody connected it with ``setup``; else it is the settings' key."""


class WeeklyReport(Notification):
    """What was parked, limited or late in a week: a direct message to the admin."""

    kind = "weekly_report"
    parked: int = 0
    limited: int = 0
    late: int = 0


_ASKED_FOR: Final = Audience(SUBSCRIBED, includes_feed_threads=False)
"""Nobody asked for the threads of feeds: what concerns the bot more than the job is not told there."""
ENTRIES: Final = (
    Entry(JobCard, Audience(EVERYBODY), is_in_thread=False, shows_document=True),
    Entry(ThreadCard, Audience(SUBSCRIBED), shows_document=True),
    Entry(ApiDown, _ASKED_FOR),
    Entry(ApiBack, _ASKED_FOR),
    Entry(Finished, _ASKED_FOR),
    Entry(Expired, Audience(EVERYBODY, includes_feed_threads=False)),
    Entry(ChannelDigest, Audience(SUBSCRIBED), is_in_thread=False),
    Entry(KeyExpiry, Audience(SUBSCRIBED), is_in_thread=False),
    Entry(WeeklyReport, Audience(SUBSCRIBED), is_in_thread=False),
)
