"""Alerts for a group: by metrics and by what is known of the members, once, and only of what goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.groups.group import EndFacts, Group, Member, StartFacts
from bot.domain.groups.learning import Learned, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.job import JobStatus, MetricPoint
from bot.domain.job.cost import Money
from bot.domain.polling.group_alerts import GroupAnswers, answered, measured_after
from bot.domain.ports import AlertSubscriber
from tests.domain.groups.listed import NEW, T0, at, row

HOUR = StartFacts(at(-60), 8, 1, "h100")
PRICES = {"h100": Money(2.5, "USD")}


def waiter(condition: str, since: datetime = T0, name: str = "w1") -> AlertSubscriber:
    """Somebody who set an alert."""
    return AlertSubscriber(name, "s1", "U1", condition, since)


def member(name: str, status: str = "RUNNING", **fields: Any) -> Member:
    """One that has run for an hour."""
    known = {"progress": 50.0, "updated_at": T0, "start": HOUR, "created_at": at(-70)}
    return Member(name, at(-100), name, JobStatus(status), **{**known, **fields})


def logged(*values: float, key: str = "eval_loss") -> Learned:
    """Its metrics."""
    return Learned(points=[MetricPoint(key, value, at(step), step) for step, value in enumerate(values)])


def asked(
    group: Group, *conditions: str, now: datetime = T0, is_over: bool = False, **learned: Learned
) -> GroupAnswers:
    """The answers to these alerts."""
    waiters = [waiter(each, name=f"w{number}") for number, each in enumerate(conditions)]
    return answered(group, waiters, learned, subject="name:sweep-*", now=now, prices=PRICES, is_over=is_over)


@pytest.mark.parametrize(
    ("condition", "members", "expected"),
    [
        ("progress > 80%", (member("a"), member("b", progress=81.0)), "b"),
        ("eta < 2h", (member("a"),), "a"),
        ("queued > 1h", (member("a"), member("b", "QUEUED", start=None)), "b"),
        ("gpu_hours > 7", (member("a"),), "a"),
        ("cost > 19 USD", (member("a"),), "a"),
        ("cost > 21 USD", (member("a"),), None),
        ("progress > 80%", (member("a", "COMPLETED"),), None),
        (
            "gpu_hours > 20",
            (
                member(
                    "a", "FAILED", updated_at=at(1), ended_at=at(1), start=None, facts=EndFacts(3_600.0, 24.0)
                ),
            ),
            "a",
        ),
    ],
)
def test_what_is_known_of_a_member(condition: str, members: tuple[Member, ...], expected: str | None) -> None:
    """The first that reaches it is named; what had ended before counts for nothing."""
    found = asked(replace(NEW, members=members), condition)
    assert [each.request_id for _, each in found] == ([expected] if expected else [])
    assert all(each.is_met for _, each in found)


def test_what_a_member_has_logged() -> None:
    """Also a change, and no better for some steps; whose metrics did not come decides nothing."""
    group = replace(NEW, members=(member("a"), member("b")))
    relative = "eval_loss rises 10%", "eval_loss no better for 3 steps", "eval_loss < 1"
    (rose, same) = asked(group, *relative, b=logged(1.2, 1.1, 1.3, 1.25, 1.22), a=Learned())
    assert [each.request_id for _, each in (rose, same)] == ["b", "b"]
    assert "rose 10.9%" in (rose[1].evidence or "")
    assert not asked(group, "eval_loss < 1", a=logged(1.2), b=logged(1.1))
    ((_, found),) = asked(group, "eval_loss < 1", a=logged(1.2), b=logged(0.9))
    assert (found.request_id, found.name, found.once_key) == ("b", "b", "w0")


def test_the_end_answers_what_was_not_reached() -> None:
    """By name of the group; what cannot be read was written by a newer version."""
    group = replace(NEW, members=(member("a"),))
    found = asked(group, "eval_loss < 1", "??", is_over=True, a=logged(1.1))
    assert [(each.is_met, each.name, each.request_id) for _, each in found] == [(False, "name:sweep-*", None)]
    assert asked(replace(NEW, members=()), "progress > 5%", is_over=True)[0][1].is_met is False


def test_metrics_are_asked_for_anew_as_long_as_somebody_waits() -> None:
    """At once for a new alert, then each minute; of many members more rarely."""
    group = look(NEW, [row("sweep-1"), row("sweep-2")], T0)
    for _ in range(2):
        group = learn(group, {each.request_id: logged(1.5) for each in wanted(group, T0)}, T0)
    known = replace(group, members=tuple(replace(each, start=HOUR) for each in group.members))
    waits = [waiter("eval_loss < 1", at(5))]
    assert measured_after(known, [waiter("progress > 5%")], at(5)) is None
    first = measured_after(known, waits, at(5))
    assert [each.metrics for each in wanted(known, at(5), first)] == [True, True]
    asked_for = learn(known, {each.request_id: logged(1.5) for each in known.members}, at(5.1))
    assert not wanted(asked_for, at(6), measured_after(asked_for, waits, at(6)))
    assert len(wanted(asked_for, at(6.2), measured_after(asked_for, waits, at(6.2)))) == 2
    many = replace(NEW, members=tuple(member(f"m{number}") for number in range(200)))
    assert measured_after(many, waits, at(60)) == at(60) - timedelta(seconds=400)


def test_an_end_after_the_alert_counts() -> None:
    """Its last values are looked at; what joined at its end does too, where that came later."""
    ended = member("a", "COMPLETED", updated_at=at(3), ended_at=at(3))
    late = member("b", "COMPLETED", updated_at=at(3))
    came = replace(late, joined_at=at(2))
    old = replace(came, updated_at=at(-60))
    for each, expected in ((ended, 1), (late, 0), (came, 1), (old, 0)):
        found = asked(
            replace(NEW, members=(each,)), "eval_loss < 1", now=at(4), **{each.request_id: logged(0.9)}
        )
        assert len(found) == expected, each
