"""Several words that may be a job's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands.command_line import Form, Invocation, parse
from bot.domain.commands.job_names import MOST_WORDS, Reading, read_line
from bot.domain.errors import NotUnderstoodError

ID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
FORMS = {
    "status": Form(needs_id=True),
    "watch": Form(needs_id=True, options=(("final", "failures"), ("quiet",))),
    "metrics": Form(needs_id=True, takes_words=True),
    "watching": Form(),
    "help": Form(),
}


def line(text: str, *, id_elsewhere: bool = False) -> Reading:
    """As a person's words are read."""
    return read_line(text, forms=FORMS, id_elsewhere=id_elsewhere)


@pytest.mark.parametrize(
    ("text", "command", "name", "options"),
    [
        ("my run 7", "status", "my run 7", frozenset[str]()),
        ("status my run 7", "status", "my run 7", frozenset[str]()),
        ("“my run 7”", "status", "my run 7", frozenset[str]()),
        ("watch my run quiet", "watch", "my run", frozenset({"quiet"})),
        ("watch Quiet foo bar", "watch", "foo bar", frozenset({"quiet"})),
    ],
)
def test_words_without_an_id_may_be_a_name(
    text: str, command: str, name: str, options: frozenset[str]
) -> None:
    """What would be said without such a job is kept."""
    reading = line(text)
    assert (reading.invocation, reading.name) == (Invocation(command, options=options), name)
    with pytest.raises(NotUnderstoodError) as caught:
        parse(text, FORMS)
    assert reading.doubt is not None
    assert (reading.doubt.reason, reading.doubt.suggestion) == (caught.value.reason, caught.value.suggestion)


@pytest.mark.parametrize("text", ["run-7 run-8", "status tickets run 2024"])
def test_words_with_ids_may_be_a_name_too(text: str) -> None:
    """The ids are what is asked where there is no such job."""
    reading = line(text)
    assert reading.invocation == parse(text, FORMS)
    assert reading.name == text.removeprefix("status ")
    assert reading.doubt is None


@pytest.mark.parametrize(
    "text",
    ["", "tickets", ID, f"watch {ID} quiet", f"how is {ID} doing", "watching it now", "metrics run-7 loss"],
)
def test_what_is_clear_is_no_name(text: str) -> None:
    """A whole id, one word, a command without ids, and one that takes any words."""
    assert line(text) == Reading(parse(text, FORMS))


@pytest.mark.parametrize("text", ["statsu my run", "wacth my run", "word " * (MOST_WORDS + 1), "metrics"])
def test_slips_and_prose_are_refused_at_once(text: str) -> None:
    """With the same words as ever."""
    with pytest.raises(NotUnderstoodError):
        line(text)


def test_in_a_thread_prose_is_about_its_job() -> None:
    """No name is looked for."""
    assert line("how is it going", id_elsewhere=True) == Reading(Invocation("status"))


@given(st.text(), st.booleans())
def test_any_text_is_read_or_refused(text: str, id_elsewhere: bool) -> None:  # noqa: FBT001
    """And what is read has an id, a name, or needs none."""
    try:
        reading = line(text, id_elsewhere=id_elsewhere)
    except NotUnderstoodError:
        return
    if FORMS[reading.invocation.command].needs_id and not id_elsewhere:
        assert reading.invocation.request_ids or (reading.name and reading.doubt)
