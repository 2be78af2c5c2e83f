"""Several watched jobs: one list answers for all of them, and a document is only fetched where it matters."""

from __future__ import annotations

import pytest

from bot.domain.subscriptions.notifications import job_updates, notices
from bot.domain.subscriptions.subscription import Spot
from bot.domain.subscriptions.unanswered import NOT_FOUND_LIMIT
from bot.playground.training_suite.lives import summary_of
from bot.watcher import Watcher
from tests.watcher.world import RARE, World

LIST = "/job/list/"


async def following(world: World, *request_ids: str) -> Watcher:
    """A watcher that has looked at each of these jobs, and at the list."""
    watcher = world.watcher()
    await world.follow(*request_ids)
    await world.live(100, watcher)
    world.asked()
    return watcher


async def test_one_list_answers_for_jobs_that_stay_as_they_are(world: World) -> None:
    """No document is asked for, and nothing is written that would cost a card an edit."""
    watcher = await following(world, "a", "b", "c")
    await world.live(400, watcher)
    asked = world.asked()
    assert set(asked) == {LIST}
    assert 400 / 60 <= asked[LIST] <= 400 / 30
    assert world.edits == []


async def test_where_the_list_is_not_wanted_each_job_is_asked_about(world: World) -> None:
    """However many there are."""
    watcher = world.watcher(by_list=False)
    await world.follow("a", "b", "c")
    await world.live(400, watcher)
    assert set(world.asked()) == {"a", "b", "c"}


async def test_progress_in_the_list_moves_the_card_and_costs_no_document(world: World) -> None:
    """The card keeps what only the document said."""
    watcher = await following(world, "a", "b")
    world.suite.set("a", progress=20)
    await world.live(60, watcher)
    assert set(world.asked()) == {LIST}
    assert world.edits == ["a"]
    card = world.cards["a"]
    assert (card.progress, card.model_details.base_model) == (20, "meta-llama/Llama-3.1-8B-Instruct")
    assert card.infra_config.gpu_count == 2


async def test_an_end_in_the_list_fetches_the_document_at_once(world: World) -> None:
    """Within a minute the thread has the error, which no list tells; once."""
    watcher = await following(world, "a", "b")
    world.suite.set("a", status="FAILED", error_message="no memory left")
    await world.live(60, watcher)
    assert world.asked()["a"] == 1
    assert [(type(told), told.error_message) for _, told in world.told] == [
        (job_updates.Failed, "no memory left")
    ]
    assert world.cards["a"].error_message == "no memory left"
    await world.live(300, watcher)
    assert len(world.told) == 1
    assert set(world.asked()) == {LIST}


async def test_a_jump_over_milestones_is_one_message(world: World) -> None:
    """From 10 to 80 %."""
    watcher = await following(world, "a", "b")
    world.suite.set("a", progress=80)
    await world.live(120, watcher)
    assert [(type(told), told.milestone) for _, told in world.told] == [(job_updates.Progress, 75)]


async def test_duplicate_and_odd_rows_change_nothing(world: World) -> None:
    """An older row for the same job, one without an id, one of a job nobody follows."""
    world.suite.set("a", status="RUNNING", progress=10)
    older = summary_of(world.suite.document("a") or {})
    world.clock.advance(60)
    watcher = await following(world, "b", "c", "a")
    world.suite.set("a", progress=40)
    world.suite.extra_rows += [older, {"status": "FAILED"}, {**older, "request_id": "stranger"}]
    await world.live(300, watcher)
    assert world.kinds() == [job_updates.Progress]
    assert set(world.asked()) == {LIST}


async def test_a_status_that_flips_is_only_believed_from_the_document(world: World) -> None:
    """A list that says FAILED while the job says RUNNING ends nothing and asks ever more rarely."""
    watcher = await following(world, "a", "b")
    wrong = {**summary_of(world.suite.document("a") or {}), "updated_at": "2026-03-02T23:00:00Z"}
    world.suite.extra_rows.append({**wrong, "status": "FAILED"})
    await world.live(400, watcher)
    assert world.kinds() == []
    assert world.asked()["a"] <= 400 / 60
    world.suite.extra_rows.clear()
    await world.live(150, watcher)
    assert world.kinds() == []


async def test_a_job_missing_from_the_list_is_asked_for_by_itself(world: World) -> None:
    """At once, then at its own pace: it may just not be listed any more."""
    watcher = await following(world, "a", "b", "c")
    document = world.suite.document("a")
    assert document is not None
    world.suite.raw("a", '{"request_id": "a", "status": "RUNNING", "progress": 10}')
    world.suite.lose("a")
    await world.live(60, watcher)
    assert 1 <= world.asked()["a"] <= 2
    await world.live(400, watcher)
    assert 400 / 140 <= world.asked()["a"] <= 400 / 30
    assert world.kinds() == []
    world.suite.find("a")
    await world.live(100, watcher)
    world.asked()
    await world.live(150, watcher)
    assert set(world.asked()) == {LIST}


