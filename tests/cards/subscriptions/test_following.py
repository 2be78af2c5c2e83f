"""Who follows a job, as its card says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cards.gallery import documents
from bot.cards.gallery.documents import RUNNING
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.domain.subscriptions.subscription import Ending
from tests.cards.shown import NOW, card_of, labels, snapshot, words
from tests.tables import each_row

FREE, MINE = ["Subscribe"], ["Unsubscribe"]


def _card(following: CardSubscription | None) -> dict[str, Any]:
    return card_of(RUNNING, facts=JobFacts(following=following))


def _offered(following: CardSubscription | None) -> list[str]:
    return labels(_card(following))[1:]


@each_row(
    "following, offered, remark",
    [
        (None, FREE, ""),
        (CardSubscription(0), FREE, ""),
        (CardSubscription(0, is_mine=False), FREE, ""),
        (CardSubscription(1, is_mine=False), FREE, "🔔 1 person is subscribed here"),
        (CardSubscription(1200, is_mine=False), FREE, "🔔 1,200 people are subscribed here"),
        (CardSubscription(1, is_mine=True), MINE, "🔔 You're subscribed here"),
        (CardSubscription(2, is_mine=True), MINE, "🔔 You and 1 other are subscribed here"),
        (CardSubscription(3, is_mine=True), MINE, "🔔 You and 2 others are subscribed here"),
        (CardSubscription(1), FREE, "🔔 1 person subscribed · updates in the thread"),
        (CardSubscription(2), FREE, "🔔 2 people subscribed · updates in the thread"),
    ],
)
def test_says_who_follows_and_offers_what_is_left_to_do(
    following: CardSubscription | None, offered: list[str], remark: str
) -> None:
    """To one reader the button that changes something; to everybody always [Subscribe] alone."""
    shown = words(_card(following))
    assert _offered(following) == offered
    assert remark in shown
    assert ("🔔" in shown) == bool(remark)


def test_says_who_posted_what_nobody_asked_for() -> None:
    """Also when it is over: nobody ever followed it. To one reader it is a job like any other."""
    fed = CardSubscription(0, is_fed=True)
    assert "📣 Posted by this channel's feed · updates in the thread" in words(_card(fed))
    over = words(_card(replace(fed, ended=Ending.FINISHED, at=NOW)))
    assert over.count("📣 Posted by this channel's feed") == 1
    assert "thread" not in over
    assert "No longer" not in over
    assert "📣" not in words(_card(replace(fed, is_mine=False)))
    assert _offered(fed) == FREE
    off = words(_card(replace(fed, ended=Ending.FEED_OFF)))
    assert "🔕 Updates ended: the channel's feed was turned off" in off


@each_row("ending", Ending)
def test_says_why_nobody_follows_any_more(ending: Ending) -> None:
    """Each ending in its own words, with its time where that is known, and a way to begin anew."""
    shown = words(_card(CardSubscription(2, ended=ending, at=NOW)))
    assert "🔕 Updates ended 2025-11-03 13:16 UTC: " in shown
    assert _offered(CardSubscription(2, is_mine=True, ended=ending)) == FREE
    assert "🔕 Updates ended: " in words(_card(CardSubscription(0, ended=ending)))


def test_endings_have_different_words() -> None:
    """Nobody has to guess which it was."""
    cards = [words(_card(CardSubscription(0, ended=ending))) for ending in Ending]
    assert len(set(cards)) == len(Ending)


def test_a_finished_job_offers_no_subscription() -> None:
    """Whoever may be subscribed to it."""
    for known in (
        None,
        CardSubscription(1),
        CardSubscription(1, is_mine=True),
        CardSubscription(0, ended=Ending.FINISHED),
    ):
        card = card_of(documents.COMPLETED, facts=JobFacts(following=known))
        assert labels(card) == ["Metrics", "Report"]


def test_a_job_that_cannot_be_asked_for_cannot_be_followed() -> None:
    """Without a usable id there are no buttons."""
    assert labels(job_card(snapshot(RUNNING), request_id="a\u202eb", now=NOW).message()) == []
