"""Groups, by whatever lists come: who belongs to one, what is told, and that it is over once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.commands.query import Query
from bot.domain.groups.group import JOINING, MOST_MEMBERS, WAITING, Group, is_subject, subject_of
from bot.domain.groups.learning import MISSED, Learned, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.groups.results import How, best, ranked
from bot.domain.groups.rounds import conclude
from bot.domain.job import JobStatus, MetricPoint, TrainingJob
from tests.domain.groups.listed import NEW, T0, at, names, row, went


def test_who_belongs_to_it() -> None:
    """What is under way, what ended in the 24 hours before, and what appears later; nothing older."""
    rows = [
        row("sweep-running"),
        row("sweep-queued", "QUEUED"),
        row("sweep-just-failed", "FAILED", at(-60)),
        row("sweep-last-month", "FAILED", at(-60 * 24 * 30)),
        row("other"),
    ]
    first = went(NEW, rows, at(0))
    assert names(first.group) == ["sweep-just-failed", "sweep-queued", "sweep-running"]
    assert first.failed == (), "it stands on the card"
    later = went(first.group, [*rows, row("sweep-new", "FAILED", at(5))], at(6))
    assert set(names(later.group)) - set(names(first.group)) == {"sweep-new"}
    assert [each.request_id for each in later.failed] == ["sweep-new"]


def test_a_failure_before_the_first_list_is_told() -> None:
    """Simplismart did not answer when somebody subscribed: what failed since then is on no card they got.

    Its clock says when that was and ours when they subscribed: what is behind by no more than the two may
    be apart counts as after it.
    """
    edge = -CLOCK_SKEW / timedelta(minutes=1)
    ages = {"sweep-1-before": edge - 1, "sweep-2-behind": edge, "sweep-3-since": 2}
    rows = [row(name, "FAILED", at(age)) for name, age in ages.items()]
    first = went(NEW, rows, at(5))
    assert names(first.group) == list(ages)
    assert sorted(each.request_id for each in first.failed) == ["sweep-2-behind", "sweep-3-since"]
    assert went(first.group, rows, at(6)).failed == ()


@pytest.mark.parametrize(
    ("ends_after", "joined_after", "over_at"), [(300, 0, 300), (10, 0, 30), (40, 35, 65)]
)
def test_it_is_over_when_all_have_ended_and_none_joins(
    ends_after: int, joined_after: int, over_at: int
) -> None:
    """Counted from the newest member's joining: a long sweep is over at once."""
    group, over = NEW, []
    for minute in range(400):
        rows = [row("sweep-1", "COMPLETED" if minute >= ends_after else "RUNNING", at(minute))]
        if minute >= joined_after > 0:
            rows.append(row("sweep-2", "COMPLETED" if minute >= ends_after else "RUNNING", at(minute)))
        found = went(group, rows, at(minute))
        group = found.group
        over += [(minute, found.result.how)] if found.result else []
    assert over == [(over_at, How.DONE)]


def test_a_member_that_runs_again_reopens_it() -> None:
    """And its next failure is another one."""
    group = went(NEW, [row("sweep-1")], at(0)).group
    told = []
    for minute, status in ((5, "FAILED"), (10, "RUNNING"), (31, "RUNNING"), (40, "FAILED"), (41, "FAILED")):
        found = went(group, [row("sweep-1", status, at(minute))], at(minute))
        group = found.group
        told += [(minute, each.run) for each in found.failed]
        assert (found.result is not None) == (minute == 40)
    assert told == [(5, 1), (40, 2)]


def test_it_ends_at_its_time_or_without_a_member() -> None:
    """Whatever still runs."""
    timed = replace(NEW, ends_at=at(60))
    running = went(timed, [row("sweep-1")], at(0)).group
    assert went(running, [row("sweep-1")], at(59)).result is None
    result = went(running, [row("sweep-1")], at(60)).result
    assert result is not None
    assert result.how is How.TIME
    assert went(NEW, [], T0 + WAITING - timedelta(seconds=1)).result is None
    empty = went(NEW, [], T0 + WAITING).result
    assert empty is not None
    assert empty.how is How.EMPTY


