"""[Subscribe] where only one person sees it, and the menus of cards."""

from __future__ import annotations

import pytest

from bot.cards.kit import actions
from bot.domain.subscriptions.subscription import Mode
from bot.handlers.entry.buttons import changes, press
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.subscriptions.subscribe_dialog import as_press
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.pressing import payload_of, press_on, shows
from tests.tables import each_row


@pytest.fixture
def made() -> Neighbourhood:
    """A job that runs."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10)
    return made


async def test_a_private_card_asks_where_and_which(made: Neighbourhood) -> None:
    """Nothing is posted before it is answered; direct messages are chosen."""
    pressed = ButtonPress.read(payload_of(actions.SUBSCRIBE))
    assert pressed is not None
    await press(made.context, pressed)
    ((method, _, view),) = made.slack.sent
    assert method == "open_view"
    where, which = (block["element"] for block in view["blocks"] if block["type"] == "input")
    assert where["initial_option"]["value"] == "dm"
    assert [each["value"] for each in where["options"]] == ["dm", "here"]
    assert [each["value"] for each in which["options"]] == ["milestones", "final", "failures"]
    assert made.stored.wishes == []
    assert not changes(pressed)
    public = ButtonPress.read(payload_of(actions.SUBSCRIBE, private=False))
    assert public is not None
    assert changes(public)


async def test_what_was_chosen_is_done(made: Neighbourhood) -> None:
    """In direct messages, and only the end; where the card stands nothing changed."""
    replaced, told = await press_on(made, actions.SUBSCRIBE, where="dm", which="final")
    (wish,) = made.stored.wishes
    assert (wish.channel_id, wish.mode) == ("DU01", Mode.FINAL)
    assert shows(replaced, actions.SUBSCRIBE)
    assert shows(told, "direct message")


async def test_in_direct_messages_there_is_no_other_place(made: Neighbourhood) -> None:
    """Only which updates is asked."""
    pressed = ButtonPress.read(
        {**payload_of(actions.SUBSCRIBE), "channel": {"id": "D1", "name": "directmessage"}}
    )
    assert pressed is not None
    await press(made.context, pressed)
    ((_, _, view),) = made.slack.sent
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["which"]


@each_row("metadata", ("", "{}", "[]", "[1]", "null", '"x"', "7"))
def test_a_window_of_another_version_is_no_press(metadata: str) -> None:
    """Whoever sent it is told so."""
    assert as_press({"view": {"callback_id": actions.SUBSCRIBE, "private_metadata": metadata}}) is None


async def test_who_is_subscribed_already_is_told_how_to_leave(made: Neighbourhood) -> None:
    """On a card for all, which always shows [Subscribe]: in private, with a button that unsubscribes."""
    await press_on(made, actions.SUBSCRIBE, private=False)
    _, told = await press_on(made, actions.SUBSCRIBE, private=False)
    assert shows(told, "already subscribed", "Unsubscribe", actions.STOP)
    (replaced,) = await press_on(made, actions.STOP, "s1")
    assert shows(replaced, "unsubscribed from")
    assert not made.stored.all["s1"].is_active


def _chosen(menu: str, action_id: str, value: str = "run-7", *, private: bool = False) -> ButtonPress:
    """An option of a menu."""
    payload = payload_of(menu, private=private)
    option = {"value": actions.Chosen(action_id, value).option_value()}
    payload["actions"] = [{"type": "overflow", "action_id": menu, "selected_option": option}]
    pressed = ButtonPress.read(payload)
    assert pressed is not None
    return pressed


async def test_an_option_of_a_menu_is_a_button(made: Neighbourhood) -> None:
    """Of a card it changes that card; of a row in a list it leaves the list alone."""
    await press(made.context, _chosen(actions.MORE, actions.REFRESH))
    await press(made.context, _chosen(actions.ROW_MORE, actions.SUBSCRIBE))
    _, _, refreshed = made.slack.sent[0]
    assert refreshed["replace_original"] is True
    assert [body for _, _, body in made.slack.sent[1:] if body.get("replace_original")] == []
    assert made.stored.all["s1"].is_active
    assert (
        ButtonPress.read(
            {"actions": [{"action_id": actions.MORE, "selected_option": {"value": "nothing x"}}]}
        )
        is None
    )
