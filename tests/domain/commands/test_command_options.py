"""The words a command takes beside ids."""

from __future__ import annotations

import pytest

from bot.domain.commands.command_line import Form, Invocation, parse
from bot.domain.errors import NotUnderstoodError

ID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
OTHER = "11111111-2222-3333-4444-555555555555"
FORMS = {
    "status": Form(needs_id=True),
    "subscribe": Form(needs_id=True, options=(("milestones", "final", "failures"), ("quiet",), ("dm",))),
}


def _refusal(text: str, *, id_elsewhere: bool = False) -> NotUnderstoodError:
    with pytest.raises(NotUnderstoodError) as caught:
        parse(text, FORMS, id_elsewhere=id_elsewhere)
    return caught.value


def test_a_command_that_needs_an_id_says_so() -> None:
    """With the line to type; where the id may be elsewhere it is fine without."""
    assert _refusal("subscribe FINAL").suggestion == "subscribe <job> final"
    assert parse("subscribe final", FORMS, id_elsewhere=True) == Invocation(
        "subscribe", options=frozenset({"final"})
    )


@pytest.mark.parametrize(
    "text",
    [
        f"subscribe {ID} failures quiet",
        f"subscribe QUIET Failures: {ID}",
        f"Subscribe failures <https://x.io/jobs/{ID}|the job>, `quiet`",
        f"subscribe quiet quiet request_id={ID} failures",
    ],
)
def test_words_beside_the_ids_come_in_any_order(text: str) -> None:
    """And in any case; an id named like one of them has to be called an id."""
    assert parse(text, FORMS) == Invocation("subscribe", (ID,), options=frozenset({"failures", "quiet"}))
    assert parse("subscribe my-run", FORMS) == Invocation("subscribe", ("my-run",))
    assert parse("subscribe dm foo", FORMS) == Invocation("subscribe", ("foo",), options=frozenset({"dm"}))
    assert parse("subscribe request_id=quiet", FORMS) == Invocation("subscribe", ("quiet",))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (f"subscribe {ID} finl", f"subscribe {ID} final"),
        (f"subscribe fialures {ID} {OTHER} quite", f"subscribe {ID} {OTHER} failures quiet"),
        (f"subscribe {ID} please", f"subscribe {ID}"),
        ("subscribe foo bar", "subscribe foo"),
        ("subscribe milestone", "subscribe <job> milestones"),
        (f"subscribe {ID} quiet final failures", f"subscribe {ID} quiet final"),
        (f"subscirbe {ID} final dm", f"subscribe {ID} final dm"),
    ],
)
def test_words_a_strict_command_does_not_take_are_refused(text: str, suggestion: str) -> None:
    """With the corrected line, which is then understood."""
    error = _refusal(text)
    assert error.suggestion == suggestion
    assert parse(suggestion.replace("<job>", ID), FORMS).command == "subscribe"


def test_a_slip_in_a_thread_is_corrected_without_an_id() -> None:
    """The id is still where it was."""
    assert _refusal("subscribe finl", id_elsewhere=True).suggestion == "subscribe final"


FREE = {"metrics": Form(needs_id=True, takes_words=True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"metrics {ID}", ()),
        (f"metrics {ID} train/loss, `grad_norm`", ("train/loss", "grad_norm")),
        (f"metrics rewards/margins {ID}", ("rewards/margins",)),
    ],
)
def test_a_command_may_take_any_words_beside_an_id(text: str, expected: tuple[str, ...]) -> None:
    """A UUID wherever it stands; without one the first word is the id."""
    assert parse(text, FREE) == Invocation("metrics", (ID,), words=expected)
    assert parse("metrics my_run lr_2", FREE) == Invocation("metrics", ("my_run",), words=("lr_2",))


def test_in_a_thread_all_words_are_words() -> None:
    """The id is elsewhere, unless there is one no mistake is possible about."""
    assert parse("metrics lr_2", FREE, id_elsewhere=True) == Invocation("metrics", words=("lr_2",))
    said = parse(f"metrics {ID} lr_2", FREE, id_elsewhere=True)
    assert said == Invocation("metrics", (ID,), words=("lr_2",))
    with pytest.raises(NotUnderstoodError):
        parse("metrics", FREE)


@pytest.mark.parametrize(
    "text", [f"compare {ID} tickets", f"compare {ID} with tickets", f"compare {ID}, “tickets”"]
)
def test_a_command_may_take_every_word_for_an_id(text: str) -> None:
    """Also words that could be prose elsewhere."""
    forms = {"compare": Form(needs_id=True, only_ids=True)}
    assert parse(text, forms) == Invocation("compare", (ID, "tickets"))
    assert parse("compare", forms, id_elsewhere=True) == Invocation("compare")
    with pytest.raises(NotUnderstoodError):
        parse("compare and with", forms)