def test_two_hundred_fit_and_the_next_is_said_once() -> None:
    """Those that run come first."""
    rows = [row(f"sweep-{number:03}", "COMPLETED", at(-1)) for number in range(MOST_MEMBERS)]
    found = went(NEW, [*rows, row("sweep-runs")], at(0))
    assert len(found.group.members) == MOST_MEMBERS
    assert "sweep-runs" in names(found.group)
    assert found.is_full
    assert not went(found.group, rows, at(1)).is_full


def test_a_member_that_is_gone_leaves() -> None:
    """After several lists without it, when it is no more; one that is only unlisted stays."""
    group = went(NEW, [row("sweep-1"), row("sweep-2"), row("sweep-3")], at(0)).group
    for minute in range(1, MISSED):
        found = went(group, [row("sweep-1")], at(minute))
        assert not found.gone
        group = found.group
    seen = look(group, [row("sweep-1")], at(MISSED))
    running = TrainingJob.model_validate({"status": "RUNNING"})
    answers = {"sweep-2": Learned(is_gone=True), "sweep-3": Learned(running)}
    assert {each.request_id for each in wanted(seen, at(MISSED))} == set(answers)
    found = conclude(group, learn(seen, answers, at(MISSED)), at(MISSED))
    assert [each.request_id for each in found.gone] == ["sweep-2"]
    assert names(found.group) == ["sweep-1", "sweep-3"]


def test_a_row_that_is_left_of_a_job_that_is_gone_is_no_job() -> None:
    """It leaves once, with one word, and holds nothing up; it comes back where the list has news of it."""
    group, told, over = NEW, list[str](), list[int]()
    for minute in range(90):
        rows = [row("sweep-1", "COMPLETED", at(1)), row("sweep-2", "FAILED", at(2))]
        found = went(group, rows, at(minute), gone=["sweep-2"])
        group, told = found.group, told + [each.request_id for each in (*found.gone, *found.failed)]
        over += [minute] if found.result else []
    assert (told, over) == (["sweep-2"], [30])
    moving = went(NEW, [row("sweep-2", updated_at=at(0))], at(0), gone=["sweep-2"])
    assert names(moving.group) == []
    for minute in range(1, 5):
        rows = [row("sweep-2", updated_at=at(minute))]
        assert names(look(moving.group, rows, at(minute))) == ["sweep-2"]
        moving = went(moving.group, rows, at(minute), gone=["sweep-2"])
        assert moving.gone == (), "that it is gone is known"


def test_the_ranking() -> None:
    """The best value first; what failed comes to no place; another metric may count."""
    losses = {"sweep-1": 1.2, "sweep-2": 1.1, "sweep-3": 0.5}
    rows = [
        row("sweep-1", "COMPLETED"),
        row("sweep-2", "COMPLETED"),
        row("sweep-3", "FAILED"),
        row("sweep-4", progress=0.0),
    ]
    group = went(NEW, rows, at(0), losses).group
    assert [each.request_id for each in ranked(group)] == ["sweep-2", "sweep-1", "sweep-4", "sweep-3"]
    assert best(group) == ("sweep-2", "sweep-1")
    other = group.ranked_by("eval_accuracy")
    points = [MetricPoint(key="eval_accuracy", value=each, step=1) for each in (0.4, 0.7)]
    now = at(2)
    answers = {
        name: Learned(points=(point,)) for name, point in zip(("sweep-1", "sweep-2"), points, strict=True)
    }
    assert {each.request_id for each in wanted(other, now)} >= set(answers)
    assert best(learn(other, answers, now)) == ("sweep-2", "sweep-1")
    worse = {
        name: Learned(points=(point,)) for name, point in zip(("sweep-2", "sweep-1"), points, strict=True)
    }
    assert best(learn(other, worse, now)) == ("sweep-1", "sweep-2")


