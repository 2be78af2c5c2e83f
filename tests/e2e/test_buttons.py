"""Buttons and windows, over both transports."""

from __future__ import annotations

from bot.playground.workspace import HIDDEN, ME, TRAINING, Message, View
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World
from tests.resting_loop import at_rest

FAILED = {
    "request_id": "failed-1",
    "status": "FAILED",
    "experiment_name": "broken",
    "error_message": "Traceback (most recent call last):\n"
    + '  File "x.py", line 1\n' * 80
    + "ValueError: bad",
    "train_config": {"hyperparameters": {"num_epochs": 3}},
    "dataset_details": {"dataset_name": "d", "secret_id": "hunter2-secret"},
}


async def _view(made: World, title: str) -> View:
    def there() -> View | None:
        views = made.workspace.views_of(ME)
        return next((view for view in views if title in str(view.content["title"])), None)

    return await made.soon(there)


async def _changed(made: World, message: Message, words: str) -> Message:
    def there() -> Message | None:
        now = next((m for m in made.workspace.messages(message.channel_id) if m.ts == message.ts), None)
        return now if now is not None and words in text_of(now) else None

    return await made.soon(there)


async def test_refresh_edits_the_card_in_its_place(each: World) -> None:
    """[Refresh] asks anew and the same message changes: the private one and the one in a thread."""
    each.suite.add_job({"request_id": "job-1", "status": "RUNNING", "progress": 10})
    private, public = await each.ask("job-1"), await each.mention("job-1")
    each.suite.add_job({"request_id": "job-1", "status": "RUNNING", "progress": 60})
    await each.let_pass(3)
    for card in (private, public):
        await each.choose(card, "job.refresh")
        changed = await _changed(each, card, "60%")
        assert changed.ephemeral_to == card.ephemeral_to
        assert changed.thread_ts == card.thread_ts


async def test_refresh_asks_at_most_every_two_seconds(over_http: World) -> None:
    """Ten impatient presses are one question."""
    card = await over_http.ask(JOB)
    await over_http.let_pass(3)
    before = over_http.suite.counts["/job/get/"]
    for _ in range(4):
        await over_http.choose(card, "job.refresh")
    await over_http.bot.stop()  # which finishes what they asked for
    assert over_http.suite.counts["/job/get/"] == before + 1


async def test_a_refresh_that_fails_keeps_the_card_with_a_warning(over_http: World) -> None:
    """The earlier answer stays, and says that it is old and why."""
    card = await over_http.ask(JOB)
    await over_http.let_pass(120)
    over_http.suite.switches.update({"server_error": True})
    await over_http.choose(card, "job.refresh")
    changed = await _changed(over_http, card, "Not current")
    assert "support-tone-llama-8b" in text_of(changed)


async def test_a_refresh_with_nothing_in_hand_leaves_the_card_alone(over_http: World) -> None:
    """The job is gone: the presser is told, the card stays."""
    over_http.suite.add_job({"request_id": "job-1", "status": "RUNNING", "progress": 10})
    card = await over_http.mention("job-1")
    before = text_of(card)
    over_http.suite.raw("job-1", b'{"detail": "gone"}', 404)
    await over_http.let_pass(3)
    said = len(over_http.workspace.messages(TRAINING))
    await over_http.choose(card, "job.refresh")
    told = await over_http.next_message(TRAINING, said)
    assert told.ephemeral_to == ME
    assert told.thread_ts == card.thread_ts
    assert "Reference" in text_of(told)
    assert text_of(card) == before


async def test_try_again_replaces_the_failure_by_the_card(each: World) -> None:
    """What failed for a moment is asked again with one press."""
    each.suite.switches.update({"server_error": True})
    failure = await each.ask(JOB)
    assert "Reference" in text_of(failure)
    each.suite.switches.update({"server_error": False})
    await each.workspace.click(ME, failure, "job.try_again")
    card = await _changed(each, failure, "support-tone-llama-8b")
    assert card.ephemeral_to == ME


