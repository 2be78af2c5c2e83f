"""The store: what cards say of the metrics is what the run doctor found last, and nothing that is hidden."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.ports import Lane, MetricsCheckOutcome, Sent
from bot.domain.subscriptions.notifications.job_updates import Completed, Started
from bot.store.store import DatabaseStore
from tests.contracts.examined import due
from tests.contracts.facts import (
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    deliver,
    follow,
    job,
    look,
    note,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLATEAU, OVERFITTING = (
    Finding(FindingClass.PLATEAU, "flat at 2.1", "Try another learning rate."),
    Finding(FindingClass.OVERFITTING, "eval_loss rose", "Try fewer epochs."),
)


async def checked(store: DatabaseStore, seconds: float, standing: Sequence[Finding] | None) -> None:
    """The run doctor looked, and finds these; None where only an alert was looked at."""
    await look(store, at(seconds), examine_at=at(seconds))
    found = None if standing is None else tuple(standing)
    done = MetricsCheckOutcome(await due(store, at(seconds)), None, standing=found)
    assert await store.metrics_checks.finish_metrics_checks([done], at(seconds)) == 1


async def edited(store: DatabaseStore, seconds: float) -> list[Finding | None]:
    """What each card says that is to be brought up to date."""
    found = []
    while isinstance(lane := await store.outbox.claim_lane(TEAM, "", at(seconds), LEASE), Lane):
        edit = await store.outbox.take_edit(lane, at(seconds))
        if edit is None:
            break
        found.append(edit.finding)
        done = Sent("100.1", "100.1")
        assert await store.outbox.finish_edit(lane, edit, done, at(seconds), lane_free_at=at(seconds))
    return found


async def test_a_card_is_edited_when_it_says_something_else(store: DatabaseStore) -> None:
    """The worst finding; the same again, and a check for an alert alone, change nothing."""
    await opened_thread(store)
    await checked(store, 10, [PLATEAU, OVERFITTING])
    assert await edited(store, 10) == [PLATEAU]
    await checked(store, 20, [PLATEAU])
    await checked(store, 30, None)
    assert await edited(store, 30) == []
    await checked(store, 40, [])
    assert await edited(store, 40) == [None]


async def test_what_somebody_hid_leaves_the_card(store: DatabaseStore) -> None:
    """At once; the next finding is shown once the run doctor has looked again."""
    await opened_thread(store)
    await checked(store, 10, [PLATEAU, OVERFITTING])
    await edited(store, 10)
    await store.metrics_checks.silence(ORG, JOB, "plateau", at(11))
    assert await edited(store, 11) == [None]
    await checked(store, 20, [PLATEAU, OVERFITTING])
    assert await edited(store, 20) == [OVERFITTING]


async def test_a_run_that_starts_again_has_no_finding_yet(store: DatabaseStore) -> None:
    """That of the run before is not shown."""
    await opened_thread(store)
    await checked(store, 10, [PLATEAU])
    await edited(store, 10)
    await look(store, at(20), note(Started, "2"), document=job(progress=1))
    await deliver(store, at(20), Sent("200.1", "100.1"))
    assert await edited(store, 21) == [None]


async def test_a_card_knows_what_its_end_said(store: DatabaseStore) -> None:
    """Also the one that opens another thread later."""
    await opened_thread(store)
    ended = note(Completed, "1")
    await look(
        store, at(10), ended, state=state("COMPLETED"), document=job("COMPLETED"), findings=(OVERFITTING,)
    )
    await deliver(store, at(10), Sent("200.1", "100.1"))
    assert await edited(store, 11) == [OVERFITTING]
    await follow(store, channel_id="C2", now=T0)
    assert (await deliver(store, at(12), Sent("300.1", "300.1"), "C2")).finding == OVERFITTING


async def test_lists_show_what_stands_and_nobody_hid(store: DatabaseStore) -> None:
    """Of the jobs that are asked about, in this organisation."""
    await opened_thread(store)
    await checked(store, 10, [PLATEAU, OVERFITTING])
    assert await store.metrics_checks.standing_findings(ORG, []) == {}
    assert await store.metrics_checks.standing_findings(ORG, [JOB, "another"]) == {JOB: PLATEAU}
    assert await store.metrics_checks.standing_findings(ORG, ["another"]) == {}
    await store.metrics_checks.silence(ORG, JOB, "plateau", at(11))
    assert await store.metrics_checks.standing_findings(ORG, [JOB]) == {}