async def test_a_job_that_is_gone_gets_its_last_word(world: World) -> None:
    """The list no longer has it, and its document is 404 three times."""
    world.bounds = RARE
    watcher = await following(world, "a", "b", "c")
    world.suite.lose("a")
    await world.live(1_800, watcher)
    assert world.kinds() == [job_updates.JobGone]
    assert world.asked()["a"] == NOT_FOUND_LIMIT
    assert await world.subscription("a") is None


async def test_a_job_that_comes_back_to_life_is_seen_in_the_list(world: World) -> None:
    """Its document is believed once it has said so twice."""
    watcher = await following(world, "a", "b")
    world.suite.set("a", status="COMPLETED", progress=100)
    await world.live(150, watcher)
    world.asked()
    world.suite.set("a", status="RUNNING", progress=3)
    await world.live(120, watcher)
    assert world.kinds() == [job_updates.Completed, job_updates.Started]
    assert world.asked()["a"] == 2


async def test_a_job_that_stands_still_is_noticed_from_the_list_alone(world: World) -> None:
    """Half an hour without a change of its row; and that it moves again."""
    world.bounds = RARE
    watcher = await following(world, "a", "b")
    await world.live(1_400, watcher)
    assert world.kinds() == []
    await world.live(1_000, watcher)
    assert world.kinds() == [job_updates.Stalled]
    world.suite.set("a", progress=11)
    await world.live(600, watcher)
    assert world.kinds() == [job_updates.Stalled, job_updates.Moving]
    assert set(world.asked()) == {LIST}


async def test_the_second_subscription_brings_the_list_and_the_last_but_one_takes_it_away(
    world: World,
) -> None:
    """One job alone is asked for by its document, also after it was on a list."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(200, watcher)
    assert LIST not in world.asked()
    await world.follow("b")
    await world.live(200, watcher)
    assert LIST in world.asked()
    for request_id in ("b",):
        subscription = await world.subscription(request_id)
        assert subscription is not None
        await world.store.subscriptions.unsubscribe(
            Spot("T1", "C1", world.suite.org_id, request_id), "U1", world.clock.now()
        )
    await world.live(60, watcher)
    world.asked()
    await world.live(300, watcher)
    asked = world.asked()
    assert LIST not in asked
    assert asked["a"] >= 300 / 150


@pytest.mark.parametrize(
    ("switches", "again_within_seconds"),
    [
        ({"list_refused": True, "list_status": 403}, 3_700),
        ({"list_html": True}, 700),
        ({"list_down": True}, 1_000),
    ],
)
async def test_without_a_list_each_job_is_asked_for(
    world: World, switches: dict[str, object], again_within_seconds: float
) -> None:
    """Nothing is missed meanwhile and nothing told of it; after a while the list is tried again."""
    watcher = await following(world, "a", "b")
    world.suite.switches.update(switches)
    await world.live(270, watcher)
    world.asked()
    world.suite.set("a", status="COMPLETED", progress=100)
    await world.live(120, watcher)
    assert world.kinds() == [job_updates.Completed]
    assert world.asked()["b"] >= 1
    world.suite.switches.update({name: False for name, value in switches.items() if value is True})
    await world.follow("c")
    world.clock.advance(again_within_seconds - 440)
    await world.live(150, watcher)
    assert LIST in world.asked()
    await world.live(60, watcher)
    assert world.asked().keys() == {LIST}


async def test_a_feed_that_has_nothing_but_the_list_is_not_silent_for_an_hour(world: World) -> None:
    """A proxy may refuse the list once; what ended meanwhile is posted minutes later."""
    await world.feed_on()
    watcher = await following(world, "a", "b")
    world.suite.switches.update({"list_refused": True, "list_status": 403})
    await world.live(150, watcher)
    world.suite.switches.list_refused = False
    world.suite.set("c", status="FAILED")
    await world.live(300, watcher)
    assert ("C1", "c") in world.posted


async def test_an_outage_is_told_once_in_each_thread_and_so_is_its_end(world: World) -> None:
    """Whether it is the list or a document that is not answered."""
    world.bounds = RARE
    watcher = await following(world, "a", "b")
    world.suite.switches.down = True
    await world.live(2_000, watcher)
    assert [world.kinds(each) for each in "ab"] == [[notices.ApiDown]] * 2
    world.suite.switches.down = False
    await world.live(1_000, watcher)
    assert [world.kinds(each) for each in "ab"] == [[notices.ApiDown, notices.ApiBack]] * 2


async def test_a_job_that_stalls_has_its_card_drawn_anew(world: World) -> None:
    """Its row is as before, but the time left that the card told has passed."""
    world.bounds = RARE
    watcher = await following(world, "a", "b")
    await world.live(1_500, watcher)
    world.suite.set("b", progress=30)
    await world.live(600, watcher)
    assert world.kinds("a") == [job_updates.Stalled]
    assert world.edits == ["b", "a"]
