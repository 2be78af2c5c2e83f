"""[Subscribe] on a card that everybody sees: that card is the subscription's from then on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.cards.kit import actions
from bot.domain.errors import SlackError, SlackGoneError, SlackPassingError
from bot.handlers.entry.buttons import press
from bot.handlers.kit.button_press import ButtonPress
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.pressing import payload_of, press_on, shows

SUBSCRIBE = actions.SUBSCRIBE


@pytest.fixture
def made() -> Neighbourhood:
    """A job that runs."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10)
    return made


async def _press(made: Neighbourhood, **more: Any) -> Sequence[Any]:
    return await press_on(made, SUBSCRIBE, private=False, **more)


async def test_the_card_that_was_pressed_is_the_card(made: Neighbourhood) -> None:
    """It began nothing before; updates come in a thread below it. The presser alone is told."""
    tried, replaced, told = await _press(made)
    assert (tried["ts"], shows(tried, "subscribed")) == ("3.0", False)
    assert shows(replaced, SUBSCRIBE, "1 person subscribed")
    assert told["response_type"] == "ephemeral"
    (subscription,) = made.stored.all.values()
    assert (subscription.card_ts, subscription.thread_ts) == ("3.0", "3.0")
    assert made.deliverer.hurried == []
    assert made.deliverer.woken == 1


async def test_a_card_in_a_thread_keeps_its_thread(made: Neighbourhood) -> None:
    """As the answer to a mention does."""
    _tried, replaced, told = await _press(made, thread_ts="2.0")
    assert shows(replaced, SUBSCRIBE, "1 person subscribed")
    assert not shows(replaced, actions.SHARE)
    assert (told["user"], told["thread_ts"]) == ("U01", "2.0")
    (subscription,) = made.stored.all.values()
    assert (subscription.card_ts, subscription.thread_ts) == ("3.0", "2.0")


async def test_a_card_that_began_a_thread_goes_on_with_it(made: Neighbourhood) -> None:
    """Somebody replied to it."""
    await _press(made, thread_ts="3.0")
    (subscription,) = made.stored.all.values()
    assert (subscription.card_ts, subscription.thread_ts) == ("3.0", "3.0")


@pytest.mark.parametrize(
    "error", [SlackGoneError(slack_code="cant_update_message"), SlackPassingError(slack_code="fatal_error")]
)
async def test_a_card_that_cannot_be_kept_gives_way_to_a_link(made: Neighbourhood, error: SlackError) -> None:
    """Such as one left through a ``response_url``: a live one is posted, and there are no two."""
    made.slack.refuses["edit"] = error
    replaced, told = await _press(made)
    assert replaced["replace_original"] is True
    assert shows(replaced, "/archives/C1/p90|its live card")
    assert not shows(replaced, SUBSCRIBE)
    assert shows(told, "Subscribed to")
    (subscription,) = made.stored.all.values()
    assert subscription.card_ts == "9.0"


async def test_done_again_after_a_crash_it_ends_the_same(made: Neighbourhood) -> None:
    """With the subscription stored, and nothing said of it."""
    made.slack.refuses["edit"] = SlackGoneError(slack_code="cant_update_message")
    await _press(made)
    replaced, told = await _press(made)
    assert shows(replaced, "its live card")
    assert shows(told, "already subscribed", actions.STOP)
    assert len(made.stored.all) == 1


async def test_a_card_that_others_may_want_stays(made: Neighbourhood) -> None:
    """Where somebody is subscribed already, it is not touched beyond what it says of them."""
    await press_on(made, SUBSCRIBE, user_id="U02")
    replaced, told = await _press(made)
    assert shows(replaced, SUBSCRIBE, "2 people subscribed")
    assert shows(told, "/archives/C1/p90|")
    assert made.slack.asked["edit"] == 0


async def test_a_press_on_no_message_of_ours_keeps_none(made: Neighbourhood) -> None:
    """Below somebody's link the message is theirs; a window and an odd payload name none."""
    for container in ({"type": "message_attachment"}, {"message_ts": 3}, {"type": "view"}):
        payload = payload_of(SUBSCRIBE, private=False)
        payload["container"] |= container
        pressed = ButtonPress.read(payload)
        assert pressed is not None
        assert not pressed.message_ts
    payload = payload_of(SUBSCRIBE, private=False, thread_ts="2.0")
    payload["container"]["type"] = "message_attachment"
    pressed = ButtonPress.read(payload)
    assert pressed is not None
    await press(made.context, pressed)
    assert made.slack.asked["edit"] == 0
    (subscription,) = made.stored.all.values()
    assert subscription.card_ts == "9.0"


async def test_a_subscriber_who_presses_is_told_with_a_way_out(made: Neighbourhood) -> None:
    """Privately; the card stays as it is."""
    await _press(made)
    replaced, told = await _press(made)
    assert shows(replaced, SUBSCRIBE, "1 person subscribed")
    assert told["response_type"] == "ephemeral"
    assert shows(told, "already subscribed", actions.STOP)
