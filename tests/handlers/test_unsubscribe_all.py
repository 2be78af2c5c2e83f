"""Ending every subscription at once, and asking for the jobs that are one's own."""

from __future__ import annotations

from dataclasses import replace

from tests.handlers.neighbours import HERE, Neighbourhood


async def test_all_of_ones_own_end_and_nobody_elses() -> None:
    """Here and elsewhere; what others are subscribed to goes on."""
    made = Neighbourhood()
    for request_id in ("run-7", "run-8", "run-9"):
        made.jobs.give(request_id, status="RUNNING", progress=10, experiment_name=f"name of {request_id}")
    await made.ask("subscribe run-7 quiet")
    await made.ask("subscribe run-8", replace(HERE, channel_id="C2"))
    await made.ask("subscribe run-9", replace(HERE, user_id="U02"))
    assert made.dispatch.changes(made.question("unsubscribe all"))
    for text in ("unsubscribe all", "stop all notifications"):
        assert made.dispatch.changes(made.question(text))
    (card,) = await made.ask("unsubscribe all")
    assert "all 2 of your subscriptions" in card
    assert "run-8" in card
    active = [each.request_id for each in made.stored.all.values() if each.is_active]
    assert active == ["run-9"]
    (card,) = await made.ask("unsubscribe from everything")
    assert "You aren't subscribed to any job" in card


async def test_who_started_a_job_is_not_known() -> None:
    """The subscriptions are shown instead, and it is said why."""
    (card,) = await Neighbourhood().ask("mine")
    assert "doesn't say who started a job" in card
    (card,) = await Neighbourhood().ask("subscriptions")
    assert "doesn't say who started a job" not in card
