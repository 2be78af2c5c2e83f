"""Any history of answers, in any order: nothing is told twice, nothing out of order, no end is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.subscriptions.notifications.job_updates import JobGone, JobRefused, Progress
from bot.domain.subscriptions.watch_state import first_state, seen, seen_in_list
from tests.domain.subscriptions.story import ENDS, START, Story, document, moment, row

WORDS = st.sampled_from(["QUEUED", "RUNNING", "RUNNING", "COMPLETED", "FAILED", "CANCELED", "PAUSED", None])
TIMES = st.none() | st.floats(-5_000, 50_000)
GAPS = st.floats(-4_000, 8_000)
FIELDS = st.fixed_dictionaries(
    {"progress": st.none() | st.floats(-10, 110)},
    optional=dict.fromkeys(("created_at", "updated_at", "started_at", "completed_at"), TIMES),
)
ANSWERS = st.tuples(st.sampled_from(["look", "list", "rest", "miss", "refuse", "fail"]), WORDS, FIELDS, GAPS)


def _told(word: str | None, answers: list[tuple[str, str | None, dict[str, Any], float]]) -> Story:
    story = Story(word or "ODD")
    for kind, status, fields, gap in answers:
        said = {name: value for name, value in fields.items() if value is not None}
        if kind == "look":
            kinds = story.look(status, after=gap, **said)
        elif kind == "list":
            kinds = story.list(status, after=gap, **said)
        else:
            kinds = getattr(story, kind)(after=gap)
        assert len({"started", "progress"} & set(kinds)) + len(ENDS & set(kinds)) <= 1
        assert not ENDS & set(kinds) or set(kinds) <= ENDS | {"job_gone", "job_refused"}
    return story


@settings(max_examples=100, deadline=None)
@given(WORDS, st.lists(ANSWERS, max_size=25))
def test_nothing_is_told_twice(
    word: str | None, answers: list[tuple[str, str | None, dict[str, Any], float]]
) -> None:
    """Each once-key once, one end a run, milestones that rise, and no time below zero."""
    story = _told(word, answers)
    over = {JobGone, JobRefused}  # that ends the subscription
    told = [each for each in story.told if type(each) not in over]
    assert max(Counter((each.kind, each.once_key) for each in told).values(), default=0) <= 1
    ends = [each.once_key for each in told if each.kind in ENDS]
    assert len(ends) == len(set(ends)) <= story.state.run
    runs = [(int(run), int(milestone)) for run, milestone in _milestones(story)]
    assert runs == sorted(set(runs))
    for each in told:
        facts = each.model_dump(exclude_none=True).items()
        assert all(value >= 0 for name, value in facts if name.endswith("_seconds"))


def _milestones(story: Story) -> list[list[str]]:
    return [each.once_key.split(":") for each in story.told if isinstance(each, Progress)]


@settings(max_examples=60, deadline=None)
@given(
    answers=st.lists(ANSWERS, max_size=15),
    end=st.sampled_from(["COMPLETED", "FAILED", "CANCELLED"]),
    skew=st.floats(-600, 600),
)
@example(
    [
        ("look", "RUNNING", {"progress": 0.0}, 0.0),
        ("look", "RUNNING", {"progress": 5e-324}, 1.0),  # rises by less than has a pace
    ],
    "COMPLETED",
    0.0,
)
def test_no_end_is_lost(
    answers: list[tuple[str, str | None, dict[str, Any], float]], end: str, skew: float
) -> None:
    """Whatever came before, a run that is under way tells how it ended, once, when its document says so."""
    story = _told("QUEUED", answers)
    is_open = story.state.finished_seen_at is None
    before = len(story.told)
    at = story.seconds + skew
    for _ in range(3):
        story.look(end, started_at=at - 500, updated_at=at, completed_at=at)
    ends = [each.kind for each in story.told[before:] if each.kind in ENDS]
    assert len(ends) <= 1
    if is_open:
        assert ends == [end.lower()]


@given(st.none() | st.floats(0, 100), st.floats(0, 100), GAPS)
def test_a_row_makes_of_a_job_what_its_document_would(before: float | None, after: float, gap: float) -> None:
    """While it runs, milestone and movement are the same by either way."""
    then = {"progress": after, "updated_at": 10_000.0}
    state = first_state(document("RUNNING", progress=before, updated_at=0.0), START)
    by_row = seen_in_list(state, row("RUNNING", **then), moment(gap))
    by_document = seen(state, document("RUNNING", **then), moment(gap))
    assert by_row.movement == by_document.movement
    assert by_row.milestone == by_document.milestone
    assert by_row.job == by_document.job
