"""What the page's person can do to the world: to jobs, to Slack, to channels and messages, to the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.playground.page.objects import news_json
from bot.playground.training_suite import IDS
from bot.playground.workspace import BOT, GRACE, ME, TRAINING, Message
from tests.playground.opened_page import OpenedPage, opened_page
from tests.playground.slack_side import CARD


@pytest.fixture
async def page() -> AsyncIterator[OpenedPage]:
    """The page, opened."""
    async with opened_page() as found:
        yield found


def _job(state: dict[str, list[dict[str, object]]], request_id: str) -> dict[str, object]:
    return next(job for job in state["jobs"] if job["request_id"] == request_id)


@pytest.mark.parametrize(
    ("turn", "status", "error"),
    [("fail", "FAILED", "OutOfMemoryError"), ("cancel", "CANCELED", None), ("stall", "RUNNING", None)],
)
async def test_a_job_takes_a_turn(page: OpenedPage, turn: str, status: str, error: str | None) -> None:
    """It is where it was, and goes no further; its times fit."""
    request_id = IDS["running"]
    before = page.suite.document(request_id)
    assert await page.post("job", {"request_id": request_id, "turn": turn}) == {"ok": True}
    job = page.suite.document(request_id)
    assert before is not None
    assert job is not None
    assert (job["status"], job["progress"]) == (status, pytest.approx(before["progress"], abs=2))
    assert (job["completed_at"] is None) is (turn == "stall")
    assert error is None if job["error_message"] is None else error in job["error_message"]
    assert _job(await page.state(), request_id)["status"] == status


async def test_a_queued_job_can_be_cancelled_and_a_finished_one_stays(page: OpenedPage) -> None:
    """Nothing was trained; nothing is undone."""
    queued, done = IDS["queued"], IDS["completed"]
    await page.post("job", {"request_id": queued, "turn": "cancel"})
    await page.post("job", {"request_id": done, "turn": "fail"})
    state = await page.state()
    assert (_job(state, queued)["status"], _job(state, queued)["progress"]) == ("CANCELED", 0)
    assert _job(state, done)["status"] == "COMPLETED"


async def test_a_sweep_starts_one_by_one(page: OpenedPage) -> None:
    """Each time another one; starting over forgets them."""
    before = len((await page.state())["jobs"])
    for times in (1, 2):
        assert await page.post("sweep", {}) == {"ok": True}
        jobs = (await page.state())["jobs"]
        assert len(jobs) == before + 4 * times
    names = {str(job["experiment_name"]) for job in jobs}
    assert sum(name.startswith("sweep-") for name in names) == 4
    await page.post("reset", {})
    assert len((await page.state())["jobs"]) == before


async def test_the_bot_is_stopped_and_started(page: OpenedPage) -> None:
    """The page hears of it; starting over gives it a new life."""
    with page.workspace.feed.subscribe() as news:
        assert await page.post("bot", {"running": False}) == {"ok": True}
        assert news_json(page.workspace, await news.get(), ME) == {"type": "bot", "is_running": False}
    assert (await page.state())["bot"]["is_running"] is False
    await page.post("reset", {})
    assert page.switched.begun == 1
    assert (await page.state())["bot"]["is_running"] is True


async def test_slack_breaks_in_one_way_at_a_time(page: OpenedPage) -> None:
    """The last switch counts; switching another one off changes nothing; a reset ends it."""
    faults = page.workspace.faults
    await page.post("switches", {"slack_rate_limited": True})
    await page.post("switches", {"slack_server_error": True})
    switches = (await page.state())["switches"]
    assert (switches["slack_rate_limited"], switches["slack_server_error"]) == (False, True)
    await page.post("switches", {"slack_rate_limited": False})
    met = [faults.next_for("chat.postMessage") for _ in range(3)]
    assert [fault and fault.kind for fault in met] == ["server_error"] * 3
    await page.post("reset", {})
    assert faults.next_for("chat.postMessage") is None


async def test_anybodys_message_can_be_deleted(page: OpenedPage) -> None:
    """Once; what was answered to it stays."""
    board = page.workspace.board
    card = board.post(Message(board.next_ts(), TRAINING, BOT, "A card", CARD["blocks"]))
    board.post(Message(board.next_ts(), TRAINING, BOT, "reply", thread_ts=card.ts))
    place = {"channel_id": TRAINING, "message_ts": card.ts}
    assert (await page.post("delete", place))["ok"]
    assert [one["text"] for one in (await page.state())["messages"]] == ["reply"]
    assert not (await page.post("delete", place))["ok"]


async def test_a_channel_is_archived_and_brought_back(page: OpenedPage) -> None:
    """While it is archived nobody writes there, and what was said can be read."""
    board = page.workspace.board
    board.post(Message(board.next_ts(), TRAINING, GRACE, "hello"))
    with page.workspace.feed.subscribe() as news:
        assert (await page.post("archive", {"channel_id": TRAINING, "archived": True}))["ok"]
        told = news_json(page.workspace, await news.get(), ME)
    assert told is not None
    assert [one["is_archived"] for one in told["channels"] if one["id"] == TRAINING] == [True]
    said = await page.post("say", {"channel_id": TRAINING, "text": "anybody?"})
    assert (said["ok"], said["error"]) == (False, "This channel is archived.")
    await page.post("archive", {"channel_id": TRAINING, "archived": False})
    assert (await page.post("say", {"channel_id": TRAINING, "text": "yes"}))["ok"]


async def test_a_message_is_told_with_its_thread(page: OpenedPage) -> None:
    """How many replies, whether it was edited, whether it stands in the channel too; not its metadata."""
    board = page.workspace.board
    card = board.post(Message(board.next_ts(), TRAINING, BOT, "A card", metadata={"event_type": "x"}))
    for broadcast in (False, True):
        board.post(Message(board.next_ts(), TRAINING, BOT, "r", thread_ts=card.ts, broadcast=broadcast))
    board.edit(card, {"text": "An edited card"})
    shown = (await page.state())["messages"]
    assert [(one["reply_count"], one["edited"], one["broadcast"]) for one in shown] == [
        (2, True, False),
        (0, False, False),
        (0, False, True),
    ]
    assert [one.get("thread_ts") for one in shown] == [None, card.ts, card.ts]
    assert all("metadata" not in one for one in shown)


async def test_people_are_mentioned_by_name(page: OpenedPage) -> None:
    """Not the bot alone."""
    await page.post("say", {"channel_id": TRAINING, "text": "@grace look"})
    assert page.workspace.messages(TRAINING)[-1].text == f"<@{GRACE}> look"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bot", {"running": 1}),
        ("job", {"request_id": IDS["running"], "turn": "explode"}),
        ("job", {"turn": "fail"}),
        ("archive", {"channel_id": "C0NOWHERE1", "archived": True}),
        ("archive", {"channel_id": TRAINING}),
        ("delete", {"channel_id": TRAINING, "message_ts": "1.0"}),
        ("switches", {"slack_rate_limited": 1}),
    ],
)
async def test_what_makes_no_sense_is_refused(page: OpenedPage, name: str, body: object) -> None:
    """In one sentence."""
    answer = await page.post(name, body)
    assert (answer["ok"], bool(answer["error"])) == (False, True)
