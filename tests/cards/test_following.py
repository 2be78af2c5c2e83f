"""Who follows a job, as its card says it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.gallery import documents
from bot.cards.gallery.documents import RUNNING
from bot.cards.jobs.job import job_card
from bot.cards.kit import actions
from bot.cards.subscriptions.card_subscription import Following
from bot.domain.subscriptions.subscription import Ending
from tests.cards.shown import NOW, card_of, labels, snapshot, words
from tests.tables import each_row

FREE, MINE, BOTH = ["Subscribe"], ["Unsubscribe"], ["Subscribe", "Unsubscribe"]


def _offered(following: Following | None) -> list[str]:
    return labels(card_of(RUNNING, following=following))[3:]


@each_row(
    "following, offered, remark",
    [
        (None, FREE, ""),
        (Following(0), FREE, ""),
        (Following(0, is_mine=False), FREE, ""),
        (Following(1, is_mine=False), FREE, "🔔 1 person is subscribed here"),
        (Following(1200, is_mine=False), FREE, "🔔 1,200 people are subscribed here"),
        (Following(1, is_mine=True), MINE, "🔔 You're subscribed here"),
        (Following(2, is_mine=True), MINE, "🔔 You and 1 other are subscribed here"),
        (Following(3, is_mine=True), MINE, "🔔 You and 2 others are subscribed here"),
        (Following(1), BOTH, "🔔 1 person subscribed · updates in the thread"),
        (Following(2), BOTH, "🔔 2 people subscribed · updates in the thread"),
    ],
)
def test_says_who_follows_and_offers_what_is_left_to_do(
    following: Following | None, offered: list[str], remark: str
) -> None:
    """To one reader the button that changes something; to everybody both."""
    shown = words(card_of(RUNNING, following=following))
    assert _offered(following) == offered
    assert remark in shown
    assert ("🔔" in shown) == bool(remark)


def test_says_who_posted_what_nobody_asked_for() -> None:
    """Also when it is over: nobody ever followed it. To one reader it is a job like any other."""
    fed = Following(0, is_fed=True)
    assert "📣 Posted by this channel's feed · updates in the thread" in words(
        card_of(RUNNING, following=fed)
    )
    over = words(card_of(RUNNING, following=replace(fed, ended=Ending.FINISHED, at=NOW)))
    assert over.count("📣 Posted by this channel's feed") == 1
    assert "thread" not in over
    assert "No longer" not in over
    assert "📣" not in words(card_of(RUNNING, following=replace(fed, is_mine=False)))
    assert _offered(fed) == FREE
    off = words(card_of(RUNNING, following=replace(fed, ended=Ending.FEED_OFF)))
    assert "🔕 Updates ended: the channel's feed was turned off" in off


@each_row("ending", Ending)
def test_says_why_nobody_follows_any_more(ending: Ending) -> None:
    """Each ending in its own words, with its time where that is known, and a way to begin anew."""
    shown = words(card_of(RUNNING, following=Following(2, ended=ending, at=NOW)))
    assert "🔕 Updates ended 2025-11-03 13:16 UTC: " in shown
    assert _offered(Following(2, is_mine=True, ended=ending)) == FREE
    assert "🔕 Updates ended: " in words(card_of(RUNNING, following=Following(0, ended=ending)))


def test_endings_have_different_words() -> None:
    """Nobody has to guess which it was."""
    cards = [words(card_of(RUNNING, following=Following(0, ended=ending))) for ending in Ending]
    assert len(set(cards)) == len(Ending)


def test_buttons_stand_in_their_order() -> None:
    """The longest row has seven, the rare ones last; each asks for the same job."""
    card = card_of(documents.FAILED, shareable=True, following=Following(1))
    row = next(block for block in card["blocks"] if block["type"] == "actions")
    assert [element["action_id"] for element in row["elements"]] == [
        actions.REFRESH,
        actions.DETAILS,
        actions.FULL_ERROR,
        actions.METRICS,
        actions.SUBSCRIBE,
        actions.UNSUBSCRIBE,
        actions.SHARE,
    ]
    assert {element["value"] for element in row["elements"]} == {documents.REQUEST_ID}
    assert {element["action_id"] for element in row["elements"]} < actions.ABOUT_JOBS


def test_a_job_that_cannot_be_asked_for_cannot_be_followed() -> None:
    """Without a usable id there are no buttons."""
    assert labels(job_card(snapshot(RUNNING), request_id="a\u202eb", now=NOW).message()) == []
