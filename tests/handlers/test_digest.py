"""``/job digest``: when it comes is read as people type it, shown, and told to everybody concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.kit.phrases import SYMBOLS
from bot.domain.channels.digest import Period
from bot.domain.errors import StoreError, UpstreamFailedError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.messages.slack_messages import Conversation
from tests.handlers.neighbours import HERE, Neighbourhood

HOUR = timedelta(hours=1)
PUBLIC = Conversation(is_member=True, is_shared=False, is_private=False)


@pytest.fixture
def made() -> Neighbourhood:
    """A channel the bot may post to, and an organisation without jobs."""
    made = Neighbourhood()
    made.slack.conversations[HERE.channel_id] = PUBLIC
    made.jobs.list_of()
    return made


def _posted(made: Neighbourhood) -> list[str]:
    return [str(message["text"]) for method, _, message in made.slack.sent if method == "post_message"]


@pytest.mark.parametrize(
    ("typed", "period", "at_minutes", "zone"),
    [
        ("daily", Period.DAILY, 540, "UTC"),
        ("weekly", Period.WEEKLY, 540, "UTC"),
        ("Daily 17.30", Period.DAILY, 1050, "UTC"),
        ("daily at 9 am", Period.DAILY, 540, "UTC"),
        ("daily 7am europe/berlin", Period.DAILY, 420, "Europe/Berlin"),
        ("weekly Asia/Kolkata", Period.WEEKLY, 540, "Asia/Kolkata"),
        ("daily 09:00 New York", Period.DAILY, 540, "America/New_York"),
        ("daily 09:00 CET", Period.DAILY, 540, "CET"),
        ("14:30 Berlin", Period.DAILY, 870, "Europe/Berlin"),
        ("every morning at 9", Period.DAILY, 540, "UTC"),
        ("daily 14:30, Europe/Berlin", Period.DAILY, 870, "Europe/Berlin"),
        ("14:30 europe/berlin DAILY.", Period.DAILY, 870, "Europe/Berlin"),
        ("`weekly` in New York at 9 am", Period.WEEKLY, 540, "America/New_York"),
        ("daily *07:00* “Zürich”", Period.DAILY, 420, "Europe/Zurich"),
        ("daily 09:00 UTC+2", Period.DAILY, 540, "UTC+02:00"),
        ("daily 09:00 GMT+2", Period.DAILY, 540, "UTC+02:00"),
        ("daily 09:00 gmt\u22125", Period.DAILY, 540, "UTC-05:00"),
        ("daily +05:30", Period.DAILY, 540, "UTC+05:30"),
        ("daily 09:00 UTC +5:30", Period.DAILY, 540, "UTC+05:30"),
        ("daily 09:00+0545", Period.DAILY, 540, "UTC+05:45"),
        ("daily 09:00 -3", Period.DAILY, 540, "UTC-03:00"),
        ("daily 09:00 UTC+0", Period.DAILY, 540, "UTC"),
        ("daily 09:00 Etc/GMT+2", Period.DAILY, 540, "Etc/GMT+2"),
        ("daily 09:00 JST", Period.DAILY, 540, "Asia/Tokyo"),
        ("daily 9h", Period.DAILY, 540, "UTC"),
        ("daily 0900", Period.DAILY, 540, "UTC"),
        ("weekly 1730h Paris", Period.WEEKLY, 1050, "Europe/Paris"),
        ("daily 17h Paris", Period.DAILY, 1020, "Europe/Paris"),
        ("daily at 9 o'clock", Period.DAILY, 540, "UTC"),
        ("daily 9 a.m. please", Period.DAILY, 540, "UTC"),
        ("daily noon", Period.DAILY, 720, "UTC"),
        ("daily at 12 noon in Berlin", Period.DAILY, 720, "Europe/Berlin"),
        ("Midnight daily?", Period.DAILY, 0, "UTC"),
        ("daily 9h+2", Period.DAILY, 540, "UTC+02:00"),
        ("daily 0900+0200", Period.DAILY, 540, "UTC+02:00"),
        ("daily 9 am EST", Period.DAILY, 540, "EST"),
        ("daily 9 am MST", Period.DAILY, 540, "MST"),
        ("daily 14:30 CT", Period.DAILY, 14 * 60 + 30, "America/Chicago"),
        ("daily 14:30 MT", Period.DAILY, 14 * 60 + 30, "America/Denver"),
        ("daily 14:30 Berlin time", Period.DAILY, 14 * 60 + 30, "Europe/Berlin"),
        ("daily 14:30 (Europe/Berlin)", Period.DAILY, 14 * 60 + 30, "Europe/Berlin"),
    ],
)
async def test_a_schedule_is_read_as_people_type_it(
    made: Neighbourhood, typed: str, period: Period, at_minutes: int, zone: str
) -> None:
    """Time and zone may be left out; case does not count, and a city will do."""
    await made.ask(f"digest {typed}")
    (plan,) = made.digests.all.values()
    assert (plan.period, plan.at_minutes, plan.time_zone) == (period, at_minutes, zone)
    assert plan.next_at > made.clock.now()
    days = 1 if period is Period.DAILY else 7
    assert (plan.since, plan.user_id) == (plan.next_at - timedelta(days=days), HERE.user_id)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hourly", "every day, or once a week"),
        ("daily 25:00", "is no time of day"),
        ("daily 9", "is no time of day"),
        ("daily 09:00 Europe/Berlni", "Did you mean `Europe/Berlin`"),
        ("daily 09:00 Mars/Olympus", "no time zone such as `Europe/Berlin`"),
        ("off now", "takes no more words"),
        ("daily 14:30 Europe/Berlni", "`/job digest daily 14:30 Europe/Berlin`"),
        ("daily 25:00 Europe/Berlin", "is no time of day"),
        ("dayly 14:30 Europe/Berlin", "`/job digest daily 14:30 Europe/Berlin`"),
        ("hourly 14:30, Europe/Berlin", "`/job digest daily 14:30 Europe/Berlin`"),
        ("daily 14:30 UTC+15", "`/job digest daily 14:30 UTC`"),
        ("daily 14:30 GMT+2:10", "no time zone"),
        ("daily 6 GMT+1", "“6” is no time of day"),
        ("daily 6 GMT+1", "`/job digest daily 06:00 UTC+01:00`"),
        ("daily 6 Paris", "`/job digest daily 06:00 Europe/Paris`"),
        ("weekly Paris 25h", "`/job digest weekly 09:00 Europe/Paris`"),
        ("daily 6 CST", "`/job digest daily 06:00 America/Chicago`"),
        ("daily 6 Berlni", "`/job digest daily 06:00 Europe/Berlin`"),
        ("daily 9 in the morning New York", "`/job digest daily 09:00 America/New_York`"),
        ("hourly 17h Paris", "`/job digest daily 17:00 Europe/Paris`"),
        ("daily 14:30 IST", "`Asia/Kolkata` or `Europe/Dublin` or `Asia/Jerusalem`"),
        ("daily 14:30 cst", "`/job digest daily 14:30 America/Chicago`"),
        ("daily 14:30 Eastern", "several time zones"),
        ("daily 14:30 Pacific Time", "`Canada/Pacific` or `US/Pacific`"),
    ],
)
async def test_what_is_no_schedule_is_said_plainly(made: Neighbourhood, typed: str, told: str) -> None:
    """With what it may have meant; nothing is set."""
    (card,) = await made.ask(f"digest {typed}")
    assert told in card
    assert made.digests.all == {}


async def test_a_fixed_offset_is_what_people_mean(made: Neighbourhood) -> None:
    """Ahead of UTC is earlier in UTC, the whole year, and never the other way round."""
    for typed, hours in (("GMT+2", 2), ("UTC-5", -5), ("+05:30", 5.5)):
        await made.ask(f"digest daily 09:00 {typed}")
        (plan,) = made.digests.all.values()
        nine = plan.next_at.replace(hour=9, minute=0)
        assert (nine - plan.next_at) % timedelta(days=1) == timedelta(hours=hours) % timedelta(days=1)


async def test_everybody_in_the_channel_hears_of_it(made: Neighbourhood) -> None:
    """When it is switched on, changed and switched off, and only then; who did it gets an answer too."""
    (card,) = await made.ask("digest daily")
    assert "The digest is posted here every day at 09:00 (UTC)" in card
    await made.ask("digest weekly")
    await made.ask("digest weekly 9:00")
    (card,) = await made.ask("digest off")
    assert "The digest is off in this channel" in card
    assert _posted(made) == [
        "The digest was turned on: every day at 09:00 (UTC).",
        "The digest was changed: every Monday at 09:00 (UTC).",
        "The weekly digest was turned off.",
    ]
    (card,) = await made.ask("digest off")
    assert "No digest in this channel yet" in card
    assert made.watcher.rung == 3


async def test_a_changed_digest_goes_on_where_the_last_one_ended(made: Neighbourhood) -> None:
    """Nothing is told twice, and nothing left out."""
    await made.ask("digest daily")
    (before,) = made.digests.all.values()
    made.clock.advance(3600)
    await made.ask("digest weekly 10:00")
    (after,) = made.digests.all.values()
    assert after.since == before.since


@pytest.mark.parametrize(
    ("conversation", "told"),
    [
        (replace(PUBLIC, is_shared=True), "shared with another company"),
        (replace(PUBLIC, is_private=True, is_member=False), "Invite me first"),
        (replace(PUBLIC, is_archived=True), "archived"),
    ],
)
async def test_where_the_bot_may_not_post_nothing_is_set(
    made: Neighbourhood, conversation: Conversation, told: str
) -> None:
    """And why is told at once."""
    made.slack.conversations[HERE.channel_id] = conversation
    (card,) = await made.ask("digest daily")
    assert told in card
    assert made.digests.all == {}


async def test_direct_messages_with_the_bot_take_one(made: Neighbourhood) -> None:
    """There the answer tells everybody."""
    await made.ask("digest daily", replace(HERE, channel_id="D1", is_dm=True))
    assert len(made.digests.all) == 1
    assert _posted(made) == []


async def test_asked_about_it_shows_a_preview(made: Neighbourhood) -> None:
    """With what the failed jobs' own documents say, which are then remembered; others count by their row."""
    now = made.clock.now()
    made.jobs.list_of(
        *(
            JobSummary(f"run-{n}", f"exp-{n}", status, status.value, updated_at=now - timedelta(hours=n))
            for n, status in enumerate(
                (JobStatus.RUNNING, JobStatus.FAILED, JobStatus.COMPLETED, JobStatus.FAILED)
            )
        ),
        JobSummary("old", "old", JobStatus.FAILED, "FAILED", updated_at=now - timedelta(days=2)),
    )
    made.jobs.give(
        "run-1",
        status="FAILED",
        experiment_name="exp-1",
        error_message="torch.OutOfMemoryError: CUDA out of memory.",
        completed_at=(now - timedelta(hours=1)).isoformat(),
    )
    made.jobs.next.pop("run-3")
    (card,) = await made.ask("digest")
    assert "No digest in this channel yet" in card
    assert "Preview for you: the last 24 hours" in card
    assert "CUDA out of memory" in card
    assert "❌\u00a02\u00a0failed" in card
    assert f"{SYMBOLS[JobStatus.RUNNING]}\u00a01\u00a0running" in card
    assert set(made.history.all) == {"run-1", "run-2"}
    assert _posted(made) == []
    await made.ask("digest weekly 08:00")
    (card,) = await made.ask("digest")
    assert "every Monday at 08:00" in card
    assert "❌\u00a03\u00a0failed" in card


async def test_an_earlier_list_does_not_say_what_runs_now(made: Neighbourhood) -> None:
    """The preview says so."""
    now = made.clock.now()
    made.jobs.list_of(JobSummary("a", "a", JobStatus.COMPLETED, "COMPLETED", updated_at=now - HOUR))
    assert made.jobs.listing is not None
    made.jobs.listing = replace(made.jobs.listing, failure=UpstreamFailedError())
    made.jobs.give("a", status="COMPLETED", completed_at=(now - HOUR).isoformat())
    (card,) = await made.ask("digest")
    assert "running jobs unknown" in card
    assert "1\u00a0completed" in card


async def test_with_nothing_to_tell_it_says_so(made: Neighbourhood) -> None:
    """Such a digest is skipped."""
    (card,) = await made.ask("digest")
    assert "today's digest would be skipped" in card


async def test_failures_are_told(made: Neighbourhood) -> None:
    """Of the training suite, and of the database."""
    made.jobs.listing = None
    (card,) = await made.ask("digest")
    assert "Simplismart" in card
    made.digests.fails = StoreError("down")
    (card,) = await made.ask("digest daily")
    assert "switched on" not in card
    assert _posted(made) == []
