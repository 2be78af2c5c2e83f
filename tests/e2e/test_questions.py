"""Questions, as people ask them: signed HTTP or a websocket in, Web API calls out."""

from __future__ import annotations

import pytest

from bot.playground.workspace import DM, GENERAL, HIDDEN, ME, ML_OPS, PARTNER, PARTNERS, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world

OTHER = "c3c840b8-aee0-4b76-9da8-0ac4e0c0df8e"


async def test_a_slash_command_answers_only_the_asker(each: World) -> None:
    """`/job <id>` brings the card, for the asker's eyes, with the button to share it."""
    card = await each.ask(JOB)
    assert card.ephemeral_to == ME
    assert "support-tone-llama-8b" in text_of(card)
    assert "Share in channel" in text_of(card)
    assert each.workspace.calls_of("chat.postMessage") == []


async def test_a_fresh_card_is_the_ack_itself(each: World) -> None:
    """A second question within the time to live is one round trip: no request, no call."""
    await each.ask(JOB)
    asked = each.suite.counts.total()
    calls = len(each.workspace.calls)
    delivery = await each.slash(JOB)
    assert delivery.message is not None
    assert "support-tone-llama-8b" in text_of(delivery.message)
    assert (each.suite.counts.total(), len(each.workspace.calls)) == (asked, calls)


async def test_a_mention_answers_in_the_thread_for_all(each: World) -> None:
    """`@bot <id>` is answered under the message that asked."""
    card = await each.mention(f"how is {JOB.upper()} doing?")
    question = each.workspace.messages(TRAINING)[0]
    assert (card.thread_ts, card.ephemeral_to) == (question.ts, None)
    assert "support-tone-llama-8b" in text_of(card)
    assert "Share in channel" not in text_of(card)


@pytest.mark.parametrize("channel_id", [TRAINING, ML_OPS])
async def test_a_mention_in_a_thread_means_the_job_its_root_names(over_http: World, channel_id: str) -> None:
    """No id in the mention: the thread's first message is read for one."""
    root = (await over_http.workspace.say(channel_id, ME, f"started `{JOB}`, fingers crossed")).message
    assert root is not None
    for words in ("", "status", "how is it going?"):
        card = await over_http.mention(words, channel_id, root.ts)
        assert "support-tone-llama-8b" in text_of(card)
        assert card.thread_ts == root.ts
        await over_http.let_pass(2)


async def test_a_thread_under_the_bots_own_card_names_that_job(over_http: World) -> None:
    """A shared card as the root: its buttons say which job it is."""
    over_http.suite.add_job({"request_id": "my-run.7", "status": "QUEUED"})
    private = await over_http.ask("my-run.7")
    await over_http.choose(private, "job.share")
    shared = await over_http.soon(
        lambda: next((m for m in over_http.workspace.messages(TRAINING) if not m.ephemeral_to), None)
    )
    await over_http.soon(lambda: private not in over_http.workspace.messages(TRAINING))
    answer = await over_http.mention("", TRAINING, shared.ts)
    assert "my-run.7" in text_of(answer)
    assert "Queued" in text_of(answer)


async def test_a_thread_that_names_nothing_gets_the_example(over_http: World) -> None:
    """Neither the mention nor the root has an id: the answer says what to type."""
    root = (await over_http.workspace.say(TRAINING, ME, "good morning")).message
    assert root is not None
    answer = await over_http.mention("how is it?", TRAINING, root.ts)
    assert "/job" in text_of(answer)
    assert answer.thread_ts == root.ts


async def test_a_thread_the_bot_may_not_read_gets_the_example(over_http: World) -> None:
    """Without the history scope the bot asks for the id instead of failing."""
    over_http.workspace.scopes.discard("channels:history")
    root = (await over_http.workspace.say(TRAINING, ME, f"started {JOB}")).message
    assert root is not None
    answer = await over_http.mention("status", TRAINING, root.ts)
    assert "/job" in text_of(answer)


async def test_a_direct_message_needs_no_mention(each: World) -> None:
    """Any words to the bot are a question; its own answers are not."""
    await each.workspace.say(DM, ME, f"status {JOB}")
    card = await each.next_message(DM, 1)
    assert "support-tone-llama-8b" in text_of(card)
    assert card.thread_ts is None
    await each.let_pass(5)
    await each.workspace.say(DM, ME, "help")
    await each.next_message(DM, 3)
    assert len(each.workspace.messages(DM)) == 4


