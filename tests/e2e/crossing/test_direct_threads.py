"""What is said in direct messages, in the thread of a card about a job of a channel's own organization."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.handlers.entry.registry import COMMANDS
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


async def said(made: Crossing, place: Place, words: str, thread: Message) -> str:
    """What Ada is answered."""
    world, channel_id = place.world, direct(place)
    for each in made.places:
        each.suite.requests.clear()
    before = {each.ts for each in world.workspace.messages(channel_id)}
    await world.workspace.say(channel_id, ADA, words, thread.ts)
    await world.let_pass(4, 4)
    new = [each for each in world.workspace.messages(channel_id) if each.ts not in before]
    return " ".join(text_of(each) for each in new if each.user_id != ADA)


async def test_it_is_asked_of_the_jobs_organization() -> None:
    """Beside the thread of a job of the same ID, which is the workspace's."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        theirs, ours = await same_of_both(made)
        for words in SAID:
            for card, place, other in ((theirs, channel, main), (ours, main, channel)):
                got = await said(made, channel, words, card)
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
            got = await said(made, channel, words, theirs)
            assert REFUSED in got, (words, got)
            assert channel.word not in got
            assert asked_of(channel) == asked_of(main) == []
            assert main.word in await said(made, channel, words, ours)


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


async def _is_subscribed(place: Place) -> bool:
    async with place.world.stored() as store:
        found = await store.subscriptions.followed(place.team_id, direct(place), ADA)
    return any(each.is_mine and each.subscription.org_id == place.suite.org_id for each in found)


SHOWS_NO_JOB = {
    "help": "own words",
    "what can you do?": "own words",
    "pause 2h": "Paused",
    "resume": "",
    "unsubscribe": "unsubscribed",
}
"""What is said, and a word of the answer."""


def test_each_command_that_shows_no_job_is_said() -> None:
    """A new one is tried here too."""
    assert {each.name for each in COMMANDS if each.shows_no_job} <= {each.split()[0] for each in SHOWS_NO_JOB}


async def test_who_is_no_member_anymore_gets_what_shows_no_job() -> None:
    """They leave by words as by the button, whatever they name; and nobody tried anything."""
    for line in ("unsubscribe", f"unsubscribe {JOB}", "stop the updates please"):
        async with crossing() as made:
            place = made.channel
            theirs, _ = await same_of_both(made)
            await leaves(place)
            assert REFUSED in await said(made, place, "status", theirs)
            for words, answer in {**SHOWS_NO_JOB, line: "unsubscribed"}.items():
                if words == "unsubscribe" != line:
                    continue
                got = await said(made, place, words, theirs)
                assert REFUSED not in got, (words, got)
                assert answer.lower() in got.lower(), (words, got)
                assert place.word not in got
            assert not await _is_subscribed(place), line
            assert await _denied(place) == ["message"]


async def test_small_talk_is_no_attempt() -> None:
    """It is answered as everywhere, and nothing is recorded."""
    async with crossing() as made:
        place = made.channel
        theirs = await card_of(place, JOB)
        await leaves(place)
        for words in ("thanks", "ok", "hello", "lunch?", "good morning", "cancel it", "👍"):
            got = await said(made, place, words, theirs)
            assert REFUSED not in got, (words, got)
            assert place.word not in got
        assert await _denied(place) == []


async def _denied(place: Place) -> list[str]:
    async with place.world.stored() as store:
        trail = await store.audit.entries(user_id=ADA)
    return [each.subject for each in trail if each.result == "denied"]