def test_an_end_that_nobody_knows_more_of_is_not_waited_for_forever() -> None:
    """Its failure is told all the same, and the group is over."""
    group, told, over = went(NEW, [row("sweep-1")], at(0)).group, 0, []
    for minute in range(1, 60):
        seen = look(group, [row("sweep-1", "FAILED", at(minute))], at(minute))
        nothing = {each.request_id: Learned() for each in wanted(seen, at(minute))}
        found = conclude(group, learn(seen, nothing, at(minute)), at(minute))
        group, told = found.group, told + len(found.failed)
        over += [minute] if found.result else []
    assert (told, over) == (1, [30])


def test_a_word_that_nobody_documented_may_be_an_end() -> None:
    """Its document says so; the list's row, which cannot, does not bring it back."""
    odd = replace(row("sweep-1"), status=JobStatus.UNKNOWN, status_text="ARCHIVED")
    document = TrainingJob.model_validate({"status": "ARCHIVED", "completed_at": T0.isoformat()})
    group, over = NEW, []
    for minute in range(60):
        seen = look(group, [odd], at(minute))
        answers = {each.request_id: Learned(document, points=()) for each in wanted(seen, at(minute))}
        found = conclude(group, learn(seen, answers, at(minute)), at(minute))
        group = found.group
        over += [minute] if found.result else []
    assert over == [30]
    assert [(each.status, each.run) for each in group.members] == [(JobStatus.ENDED, 1)]


def test_its_subject_is_no_id_and_reads_back_the_same() -> None:
    """Whatever it asks for."""
    for query in (
        Query(names=("sweep-",)),
        Query(names=("lr 3",)),
        Query(statuses=frozenset({JobStatus.RUNNING})),
        Query(models=("llama",), names=("a", "b*c")),
    ):
        assert is_subject(subject_of(query))
    assert not is_subject("name:sweep")


statuses = st.sampled_from(["QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"])
lists = st.lists(
    st.dictionaries(st.sampled_from(["sweep-1", "sweep-2", "sweep-3", "other"]), statuses), max_size=25
)


@settings(max_examples=150)
@given(lists, st.randoms(use_true_random=False), st.lists(st.floats(-30, 60), min_size=25, max_size=25))
def test_whatever_comes_in_whatever_order(
    told: Sequence[dict[str, str]], shuffled: random.Random, minutes: Sequence[float]
) -> None:
    """Rows in any order and twice, a clock that goes back: no failure twice, over once, and stored whole."""
    one, other = NEW, NEW
    seen = set[tuple[str, datetime, int]]()
    over, now, by_their_clock = 0, T0, T0
    for rows, minute in zip(told, minutes, strict=False):
        now = max(T0, now + timedelta(minutes=minute))
        by_their_clock += timedelta(minutes=1)
        listed = [row(name, status, by_their_clock) for name, status in rows.items()]
        mixed = [*listed, *listed]
        shuffled.shuffle(mixed)
        found, same = went(one, listed, now), went(other, mixed, now)
        assert found == same
        keys = [(each.request_id, each.joined_at, each.run) for each in found.failed]
        assert not seen.intersection(keys)
        assert len(set(keys)) == len(keys)
        seen.update(keys)
        over += found.result is not None
        assert over <= 1
        assert found.next_at > now
        assert Group.from_json(found.group.to_json()) == found.group
        one, other = found.group, same.group
    if one.members and not over:
        done = [row(each, "COMPLETED", by_their_clock + timedelta(days=1)) for each in names(one)]
        ends = 0
        for minute in range(0, 8 * 60, 10):
            found = went(one, done, now + JOINING + timedelta(minutes=minute))
            one, ends = found.group, ends + (found.result is not None)
        assert ends == 1
