"""What people may wait for, and how they may type it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commands.conditions.condition import OF_THE_JOB, Condition
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.errors import NotUnderstoodError
from bot.domain.spelling import measured
from tests.tables import each_row


@each_row(
    "typed, text, value",
    [
        ("eval_loss &lt; 1.2", "eval_loss < 1.2", 1.2),
        ("eval_loss&lt;1.2", "eval_loss < 1.2", 1.2),
        ("train/loss &gt;= -3.", "train/loss >= -3", -3),
        ("eval_loss ≤ 1E-4", "eval_loss <= 1e-4", 1e-4),
        ("loss =&lt; .0001", "loss <= 1e-4", 1e-4),
        ("`Eval_Loss &lt; 1.2`", "Eval_Loss < 1.2", 1.2),
        ("“loss &lt; 1.2”.", "loss < 1.2", 1.2),
        ("loss &lt; 123456789", "loss < 1.23456789e8", 123456789),
        ("<http://eval.loss|eval.loss> &lt;= 3", "eval.loss <= 3", 3),
        ("1.2 &gt; eval_loss", "eval_loss < 1.2", 1.2),
        ("progress &gt;= 80 %", "progress >= 80%", 80),
        ("Progress\uff1e80", "progress > 80%", 80),
        ("eta &lt; 30m", "eta < 30m", 1800),
        ("ETA &lt; 1h 30 min", "eta < 1h30m", 5400),
        ("eta &lt; 90s", "eta < 1m30s", 90),
        ("eta &lt; 0.5h", "eta < 30m", 1800),
        ("eta &lt; 2d", "eta < 2d", 172_800),
        ("queued &gt; 30m", "queued > 30m", 1800),
        ("Queued &gt;= 1h 30 min", "queued >= 1h30m", 5400),
        ("gpu_hours &gt; 100", "gpu_hours > 100", 100),
        ("GPU_HOURS &gt; 12.5 GPU-hours", "gpu_hours > 12.5", 12.5),
        ("cost &gt; 50 USD", "cost > 50 USD", 50),
        ("cost &gt; $50", "cost > 50 $", 50),
        ("cost &gt;= 50", "cost >= 50", 50),
        ("cost &gt; 12.5 eur", "cost > 12.5 EUR", 12.5),
        ("eval_loss rises 10%", "eval_loss rises 10%", 10),
        ("eval_loss rise by 2.5 percent", "eval_loss rises 2.5%", 2.5),
        ("`train/loss` drops 5 %", "train/loss falls 5%", 5),
        ("eval_loss no better for 500 steps", "eval_loss no better for 500 steps", 500),
        ("eval_loss has not improved in 1,000 steps", "eval_loss no better for 1000 steps", 1000),
        ("eval_loss doesn\u2019t improve for 1 step", "eval_loss no better for 1 steps", 1),
    ],
)
def test_conditions_are_read_as_people_type_them(typed: str, text: str, value: float) -> None:
    """With blanks or without, from phones, and as Slack sends them."""
    read = read_condition(typed)
    assert (read.text, read.value) == (text, value)
    assert read_condition(read.text) == read


@each_row(
    "typed, reason, suggestion",
    [
        ("", "write a metric", "eval_loss < 1.2"),
        ("it is done", "write a metric", "eval_loss < 1.2"),
        ("loss == 1", "I know are < > <= >=", "eval_loss < 1.2"),
        ("a b &lt; 1", "can't be the name", "eval_loss < 1.2"),
        (f"{'a' * 81} &lt; 1", "can't be the name", "eval_loss < 1.2"),
        ("loss &lt; 1,2", "isn't a number", "loss < 1.2"),
        ("loss &lt; low", "isn't a number", "eval_loss < 1.2"),
        ("loss &lt; 1e999", "isn't a number", "eval_loss < 1.2"),
        ("progress &gt; 200", "from 0 to 100", "progress > 80%"),
        ("progress &gt; 100%", "never reached", "progress >= 100%"),
        ("progress &lt; 0", "never reached", "progress <= 0%"),
        ("eta &lt; 90", "needs its unit", "eta < 90m"),
        ("eta &lt; 3 moons", "needs its unit", "eta < 30m"),
        ("eta &lt; 9999d", "at most a year", "eta < 30m"),
        ("0 &lt; loss &lt; 1", "write a metric", "eval_loss < 1.2"),
        ("loss &amp;lt; 1", "write a metric", "eval_loss < 1.2"),
        ("queued &lt; 30m", "only grows", "queued > 30m"),
        ("queued &gt; 30", "needs its unit", "queued > 30m"),
        ("gpu_hours &lt; 1", "only grows", "gpu_hours > 100"),
        ("gpu_hours &gt; many", "how many GPU-hours", "gpu_hours > 100"),
        ("cost &lt;= 3", "only grows", "cost > 50 USD"),
        ("cost &gt; $50 USD", "how much money", "cost > 50 USD"),
        ("eval_loss rises 0%", "by how much", "eval_loss rises 10%"),
        ("eval_loss falls 200%", "by how much", "eval_loss falls 10%"),
        ("eval_loss no better for few steps", "how many steps", "eval_loss no better for 500 steps"),
        ("progress rises 10%", "is not a metric", "eval_loss < 1.2"),
    ],
)
def test_what_is_no_condition_is_refused_with_one_that_is(typed: str, reason: str, suggestion: str) -> None:
    """The suggestion is understood."""
    with pytest.raises(NotUnderstoodError) as caught:
        read_condition(typed)
    assert reason in caught.value.reason
    assert caught.value.suggestion == suggestion
    assert read_condition(suggestion)


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [("a < 1", 0.9, 1.0), ("a <= 1", 1.0, 1.1), ("a > 1", 1.1, 1.0), ("a >= 1", 1.0, 0.9), ("a < 1", -9, 9)],
)
def test_a_condition_holds_or_not(text: str, holds: float, fails: float) -> None:
    """As the sign says; a value that is no number never does."""
    read = read_condition(text)
    assert read.holds(holds)
    assert not read.holds(fails)
    assert not read.holds(math.nan)


def test_only_metrics_are_asked_for() -> None:
    """How far a job is, is known without."""
    of_the_job = ("progress > 1", "eta < 1h", "queued > 1h", "gpu_hours > 1", "cost > 1")
    assert not any(read_condition(each).is_metric for each in of_the_job)
    of_metrics = ("loss < 1", "loss rises 1%", "loss no better for 5 steps")
    assert all(read_condition(each).is_metric for each in of_metrics)


@settings(max_examples=100)
@given(st.text(max_size=60) | st.from_regex(r"[a-z]{1,5} ?(<|>|≤|=>) ?[0-9.e%hm,-]{1,12}", fullmatch=True))
def test_anything_is_read_or_refused(words: str) -> None:
    """And what was read is read back the same."""
    try:
        read = read_condition(words)
    except NotUnderstoodError:
        return
    assert read_condition(read.text) == read


@settings(max_examples=60)
@given(
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_/.@:-]{0,79}", fullmatch=True),
    st.sampled_from(["<", ">", "<=", ">="]),
    st.floats(-1e12, 1e12),
)
def test_a_stored_condition_is_read_back(key: str, sign: str, value: float) -> None:
    """Twelve digits of it."""
    made = Condition(key, sign, float(f"{value:.12g}"))
    if key.lower() not in OF_THE_JOB and not key[0].isdigit():
        assert read_condition(made.text) == made


def test_values_are_written_as_people_read_them() -> None:
    """With the digits that count."""
    values = (1.18, 0.00424242, 2.5e-5, 3e8, 123456.7, 0, -1.5, math.nan, -math.inf)
    shown = [measured(each) for each in values]
    assert shown == ["1.18", "0.004242", "2.5e-5", "3e8", "123500", "0", "-1.5", "NaN", "-infinity"]
