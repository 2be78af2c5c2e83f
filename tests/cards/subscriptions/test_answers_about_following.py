"""What is answered to who begins to follow a job, stops, or cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.cards.subscriptions.cannot_post import (
    cannot_post_card,
    cannot_post_here_card,
    shared_channel_card,
)
from bot.cards.subscriptions.subscribe import finished_card, not_yet_card, opened_in_dm_card, subscribed_card
from bot.cards.subscriptions.unsubscribe import left_elsewhere_card, stopped_card, unsubscribed_card
from bot.domain.subscriptions.subscription import Ending, Left, Mode, Subscribed
from bot.slack.web_api.errors import REVOKED
from tests.cards.shown import NOW, labels, live_markup, snapshot, words
from tests.cards.subscriptions.told import SUBSCRIPTION

LINK = "https://example.slack.com/archives/C0123ABC/p1762175760000100"
OVER = replace(SUBSCRIPTION, subscribers=(), ended=Ending.UNSUBSCRIBED)


def _subscribed(subscribed: Subscribed, permalink: str | None = LINK) -> str:
    card = subscribed_card(subscribed, name="support-v3", permalink=permalink, slash_command="/train")
    return words(card.message())


def _in_dm(permalink: str | None) -> Card:
    return opened_in_dm_card(permalink, slash_command="/train")


def _unsubscribed(left: Left) -> Card:
    return unsubscribed_card(left, request_id=REQUEST_ID, slash_command="/train", name="support-v3")


def _cannot_post(slack_code: str, bot_name: str = "jobbot") -> str:
    card = cannot_post_card(slack_code, request_id="job-7", slash_command="/train", bot_name=bot_name)
    assert "`" not in card.text
    return words(card.message())


def test_nobody_is_to_invite_where_nobody_can() -> None:
    """Whatever the code, in either card."""
    for code in ("not_in_channel", "channel_not_found", "is_archived", "something_else"):
        way = cannot_post_card(
            code, request_id="job-7", slash_command="/train", bot_name="jobbot", takes_invitations=False
        )
        here = cannot_post_here_card(code, again="/train feed on", bot_name="jobbot", takes_invitations=False)
        assert "/invite" not in words(way.message()) + way.text + words(here.message()) + here.text
        assert "/train subscribe job-7 dm" in words(way.message())


def test_subscribed_says_what_comes_and_where() -> None:
    """With a link to the thread, and how to stop."""
    shown = _subscribed(Subscribed(SUBSCRIPTION, is_new=True))
    assert shown.splitlines() == [
        f"🔔 Subscribed to support-v3. Updates will appear <{LINK}|in its thread>.",
        "I'll post when it starts, at 25/50/75%, if it stalls or the loss looks wrong, and when it ends.",
        f"To unsubscribe: `/train unsubscribe {REQUEST_ID[:8]}`",
    ]


def test_joining_and_asking_again_are_told_apart() -> None:
    """Who follows it already learns so."""
    joined = _subscribed(Subscribed(SUBSCRIPTION, is_new=False))
    again = _subscribed(Subscribed(SUBSCRIPTION, is_new=False, was_subscriber=True))
    assert joined.startswith("🔔 You're subscribed to support-v3 too, along with 1 other. Updates will ")
    assert again.startswith("🔔 You're already subscribed to support-v3. Updates will appear ")


@pytest.mark.parametrize(
    "permalink", [None, "", "javascript:alert(1)", f"{LINK}|b> <!here>", "https://x.example/"]
)
def test_an_address_that_is_none_is_not_linked(permalink: str | None) -> None:
    """The words stay."""
    assert "will appear in its thread.\n" in _subscribed(Subscribed(SUBSCRIPTION, is_new=True), permalink)
    assert "Updates will appear in our direct message." in words(_in_dm(permalink).message())


def test_modes_promise_what_they_keep() -> None:
    """``failures`` speaks outside the thread of a failure only, ``quiet`` of nothing."""
    promises = {
        (mode, quiet): _subscribed(
            Subscribed(replace(SUBSCRIPTION, mode=mode, is_quiet=quiet), is_new=True)
        ).splitlines()[1]
        for mode in Mode
        for quiet in (False, True)
    }
    assert promises[Mode.FINAL, False] == "I'll post how it ends, and nothing before that."
    assert promises[Mode.FAILURES, False].endswith("in the thread, and in the channel only if it fails.")
    assert (
        promises[Mode.FAILURES, True]
        == "I'll post how it ends, and nothing before that. Everything stays in the thread."
    )
    assert promises[Mode.MILESTONES, True].endswith("when it ends. Everything stays in the thread.")


def test_a_link_to_the_direct_message() -> None:
    """Where the updates are, when that is not where it was asked."""
    address = f"{LINK}?thread_ts=1762175760.000100&cid=D0123ABC"
    assert f"<{address}|in our direct message>" in words(_in_dm(address).message())
    assert "&amp;cid=" in _in_dm(address).blocks[0]["text"]["text"]


def test_not_yet_promises_only_what_will_come() -> None:
    """The subscription stands, the card waits."""
    assert "post the job's card as soon as Slack recovers" in not_yet_card().text


def test_finished_says_how_and_opens_nothing() -> None:
    """With the error where there is one; no button where nothing can be asked for."""
    failed = finished_card(snapshot(documents.FAILED).job, request_id=REQUEST_ID, now=NOW)
    assert words(failed.message()).splitlines()[:3] == [
        "❌ *Failed* · support-assistant-v3",
        "Failed after 2 h 38 min",
        "This job has already finished, so there's nothing to subscribe to.",
    ]
    assert labels(failed.message()) == ["Details", "Full error"]
    completed = finished_card(snapshot(documents.COMPLETED).job, request_id="a\u202eb", now=NOW)
    assert completed.text == (
        "support-assistant-v3: Completed. This job has already finished, so there's nothing to subscribe to."
    )
    assert labels(completed.message()) == []


def test_leaving_says_whether_others_stay() -> None:
    """As it is after the person left."""
    alone = replace(SUBSCRIPTION, subscribers=("U0456DEF",))
    assert _unsubscribed(Left(OVER, was_subscriber=True)).text == "You've unsubscribed from support-v3 here."
    assert _unsubscribed(Left(alone, was_subscriber=True)).text == (
        "You've unsubscribed from support-v3 here."
        " 1 other person is still subscribed, so updates continue in the thread."
    )
    assert "2 other people are still" in _unsubscribed(Left(SUBSCRIPTION, was_subscriber=True)).text


def test_who_does_not_follow_may_stop_it_for_all() -> None:
    """After a question; only where somebody does follow it."""
    card = _unsubscribed(Left(SUBSCRIPTION))
    assert card.text == "You aren't subscribed to support-v3 here. 2 other people are."
    fed = _unsubscribed(Left(replace(SUBSCRIPTION, subscribers=(), is_fed=True)))
    assert fed.text == "You aren't subscribed to support-v3 here. This channel's feed posted it."
    (stop,) = card.blocks[-1]["elements"]
    assert (stop["action_id"], stop["value"]) == (actions.STOP_FOR_ALL, SUBSCRIPTION.id)
    assert stop["confirm"]["style"] == "danger"
    for nobody in (Left(), Left(OVER)):
        assert labels(_unsubscribed(nobody).message()) == []
        assert _unsubscribed(nobody).text == (
            f"No one is subscribed to support-v3 here. To subscribe, type /train subscribe {REQUEST_ID[:8]}."
        )


def test_where_else_the_asker_follows_it_is_said() -> None:
    """With a button to stop each; where that is, a conversation's name alone tells."""
    there, dm = (replace(SUBSCRIPTION, id=each, channel_id=each) for each in ("C0456DEF", "D0456DEF"))
    card = unsubscribed_card(
        Left(), request_id=REQUEST_ID, slash_command="/train", name="support-v3", elsewhere=(there, dm)
    )
    assert card.text == "No one is subscribed to support-v3 here. You're subscribed in 2 other conversations."
    assert [block["accessory"]["value"] for block in card.blocks[1:]] == [there.id, dm.id]
    shown = words(card.message())
    assert "You're subscribed in <#C0456DEF>." in shown
    assert "You're subscribed in a direct message." in shown
    assert "/train subscribe" not in shown
    many = unsubscribed_card(
        Left(SUBSCRIPTION), request_id=REQUEST_ID, slash_command="/train", elsewhere=(there,) * 7
    )
    assert sum("accessory" in block for block in many.blocks) == 5
    assert "and in 2 more" in words(many.message())
    assert "in <#C0456DEF>." in words(left_elsewhere_card(there).message())


