"""[Subscribe], [Unsubscribe], [Stop], [Stop for all]: what they do, and which card shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.kit import actions
from bot.domain.errors import SlackGoneError, StoreError
from bot.domain.messages.slack_messages import Conversation
from bot.domain.subscriptions.subscription import Ending
from bot.handlers.kit.button_press import ButtonPress
from tests.handlers.neighbours import HERE, Neighbourhood
from tests.handlers.pressing import payload_of, press_on, shows


@pytest.fixture
def made() -> Neighbourhood:
    """A job that runs."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10)
    return made


async def test_a_private_card_turns_into_one_that_can_unsubscribe(made: Neighbourhood) -> None:
    """The public card appears before the presser's eyes: no further word."""
    (replaced,) = await press_on(made, actions.SUBSCRIBE)
    assert replaced["replace_original"] is True
    assert shows(replaced, actions.UNSUBSCRIBE, "You're subscribed here", actions.SHARE)
    assert made.stored.wishes[0].thread_ts is None
    replaced, told = await press_on(made, actions.UNSUBSCRIBE)
    assert shows(replaced, actions.SUBSCRIBE)
    assert not shows(replaced, actions.UNSUBSCRIBE)
    assert told["replace_original"] is False
    assert shows(told, "unsubscribed from")


async def test_who_joins_gets_the_link(made: Neighbourhood) -> None:
    """Beside the card that shows it, for the joiner's eyes."""
    await press_on(made, actions.SUBSCRIBE)
    replaced, told = await press_on(made, actions.SUBSCRIBE, user_id="U02")
    assert shows(replaced, "You and 1 other")
    assert (told["response_type"], shows(told, "/archives/C1/p90|")) == ("ephemeral", True)


async def test_what_cannot_be_followed_leaves_the_card_alone(made: Neighbourhood) -> None:
    """A finished job, one that is gone, a channel the bot is not in: only the presser hears of it."""
    made.slack.conversations["C1"] = Conversation(is_member=False, is_shared=False, is_private=True)
    (told,) = await press_on(made, actions.SUBSCRIBE)
    assert shows(told, "/invite")
    del made.slack.conversations["C1"]
    made.jobs.give("run-7", status="FAILED")
    (told,) = await press_on(made, actions.SUBSCRIBE)
    assert shows(told, "already finished")
    (told,) = await press_on(made, actions.SUBSCRIBE, "gone-1")
    assert shows(told, "No such job", "ab12cd34")
    assert made.stored.wishes == []


async def test_leaving_works_without_the_job(made: Neighbourhood) -> None:
    """The training suite has forgotten it: the card stays as it was, and the presser is told."""
    await press_on(made, actions.SUBSCRIBE)
    made.jobs.known.clear()
    (told,) = await press_on(made, actions.UNSUBSCRIBE)
    assert shows(told, "unsubscribed from", "run-7")


async def test_a_card_that_cannot_be_replaced_is_no_failure(made: Neighbourhood) -> None:
    """The job is followed all the same, and the card in the channel shows it."""
    made.slack.refuses["respond"] = SlackGoneError(slack_code="used_url")
    await press_on(made, actions.SUBSCRIBE)
    assert made.stored.all["s1"].subscribers == ("U01",)


async def test_stop_leaves_and_the_list_says_so(made: Neighbourhood) -> None:
    """Wherever the thread is; a line of another workspace's is not ours to stop."""
    await press_on(made, actions.SUBSCRIBE)
    await press_on(made, actions.SUBSCRIBE, user_id="U02")
    (listed,) = await press_on(made, actions.STOP, "s1", block_id="watching.s1")
    assert listed["replace_original"] is True
    assert shows(listed, actions.STOP_FOR_ALL)
    assert made.stored.all["s1"].subscribers == ("U02",)
    made.stored.change("s1", team_id="T2")
    (listed,) = await press_on(made, actions.STOP, "s1", block_id="watching.s1", user_id="U02")
    assert made.stored.all["s1"].subscribers == ("U02",)
    (listed,) = await press_on(made, actions.STOP, "unknown", block_id="watching.unknown")
    assert shows(listed, "No one is subscribed to a job")


async def test_stop_for_all_ends_it(made: Neighbourhood) -> None:
    """On the list the list is shown anew, elsewhere what became of it."""
    await press_on(made, actions.SUBSCRIBE)
    (told,) = await press_on(made, actions.STOP_FOR_ALL, "s1", user_id="U02")
    assert shows(told, "Stopped")
    assert made.stored.all["s1"].ended is Ending.UNSUBSCRIBED
    (told,) = await press_on(made, actions.STOP_FOR_ALL, "s1", user_id="U02")
    assert shows(told, "Already stopped")
    (listed,) = await press_on(made, actions.STOP_FOR_ALL, "s1", block_id="watching.s1")
    assert shows(listed, "No one is subscribed to a job")


async def test_a_refresh_keeps_what_the_card_says_of_who_follows(made: Neighbourhood) -> None:
    """Also a shared card says so."""
    await press_on(made, actions.SUBSCRIBE, private=False)
    (refreshed,) = await press_on(made, actions.REFRESH, private=False)
    assert shows(refreshed, actions.SUBSCRIBE, "1 person subscribed")
    shared, _deleted = await press_on(made, actions.SHARE)
    assert shows(shared, actions.SUBSCRIBE, "1 person subscribed", "Shared by")


async def test_a_database_that_fails_is_a_failure_to_be_told(made: Neighbourhood) -> None:
    """The card is not changed: the listener tells the presser."""
    made.stored.fails = StoreError("locked")
    with pytest.raises(StoreError):
        await press_on(made, actions.SUBSCRIBE)
    assert [method for method, _, _ in made.slack.sent] == ["open_view"]


def test_every_button_of_a_card_does_something() -> None:
    """And what is no button of ours is none."""
    for action_id in actions.ALL:
        assert ButtonPress.read(payload_of(action_id)) is not None
    assert ButtonPress.read(payload_of("somebody.elses")) is None
    assert ButtonPress.read({"actions": []}) is None


async def test_who_follows_it_elsewhere_is_told_where_and_may_stop_there(made: Neighbourhood) -> None:
    """Typed in a conversation where they do not; the answer then says that it is done."""
    await made.ask("watch run-7", replace(HERE, channel_id="C22"))
    (answer,) = await made.ask("unwatch run-7")
    assert "You're subscribed in <#C22>" in answer
    (subscription,) = made.stored.all.values()
    assert subscription.is_active
    (replaced,) = await press_on(made, actions.STOP, subscription.id)
    assert shows(replaced, "You've unsubscribed from", "in <#C22>.")
    assert made.stored.all[subscription.id].ended is Ending.UNSUBSCRIBED
    (answer,) = await made.ask("unwatch run-7")
    assert "<#C22>" not in answer


@pytest.mark.parametrize("action_id", [actions.STOP, actions.STOP_FOR_ALL])
@pytest.mark.parametrize("block_id", ["b1", "watching.s1"])
async def test_nobody_stops_what_another_workspace_follows(
    made: Neighbourhood, action_id: str, block_id: str
) -> None:
    """Also where a button names it."""
    await press_on(made, actions.SUBSCRIBE)
    made.stored.change("s1", team_id="T0OTHER")
    await press_on(made, action_id, "s1", block_id=block_id)
    await press_on(made, action_id, "no-such-one", block_id=block_id)
    assert made.stored.all["s1"].is_active
    assert made.stored.all["s1"].subscribers == ("U01",)
