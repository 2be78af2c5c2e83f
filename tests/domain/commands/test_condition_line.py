"""A command and a condition on one line, as people type it."""

from __future__ import annotations

import pytest

from bot.domain.commands.command_line import Form
from bot.domain.commands.job_names import read_line
from bot.domain.errors import NotUnderstoodError

ID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
FORMS = {
    "status": Form(needs_id=True),
    "subscribe": Form(
        needs_id=True,
        options=(("milestones", "final", "failures"), ("quiet",), ("dm",)),
        takes_condition=True,
    ),
    "alert": Form(needs_id=True, takes_condition=True, needs_condition=True),
}


@pytest.mark.parametrize(
    "text",
    [
        f"subscribe {ID} quiet when eval_loss &lt; 1.2",
        f"Subscribe quiet {ID}  WHEN  eval_loss&lt;1.2",
        f"subscribe `{ID}` quiet when `eval_loss ≤ 1.2`".replace("≤", "&lt;"),
    ],
)
def test_the_condition_stands_at_the_end(text: str) -> None:
    """Whatever stands before it is read as without."""
    read = read_line(text, forms=FORMS).invocation
    assert (read.command, read.request_ids, read.options) == ("subscribe", (ID,), {"quiet"})
    assert read.words == ("eval_loss < 1.2",)


def test_a_job_may_be_named_with_a_condition() -> None:
    """By a word, or by several; the last "when" counts."""
    assert read_line("subscribe my-run when loss &gt; 3", forms=FORMS).invocation.request_ids == ("my-run",)
    named = read_line("subscribe the when run when loss &gt; 3", forms=FORMS)
    assert (named.name, named.invocation.words) == ("the when run", ("loss > 3",))


def test_in_a_thread_the_condition_is_enough() -> None:
    """The thread knows the job."""
    read = read_line("subscribe when eta &lt; 30m", forms=FORMS, id_elsewhere=True).invocation
    assert (read.command, read.request_ids, read.words) == ("subscribe", (), ("eta < 30m",))


def test_other_commands_take_no_condition() -> None:
    """Their words are what they were."""
    assert read_line(f"status {ID} when it is done", forms=FORMS).invocation.words == ()
    assert read_line("when", forms=FORMS).invocation.command == "status"
    assert read_line("", forms=FORMS).invocation.command == "help"


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        (f"subscribe {ID} when it is done", "write a metric", f"subscribe {ID} when eval_loss < 1.2"),
        (f"subscribe {ID} when", "write a metric", f"subscribe {ID} when eval_loss < 1.2"),
        (f"subscribe {ID} when eta &lt; 30", "needs its unit", f"subscribe {ID} when eta < 30m"),
        (f"subscribe {ID} finl when loss &lt; 1", "doesn't take", f"subscribe {ID} final when loss < 1"),
        ("subscribe when loss &lt; 1", "a name or an ID", "subscribe <job> when loss < 1"),
    ],
)
def test_a_line_that_is_wrong_is_corrected_whole(text: str, reason: str, suggestion: str) -> None:
    """With what was right in it."""
    with pytest.raises(NotUnderstoodError) as caught:
        read_line(text, forms=FORMS)
    assert reason in caught.value.reason
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (f"alert {ID}", f"alert {ID} when eval_loss < 1.2"),
        ("alert the long run", "alert the long run when eval_loss < 1.2"),
        ("Alert", "alert <job> when eval_loss < 1.2"),
    ],
)
def test_an_alert_needs_a_condition(text: str, suggestion: str) -> None:
    """Without one it would be an ordinary subscription, which nobody asked for."""
    with pytest.raises(NotUnderstoodError) as caught:
        read_line(text, forms=FORMS)
    assert caught.value.reason == "`alert` needs a value to wait for."
    assert caught.value.suggestion == suggestion
    read = read_line(suggestion.replace("<job>", ID), forms=FORMS)
    assert (read.invocation.command, read.invocation.words) == ("alert", ("eval_loss < 1.2",))
