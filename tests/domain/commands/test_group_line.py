"""Lines about a group of jobs, and those that only look like one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands.group_line import GroupAsked
from bot.domain.commands.job_names import Reading, read_line
from bot.domain.commands.query import Query
from bot.domain.groups.group import subject_of
from bot.domain.job import JobStatus, JobSummary
from bot.handlers.entry.registry import COMMANDS
from tests.contracts.facts import T0

FORMS = {name: each.form for each in COMMANDS for name in (each.name, *each.aliases)}


def _read(text: str) -> Reading:
    return read_line(text, forms=FORMS)


def _asked(text: str) -> GroupAsked:
    asked = _read(text).group
    assert asked is not None
    return asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("subscribe name:sweep-*", GroupAsked(Query(names=("sweep-",)))),
        ("subscribe Name=SWEEP until done", GroupAsked(Query(names=("sweep",)))),
        ("watch name:lr*-r16 for 7d", GroupAsked(Query(names=("lr*-r16",)), lasts=timedelta(days=7))),
        ("subscribe name:a,b model:llama", GroupAsked(Query(models=("llama",), names=("a", "b")))),
        ('subscribe name:"my sweep"', GroupAsked(Query(names=("my sweep",)))),
        ("subscribe status:running by acc", GroupAsked(Query(frozenset({JobStatus.RUNNING})), by="acc")),
        ("unsubscribe name:sweep-*", GroupAsked(Query(names=("sweep-",)))),
    ],
)
def test_what_is_asked(text: str, asked: GroupAsked) -> None:
    """The filters, the metric and the time, in any order; what stands for the group reads back the same."""
    assert _asked(text) == asked
    assert _asked(f"subscribe {subject_of(asked.query)}").query == asked.query


def test_options_stand_anywhere() -> None:
    """As for one job."""
    found = _read("subscribe quiet name:sweep final dm").invocation
    assert (found.command, found.options) == ("subscribe", {"quiet", "final", "dm"})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("subscribe name:sweep since:7d", "not “since:”"),
        ("subscribe name:sweep eval", "not “eval”"),
        ("subscribe name:sweep for ever", "isn't a time"),
        ("subscribe name:sweep for 60d", "up to 30 days"),
        ("subscribe name:sweep final failures", "only one of"),
        ("subscribe status:finishing", "isn't a status"),
        ("subscribe name:*", "Which jobs?"),
        ("alert name:sweep since:7d when eval_loss < 1", "not “since:”"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    """With a line that works."""
    refusal = _asked(text).refusal
    assert refusal is not None
    assert reason in str(refusal.reason)
    suggestion = refusal.suggestion
    assert suggestion is not None
    assert ("when" in suggestion) == ("when" in text)


@pytest.mark.parametrize("text", ["alert name:sweep quiet", "subscribe name:sweep quiet by acc for 7d"])
def test_a_condition_at_its_end(text: str) -> None:
    """The rest is read as without it."""
    asked = _asked(f"{text} when eval_loss rises 10%")
    assert (asked.condition, asked.refusal, asked.query.names) == ("eval_loss rises 10%", None, ("sweep",))


@pytest.mark.parametrize("text", ["subscribe sweep-1", "list name:sweep", "metrics name:sweep", "name:sweep"])
def test_other_lines_are_about_no_group(text: str) -> None:
    """Whatever else they are."""
    assert _read(text).group is None


def test_a_star_inside_stands_for_anything() -> None:
    """In the order in which the parts stand."""
    query = Query(names=("lr*-r16",))
    fits = [query.fits(JobSummary("1", name), T0) for name in ("sweep-lr3e4-r16", "r16-lr3", "lr-r1")]
    assert fits == [True, False, False]
