"""``/job feed``: on, off, what is on, and what is said when it cannot be."""

from __future__ import annotations

import pytest

from bot.domain.channels.feed import UserGroup
from bot.domain.errors import SlackPassingError, SlackPermanentError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.messages.slack_messages import Conversation
from bot.handlers.kit.command import Place
from tests.handlers.neighbours import HERE, Neighbourhood

KEY = ("T1", "C1", "org")
DM = Place("T1", "D1", "U01", is_dm=True)


@pytest.fixture
def neighbours() -> Neighbourhood:
    """A workspace, and a list with one job."""
    made = Neighbourhood()
    made.jobs.list_of(JobSummary("a", "a run", JobStatus.FAILED, "FAILED"))
    return made


async def test_it_is_switched_on_for_everybody(neighbours: Neighbourhood) -> None:
    """The asker hears what comes and how to stop it; the channel who did it. The list is where it begins."""
    [answer] = await neighbours.ask("feed on")
    assert "from now on failed and completed jobs are posted here" in answer
    assert "/job feed off" in answer
    feed = neighbours.feeds.known[KEY]
    assert (feed.user_id, feed.query.text) == ("U01", "status:completed,failed")
    assert feed.created_at == neighbours.clock.now()
    assert neighbours.feeds.begun_with == [(("a",), True)]
    assert neighbours.watcher.rung == 1
    [(method, channel_id, message)] = neighbours.slack.sent
    assert (method, channel_id, message["thread_ts"]) == ("post_message", "C1", None)
    assert "<@U01> turned on the feed: failed and completed jobs are posted here" in str(message)


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("mention:<!subteam^S0123ABCD|@ml-oncall>", UserGroup("S0123ABCD", "ml-oncall")),
        ("Mention: <!subteam^S0123ABCD>", UserGroup("S0123ABCD")),
        ("--mention=S0123ABCD", UserGroup("S0123ABCD")),
        ("mention: S0123ABCD|ml-oncall", UserGroup("S0123ABCD", "ml-oncall")),
    ],
)
async def test_failures_mention_a_group(neighbours: Neighbourhood, typed: str, group: UserGroup) -> None:
    """As Slack sends it in a message, or by its ID; what is said of the feed mentions nobody."""
    [answer] = await neighbours.ask(f"feed on {typed} model:llama")
    feed = neighbours.feeds.known[KEY]
    assert (feed.mention, feed.query.models) == (group, ("llama",))
    assert f"Failures mention `{f'@{group.handle}' if group.handle else group.id}`." in answer
    assert "subteam" not in str(neighbours.slack.sent)
    [off] = await neighbours.ask("feed off")
    assert f"/job feed on status:completed,failed model:llama mention:{group.as_text()}" in off


@pytest.mark.parametrize("typed", ["mention:@ml-oncall", "mention:", "mention:<@U0123ABCD>", "mention:s0123"])
async def test_a_group_that_slack_does_not_name_is_answered_with_how_to(
    neighbours: Neighbourhood, typed: str
) -> None:
    """A slash command brings its name alone."""
    [answer] = await neighbours.ask(f"feed on model:llama {typed}")
    assert "Slack doesn't say which group that is" in answer
    assert "/job feed on model:llama" in answer
    assert neighbours.feeds.known == {}


async def test_it_is_changed_and_switched_off(neighbours: Neighbourhood) -> None:
    """Other filters take the place of those there were; a second time there is nothing to switch off."""
    await neighbours.ask("feed on")
    [changed] = await neighbours.ask("feed ON Status:running Model:Llama,qwen name:Eval")
    assert "The feed was changed" in changed
    assert "running jobs with `llama` or `qwen` in the model and with `eval` in the name" in changed
    assert neighbours.feeds.known[KEY].query.statuses == {JobStatus.RUNNING}
    assert "changed the feed" in str(neighbours.slack.sent[-1])
    posted = len(neighbours.slack.sent)
    await neighbours.ask("feed on status:running model:llama,qwen name:eval")
    assert len(neighbours.slack.sent) == posted, "nothing changed, so nobody else is told"
    [shown] = await neighbours.ask("feed")
    assert "A feed is on here: running jobs" in shown
    assert "Turned on by <@U01>" in shown
    [off] = await neighbours.ask("feed off")
    assert "The feed is off" in off
    assert "/job feed on status:running model:llama,qwen name:eval" in off
    assert "<@U01> turned off the feed" in str(neighbours.slack.sent[-1])
    assert neighbours.feeds.known == {}
    neighbours.slack.sent.clear()
    [off] = await neighbours.ask("feed off")
    assert "This channel has no feed" in off
    assert neighbours.slack.sent == []
    [shown] = await neighbours.ask("feed")
    assert "/job feed on" in shown


