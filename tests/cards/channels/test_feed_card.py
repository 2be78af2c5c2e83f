"""What is said of a channel's feed: fit to be sent, whatever somebody typed, and the same when read again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.channels.feed import (
    feed_announcement,
    feed_card,
    feed_end_announcement,
    feed_off_card,
    feed_on_card,
    not_switched_on,
)
from bot.cards.subscriptions.cannot_post import cannot_post_here_card
from bot.domain.channels.feed import DEFAULT_STATUSES, Feed, read_feed_query
from bot.domain.commands.query import Query
from bot.domain.commands.search import read_query
from bot.domain.job import JobStatus
from tests.cards.shown import NOW
from tests.cards.subscriptions.test_hostile_updates import _check as check
from tests.cards.subscriptions.test_hostile_updates import user_ids, words

SLASH = "/job"
parts = words.map(lambda text: "".join(text.lower().split()).replace(",", "")).filter(bool)
queries = st.builds(
    Query,
    statuses=st.frozensets(st.sampled_from(JobStatus), min_size=1),
    models=st.lists(parts, max_size=20).map(tuple),
    names=st.lists(parts, max_size=20).map(tuple),
)
feeds = st.builds(
    Feed,
    team_id=words,
    channel_id=words,
    org_id=words,
    user_id=user_ids,
    query=queries,
    created_at=st.just(NOW),
)


@settings(max_examples=15, deadline=None)
@given(feeds, user_ids, st.booleans())
def test_everything_said_of_a_feed_is_fit_to_send(feed: Feed, user_id: str, is_new: bool) -> None:  # noqa: FBT001  (drawn)
    """Hostile models, names and people."""
    check(feed_card(feed, slash_command=SLASH), longest_text=6_000)
    check(feed_on_card(feed, is_new=is_new, slash_command=SLASH), longest_text=6_000)
    check(feed_off_card(feed, slash_command=SLASH), longest_text=6_000)
    check(feed_announcement(feed, user_id, is_new=is_new, slash_command=SLASH), longest_text=6_000)
    check(feed_end_announcement(user_id))
    check(not_switched_on(cannot_post_here_card(user_id, again=user_id, bot_name=user_id)))


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (DEFAULT_STATUSES, "failed and completed jobs"),
        ({JobStatus.UNKNOWN}, "jobs of an unknown status"),
        ({JobStatus.UNKNOWN, JobStatus.FAILED}, "failed jobs and jobs of an unknown status"),
        (set(JobStatus) - {JobStatus.UNKNOWN}, "queued, running, failed, completed and cancelled jobs"),
    ],
)
def test_says_which_jobs(statuses: set[JobStatus], said: str) -> None:
    """In words that people use."""
    feed = Feed("T1", "C1", "org", "U01", Query(frozenset(statuses)), NOW)
    assert f"now on {said} are posted" in feed_on_card(feed, is_new=True, slash_command=SLASH).text


def test_the_command_that_turns_it_on_again_shows_no_secret() -> None:
    """Though what stands before it in the command hides what it is."""
    query = Query(frozenset({JobStatus.QUEUED}), names=("secret_id=sec-91f0c7-the-name", "tone"))
    shown = str(feed_off_card(Feed("T1", "C1", "org", "U1", query, NOW), slash_command=SLASH).message())
    assert "sec-91f0c7-the-name" not in shown
    assert "tone" in shown


def test_a_feed_is_read_as_it_was_typed() -> None:
    """What is stored is the same query; without a status it is the usual two."""
    query = read_feed_query(("model:Llama,qwen", "name:eval"))
    assert query == Query(DEFAULT_STATUSES, ("llama", "qwen"), ("eval",))
    assert read_query(query.text.split()) == query
    assert read_feed_query(()) == replace(Query(), statuses=DEFAULT_STATUSES)
