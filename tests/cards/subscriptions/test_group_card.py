"""Cards about groups are fit to be sent, whatever their jobs are called and however many there are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import SETTINGS
from bot.cards.gallery.groups import SWEEP
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.cards.subscriptions.groups.card import MOST_ROWS, group_card
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.groups.group import EndFacts, Group, Member
from bot.domain.groups.results import How, result_of
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.group_updates import GroupEnded
from bot.playground.block_kit import message_problems
from tests.cards.jobs.test_hostile_documents import CARRIERS, NASTY, SECRETS
from tests.cards.shown import NOW, live_markup
from tests.cards.subscriptions.told import SUBSCRIPTION

HOSTILE = [*NASTY, *CARRIERS]
# By their places: as they are, they are too long to be shown where a test fails.
words = st.integers(0, len(HOSTILE) - 1).map(lambda place: HOSTILE[place]) | st.text(max_size=40)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
members = st.builds(
    Member,
    request_id=st.uuids().map(str) | words,
    joined_at=st.just(NOW),
    name=st.none() | words,
    status=st.sampled_from(JobStatus),
    progress=st.none() | st.floats(0, 100),
    value=numbers,
    facts=st.none() | st.builds(EndFacts, numbers, numbers, st.none() | words, st.none() | words),
)
groups = st.builds(
    Group,
    query=st.just("{}"),
    since=st.just(NOW),
    by=words,
    members=st.lists(members, max_size=25, unique_by=lambda each: each.request_id).map(tuple),
    is_full=st.booleans(),
    looked_at=st.none() | st.just(NOW),
    ended_at=st.none() | st.just(NOW),
)


@settings(max_examples=50, deadline=None)
@given(groups, words, st.sampled_from(How))
def test_nothing_in_a_group_breaks_its_cards(group: Group, subject: str, how: How) -> None:
    """As a table, as lines, and as the last word."""
    following = CardSubscription(people=3)
    card = group_card(group, subject, now=NOW, following=following, subscription_id="s1", settings=SETTINGS)
    ended = GroupEnded(once_key="end", at=NOW, name=subject, result=result_of(group, how, NOW, 20))
    last = notification_card(ended, Recipient(replace(SUBSCRIPTION, request_id=subject), "/job", SETTINGS))
    for each in (card, card.plainer or card, last):
        message = {name: value for name, value in each.message().items() if name != "plainer"}
        assert message_problems(message) == []
        assert not [found for found in live_markup(message) if "U0123ABC" not in found]
        assert not any(secret in str(message) for secret in SECRETS)


def test_of_many_the_best_are_shown_and_some_that_failed() -> None:
    """And how many more there are; also where the names are long."""
    many = [
        replace(
            SWEEP.members[0],
            request_id=f"00000000-0000-4000-8000-{number:012}",
            name=f"{'long ' * 30}{number}",
            value=float(number),
            status=JobStatus.FAILED if number == 150 else JobStatus.COMPLETED,
        )
        for number in range(200)
    ]
    group = replace(SWEEP, members=tuple(many))
    card = group_card(
        group,
        "name:long",
        now=NOW,
        following=CardSubscription(people=1),
        subscription_id="s1",
        settings=SETTINGS,
    )
    (table,) = [block for block in card.blocks if block["type"] == "table"]
    assert len(table["rows"]) == 1 + MOST_ROWS
    assert "❌ Failed" in str(table)
    assert f"And {200 - MOST_ROWS} more" in str(card.blocks)
    assert card.plainer is not None
    assert message_problems(card.plainer.message()) == []