def test_stopped_for_all() -> None:
    """Says which, and how to begin anew; a second press says that it was over."""
    shown = words(stopped_card(SUBSCRIPTION, slash_command="/train").message())
    assert f"No one gets updates on `{REQUEST_ID[:8]}` there anymore." in shown
    assert f"To subscribe: `/train subscribe {REQUEST_ID[:8]}`" in shown
    assert "Already stopped" in stopped_card(None, slash_command="/train").text


@pytest.mark.parametrize("slack_code", ["not_in_channel", "channel_not_found"])
def test_where_the_bot_is_not_it_can_be_invited(slack_code: str) -> None:
    """What to type, in order; or the way round."""
    assert _cannot_post(slack_code).splitlines() == [
        "⚠️ *I'm not in this conversation*",
        "Invite me first: `/invite @jobbot`",
        "Then type `/train subscribe job-7`",
        "Or get it in a direct message: `/train subscribe job-7 dm`",
    ]
    assert "Invite me first: `/invite`\n" in _cannot_post(slack_code, bot_name="")


@pytest.mark.parametrize("slack_code", sorted(REVOKED))
def test_what_only_the_operator_can_mend(slack_code: str) -> None:
    """Nothing is offered that would fail the same way."""
    shown = _cannot_post(slack_code)
    assert "Your jobbot admin" in shown
    assert "/train" not in shown