async def test_the_first_answer_in_a_place_says_once_what_the_bot_can_do(over_http: World) -> None:
    """A line below it, in no message of its own; another process, as after a restart, says it no more."""
    line = "I answer questions about training jobs"
    assert line in text_of(await over_http.mention(JOB))
    await over_http.workspace.say(DM, ME, JOB)
    assert line in text_of(await over_http.next_message(DM, 1))
    await over_http.let_pass(5)
    async with over_http.another():
        assert line not in text_of(await over_http.mention(JOB))
    assert len(over_http.workspace.messages(TRAINING)) == 4


@pytest.mark.parametrize("channel_id", [GENERAL, HIDDEN, DM, PARTNERS])
async def test_a_slash_command_answers_wherever_it_is_typed(over_http: World, channel_id: str) -> None:
    """Channels without the bot, private ones, DMs, shared ones: through the response URL."""
    card = await over_http.ask(JOB, channel_id)
    assert "support-tone-llama-8b" in text_of(card)
    assert card.ephemeral_to == ME


async def test_a_shared_channel_sees_no_job(over_http: World) -> None:
    """In Slack Connect a mention is answered to the asker alone, and not to another company's people."""
    card = await over_http.mention(JOB, PARTNERS)
    assert card.ephemeral_to == ME
    said = len(over_http.workspace.messages(PARTNERS))
    bot = over_http.workspace.identity.bot_user_id
    await over_http.workspace.say(PARTNERS, PARTNER, f"<@{bot}> {JOB}")
    await over_http.mention("help", PARTNERS)
    texts = [text_of(m) for m in over_http.workspace.messages(PARTNERS)[said:] if m.ephemeral_to == PARTNER]
    assert not any("support-tone" in text for text in texts)


async def test_several_ids_get_a_card_each(each: World) -> None:
    """Up to five, in their order; one that fails does not cost the others."""
    before = len(each.workspace.messages(TRAINING))
    await each.slash(f"status {JOB}, nonsense-1 {OTHER}")
    cards = [text_of(await each.next_message(TRAINING, before + place)) for place in range(3)]
    assert "support-tone-llama-8b" in cards[0]
    assert "nonsense-1" in cards[1]
    assert "legal-full-8b" in cards[2]


async def test_more_than_five_ids_say_what_is_left_out(over_http: World) -> None:
    """The last card says so, also when it tells a failure."""
    before = len(over_http.workspace.messages(TRAINING))
    await over_http.slash("status " + " ".join(f"nothing-{number}" for number in range(7)))
    last = text_of(await over_http.next_message(TRAINING, before + 4))
    assert "nothing-4" in last
    assert "Showing 5 of 7" in last


@pytest.mark.parametrize("text", ["help", "HELP", "?"])
async def test_help_rides_on_the_ack(each: World, text: str) -> None:
    """`/job help` gives examples at once, with jobs of theirs; [More] lists the commands."""
    await each.ask("list")
    delivery = await each.slash(text)
    assert delivery.message is not None
    assert "why did faq-assistant-8b fail?" in text_of(delivery.message)
    await each.workspace.click(ME, delivery.message, "help.more")
    assert "status &lt;job&gt;" in text_of(await each.told("You can ask"))


async def test_help_opens_the_search(over_http: World) -> None:
    """As the slash command alone does, and the card comes to where it was asked."""
    helped = (await over_http.slash("help")).message
    assert helped is not None
    await over_http.workspace.click(ME, helped, "job.search")
    await over_http.soon(lambda: over_http.workspace.calls_of("views.open"))


async def test_a_mistyped_command_gets_did_you_mean(each: World) -> None:
    """The corrected line is shown, on the ack."""
    delivery = await each.slash(f"statsu {JOB}")
    assert delivery.message is not None
    assert f"/job status {JOB}" in text_of(delivery.message)


async def test_another_slash_command_is_followed_everywhere() -> None:
    """With SLASH_COMMAND the bot listens to it, and help and examples say it."""
    async with world("http", "/trainjob") as made:
        delivery = await made.workspace.slash(TRAINING, ME, "help", "/trainjob")
        assert delivery.message is not None
        assert "/trainjob" in text_of(delivery.message)
        assert "/job " not in text_of(delivery.message)