async def test_share_posts_the_card_for_all_and_removes_the_private_one(each: World) -> None:
    """[Share in channel] works also where the bot is no member."""
    private = await each.ask(JOB, HIDDEN)
    await each.choose(private, "job.share")

    def shared() -> Message | None:
        messages = each.workspace.messages(HIDDEN)
        return messages[0] if len(messages) == 1 and messages[0].ts != private.ts else None

    card = await each.soon(shared)
    assert card.ephemeral_to is None
    assert ME in text_of(card)
    assert "Share in channel" not in text_of(card)


async def test_details_open_at_once_from_what_is_known(each: World) -> None:
    """[Details] shows the whole configuration without asking again, and never a secret."""
    each.suite.add_job(FAILED)
    card = await each.ask("failed-1")
    asked = each.suite.counts.total()
    await each.choose(card, "job.details")
    view = await _view(each, "details")
    assert "Epochs: 3" in str(view.content)
    assert "hunter2" not in str(view.content)
    assert each.suite.counts.total() == asked


async def test_details_open_first_and_are_filled_later(each: World) -> None:
    """Nothing is known any more: the window opens within its three seconds, then the answer comes."""
    each.suite.add_job(FAILED)
    card = await each.ask("failed-1")
    await each.let_pass(2 * 3600)
    await each.choose(card, "job.details")
    await each.soon(lambda: each.workspace.calls_of("views.update") or None)
    (view,) = each.workspace.views_of(ME)
    assert "Epochs: 3" in str(view.content)


async def test_details_of_a_job_that_cannot_be_had_say_why(over_http: World) -> None:
    """The window that was opened tells the failure instead of waiting for ever."""
    over_http.suite.add_job(FAILED)
    card = await over_http.ask("failed-1")
    await over_http.let_pass(2 * 3600)
    over_http.suite.switches.update({"key_expired": True})
    await over_http.choose(card, "job.details")
    await over_http.soon(lambda: over_http.workspace.calls_of("views.update") or None)
    (view,) = over_http.workspace.views_of(ME)
    assert "SIMPLISMART_API_TOKEN" in str(view.content)


async def test_a_window_closed_before_it_was_filled_is_no_failure(over_http: World) -> None:
    """Whoever closed it does not wait for it any more, and is told nothing."""
    over_http.suite.add_job(FAILED)
    card = await over_http.ask("failed-1")
    await over_http.let_pass(2 * 3600)
    over_http.suite.switches.update({"latency_seconds": 3})
    said = len(over_http.workspace.messages(TRAINING))
    await over_http.choose(card, "job.details")
    await over_http.workspace.close_view(ME, await _view(over_http, ""))
    await over_http.let_pass(4)
    await over_http.soon(lambda: over_http.workspace.calls_of("views.update") or None)
    await over_http.bot.stop()
    assert len(over_http.workspace.messages(TRAINING)) == said


async def test_the_full_error_has_every_line_that_fits(each: World) -> None:
    """[Full error] is on a failed job's card and opens the whole text."""
    each.suite.add_job(FAILED)
    card = await each.ask("failed-1")
    assert "ValueError: bad" in text_of(card)
    await each.workspace.click(ME, card, "job.full_error")
    view = await _view(each, "rror")
    assert str(view.content).count("x.py") == 80


async def test_buttons_work_after_the_bot_forgot_everything(each: World) -> None:
    """A card of yesterday: its buttons carry all they need."""
    card = await each.mention(JOB)
    await each.let_pass(26 * 3600)
    await each.choose(card, "job.refresh")
    await _changed(each, card, "Completed")


async def test_a_press_whose_window_comes_too_late_is_told(over_http: World) -> None:
    """The trigger has expired on the way: the presser is told to ask again, with a reference."""
    card = await over_http.ask(JOB)
    over_http.workspace.faults.latency_seconds = 4
    said = len(over_http.workspace.messages(TRAINING))
    await over_http.choose(card, "job.details")
    await at_rest()
    over_http.workspace.faults.latency_seconds = 0
    await over_http.let_pass(4)
    told = await over_http.next_message(TRAINING, said)
    assert "has expired" in text_of(told)
    assert told.ephemeral_to == ME
