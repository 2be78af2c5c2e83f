"""What a channel set about cost counts for its own organization's jobs in direct messages too."""

from __future__ import annotations

import pytest

from bot.cards.kit import actions
from bot.domain.permissions.policies import PlaceSettings, Right, Who
from bot.domain.ports.tenants import StoredSettings
from bot.playground.workspace.model import Message
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.crossing.test_direct import ADA, card_of, crossing, leaves, press
from tests.e2e.crossing.test_direct_threads import said
from tests.e2e.messages import text_of
from tests.e2e.world import JOB

PRICES = {"h100": "2.49 USD", "a100": "2.49 USD", "l40s": "2.49 USD"}
BUTTONS = (actions.REFRESH, actions.REPORT)


async def _keep_cost(made: Crossing, place: Place, channel_id: str, who: Who, *people: str) -> None:
    settings = PlaceSettings(who={Right.COST: who}, people={Right.COST: people} if people else {})
    async with made.main.world.stored() as store:
        now = place.world.clock.now()
        await store.settings.set_settings(StoredSettings(place.team_id, channel_id, settings, ADA, now))
    await place.world.let_pass(4, 4)


async def _seen(made: Crossing, place: Place, card: Message) -> set[bool]:
    got = [await press(made, place, card, action_id, JOB) for action_id in BUTTONS]
    assert all(place.word in each for each in got)
    in_words = await said(made, place, "report", card)
    assert place.word in in_words
    return {"USD" in each for each in (*got, in_words)}


@pytest.mark.parametrize(
    ("who", "people", "sees", "is_on_card"),
    [
        (Who.PEOPLE, ("U0SOMEBODY",), False, False),
        (Who.PEOPLE, (ADA,), True, False),
        (Who.MEMBERS, (), True, False),
        (Who.EVERYONE, (), True, True),
    ],
)
async def test_the_channels_own_right_counts(
    who: Who, people: tuple[str, ...], *, sees: bool, is_on_card: bool
) -> None:
    """On the card as it comes, and with its buttons and in its thread; the workspace's job is as ever."""
    async with crossing(gpu_hour_price=PRICES) as made:
        main, channel = made.main, made.channel
        await _keep_cost(made, channel, channel.channel_id, who, *people)
        theirs, ours = await card_of(channel, JOB), await card_of(main, JOB)
        assert ("USD" in text_of(theirs), "USD" in text_of(ours)) == (is_on_card, True)
        assert await _seen(made, channel, theirs) == {sees}
        assert await _seen(made, main, ours) == {True}


async def test_it_comes_before_the_workspaces() -> None:
    """Which counts where the channel set nothing."""
    async with crossing(gpu_hour_price=PRICES) as made:
        channel = made.channel
        await _keep_cost(made, channel, "", Who.PEOPLE, "U0SOMEBODY")
        card = await card_of(channel, JOB)
        assert "USD" not in text_of(card)
        assert await _seen(made, channel, card) == {False}
        await _keep_cost(made, channel, channel.channel_id, Who.EVERYONE)
        assert await _seen(made, channel, card) == {True}


async def test_who_left_sees_none() -> None:
    """Nothing of the job, and so no cost."""
    async with crossing(gpu_hour_price=PRICES) as made:
        channel = made.channel
        card = await card_of(channel, JOB)
        await leaves(channel)
        assert "USD" not in await press(made, channel, card, actions.REPORT, JOB)
