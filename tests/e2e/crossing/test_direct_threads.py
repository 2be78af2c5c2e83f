"""What is said in direct messages, in the thread of a card about a job of a channel's own organization."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace import Message
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.crossing.test_direct import (
    ADA,
    REFUSED,
    asked_of,
    card_of,
    crossing,
    direct,
    leaves,
    same_of_both,
)
from tests.e2e.messages import text_of
from tests.e2e.world import JOB

SAID = ("status", "metrics", "report", "is it done?", "why")


async def _said(made: Crossing, place: Place, words: str, thread: Message) -> str:
    """What Ada is answered."""
    world, channel_id = place.world, direct(place)
    for each in made.places:
        each.suite.requests.clear()
    before = {each.ts for each in world.workspace.messages(channel_id)}
    await world.workspace.say(channel_id, ADA, words, thread.ts)
    await world.let_pass(4, 4)
    said = [each for each in world.workspace.messages(channel_id) if each.ts not in before]
    return " ".join(text_of(each) for each in said if each.user_id != ADA)


async def test_it_is_asked_of_the_jobs_organization() -> None:
    """Beside the thread of a job of the same ID, which is the workspace's."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        theirs, ours = await same_of_both(made)
        for words in SAID:
            for card, place, other in ((theirs, channel, main), (ours, main, channel)):
                got = await _said(made, channel, words, card)
                assert place.word in got, (words, got)
                assert other.word not in got, (words, got)
                assert asked_of(other) == [], words


async def test_who_is_no_member_anymore_is_told_so() -> None:
    """Nothing of the job is said; the workspace's own is told as ever."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        theirs, ours = await same_of_both(made)
        await leaves(channel)
        for words in SAID:
            got = await _said(made, channel, words, theirs)
            assert REFUSED in got, (words, got)
            assert channel.word not in got
            assert asked_of(channel) == asked_of(main) == []
            assert main.word in await _said(made, channel, words, ours)


async def test_unsubscribing_in_words_offers_the_way_out() -> None:
    """Words outside of any thread are about the workspace's jobs; what Ada has there, she can stop."""
    async with crossing() as made:
        place = made.channel
        await card_of(place, JOB)
        assert (await place.world.slash(f"unsubscribe {JOB}", direct(place), ADA)).ok
        told = await place.world.told("No one is subscribed", ADA, direct(place))
        assert (await place.world.workspace.click(ADA, told, actions.STOP)).ok
        await place.world.let_pass(4, 4)
        async with place.world.stored() as store:
            left = await store.subscriptions.followed(place.team_id, direct(place), ADA)
        assert [each for each in left if each.is_mine] == []