@pytest.mark.parametrize(
    ("typed", "says", "suggests"),
    [
        ("feed maybe", "takes `on` or `off`", "/job feed on"),
        ("feed off now", "takes no more words", "/job feed off"),
        ("feed on status:broken", "isn't a status", "/job feed on status:completed,failed"),
        ("feed on since:7d model:llama", "from now on", "/job feed on status:completed,failed model:llama"),
        (
            "feed on model:llama now",
            "`feed on` doesn't take",
            "/job feed on status:completed,failed model:llama",
        ),
        ("feed on status:faild model:llama", "isn't a status", "/job feed on status:failed model:llama"),
    ],
)
async def test_words_that_say_nothing_are_told_with_the_right_line(
    neighbours: Neighbourhood, typed: str, says: str, suggests: str
) -> None:
    """And nothing is switched on."""
    [answer] = await neighbours.ask(typed)
    assert says in answer
    assert f"`{suggests}`?" in answer
    assert neighbours.feeds.known == {}


async def test_without_a_list_nothing_is_switched_on(neighbours: Neighbourhood) -> None:
    """It would have nothing to post from."""
    neighbours.jobs.listing = None
    [answer] = await neighbours.ask("feed on")
    assert "I couldn't load the job list" in answer
    assert (neighbours.feeds.known, neighbours.slack.sent) == ({}, [])


@pytest.mark.parametrize(
    ("conversation", "says"),
    [
        (Conversation(is_member=True, is_shared=True, is_private=False), "shared with another company"),
        (Conversation(is_member=False, is_shared=False, is_private=True), "/invite @jobbot"),
        (Conversation(is_member=True, is_shared=False, is_private=False, is_archived=True), "archived"),
    ],
)
async def test_where_nothing_may_be_posted_none_is_switched_on(
    neighbours: Neighbourhood, conversation: Conversation, says: str
) -> None:
    """As with jobs that are followed."""
    neighbours.slack.conversations["C1"] = conversation
    [answer] = await neighbours.ask("feed on model:llama")
    assert says in answer
    assert "dm" not in answer
    assert neighbours.feeds.known == {}


async def test_a_channel_that_takes_nothing_is_found_out_at_once(neighbours: Neighbourhood) -> None:
    """The feed goes off again. Where Slack is slow only the announcement is lost."""
    neighbours.slack.refuses["post_message"] = SlackPermanentError(slack_code="restricted_action")
    [answer] = await neighbours.ask("feed on")
    assert "I can't post in this channel" in answer
    assert neighbours.feeds.known == {}
    neighbours.slack.refuses["post_message"] = SlackPassingError(slack_code="internal_error")
    [answer] = await neighbours.ask("feed on")
    assert "The feed is on" in answer
    assert KEY in neighbours.feeds.known


async def test_in_a_direct_message_the_answer_tells_all(neighbours: Neighbourhood) -> None:
    """There is nobody else to tell."""
    [answer] = await neighbours.ask("feed on", DM, is_private=False)
    assert "The feed is on" in answer
    assert neighbours.slack.sent == []
    assert ("T1", "D1", "org") in neighbours.feeds.known


@pytest.mark.parametrize("typed", ["feed on", "digest daily"])
async def test_direct_messages_of_two_people_take_nothing(neighbours: Neighbourhood, typed: str) -> None:
    """Slash commands can be typed there, but the bot is not in; in its own with the asker it is."""
    neighbours.slack.conversations["D9"] = neighbours.slack.conversations["DU01"] = None
    [answer] = await neighbours.ask(typed, Place("T1", "D9", "U01"))
    assert "I'm not in" in answer
    assert (neighbours.feeds.known, neighbours.digests.all) == ({}, {})
    await neighbours.ask(typed, Place("T1", "DU01", "U01"))
    assert len(neighbours.feeds.known) + len(neighbours.digests.all) == 1
    assert neighbours.slack.sent == []


async def test_a_database_that_does_not_answer_is_told(neighbours: Neighbourhood) -> None:
    """Nobody is told that anything is on."""
    neighbours.feeds.is_down = True
    for typed in ("feed", "feed on", "feed off"):
        [answer] = await neighbours.ask(typed, HERE)
        assert "ab12cd34" in answer
    assert neighbours.slack.sent == []