@pytest.mark.parametrize(
    ("slack_code", "reason"),
    [
        ("is_archived", "archived"),
        ("restricted_action", "can't post"),
        ("ekm_access_denied", "Slack's reason: `ekm_access_denied`"),
        ("<!here> *odd*", "Slack's reason: `<!here> *odd*`"),
    ],
)
def test_elsewhere_it_can_still_be_followed(slack_code: str, reason: str) -> None:
    """In a direct message."""
    shown = _cannot_post(slack_code)
    assert reason in shown
    assert "Get it in a direct message: `/train subscribe job-7 dm`" in shown


def test_where_no_direct_message_goes_a_channel_is_the_way() -> None:
    """Not the direct message that was just refused."""
    shown = _cannot_post("messages_tab_disabled")
    assert "Subscribe in a channel" in shown
    assert " dm`" not in shown


def test_another_company_reads_nothing() -> None:
    """Why, and the way round."""
    shown = words(shared_channel_card(request_id="job-7", slash_command="/train").message())
    assert "shared with another company" in shown
    assert "`/train subscribe job-7 dm`" in shown


@pytest.mark.parametrize("name", ["<!channel> `x` *b*", "&" * 500, "{name} {}", "😀" * 300])
def test_odd_names_stay_words(name: str) -> None:
    """Nothing in them is live."""
    for card in (
        subscribed_card(
            Subscribed(SUBSCRIPTION, is_new=True), name=name, permalink=LINK, slash_command="/train"
        ),
        unsubscribed_card(Left(SUBSCRIPTION), request_id=name, slash_command="/train", name=name),
        stopped_card(replace(SUBSCRIPTION, request_id=name), slash_command="/train", name=name),
        cannot_post_card("not_in_channel", request_id=name, slash_command="/train", bot_name=name),
    ):
        assert live_markup(card.message()) == []
