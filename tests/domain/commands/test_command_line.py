"""From typed words to a command."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commands.command_line import MAX_REQUEST_IDS, MAX_WORDS_CHARACTERS, Form, Invocation, parse
from bot.domain.errors import NotUnderstoodError, UnnamedJobError
from tests.tables import each_row

ID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
OTHER = "11111111-2222-3333-4444-555555555555"
MODES = ("milestones", "final", "failures")
TODAY = {"status": Form(needs_id=True), "help": Form()}
LATER = TODAY | {
    "subscribe": Form(needs_id=True, options=(MODES, ("quiet",), ("dm",))),
    "unsubscribe": Form(needs_id=True),
    "subscriptions": Form(),
    "list": Form(),
    "metrics": Form(needs_id=True),
}


def _refusal(
    text: str, forms: Mapping[str, Form] = LATER, *, id_elsewhere: bool = False
) -> NotUnderstoodError:
    with pytest.raises(NotUnderstoodError) as caught:
        parse(text, forms, id_elsewhere=id_elsewhere)
    return caught.value


def _read(text: str, *, id_elsewhere: bool) -> Invocation | NotUnderstoodError:
    try:
        return parse(text, LATER, id_elsewhere=id_elsewhere)
    except NotUnderstoodError as error:
        return error


@each_row(
    "text",
    [
        "",
        "  \n ",
        "help",
        "HELP",
        "Help!",
        "`help`",
        "help me",
        "help me please",
        "--help",
        "-h",
        "?",
        "??",
        "/help",
    ],
)
def test_help_is_understood_in_many_ways(text: str) -> None:
    """Saying nothing asks for help as well."""
    assert parse(text, TODAY) == Invocation("help")


@each_row(
    "text",
    [
        ID,
        f"`{ID.upper()}`,",
        f"status {ID}",
        f"STATUS {ID}.",
        f"status: {ID}",
        f"status\n{ID}",
        f"status of {ID} please",
        f"how is {ID} doing?",
        f"https://x.io/jobs/{ID}",
        f"<https://x.io/jobs/{ID}|the job>",
        f"status <https://x.io/?request_id={ID}>",
        f"<@U0123ABC> {ID}",
        f"<@U0123ABC> status {ID}",
    ],
)
@each_row("forms", [TODAY, LATER])
def test_an_id_asks_for_the_status(text: str, forms: Mapping[str, Form]) -> None:
    """Alone, behind the command, or among other words."""
    assert parse(text, forms) == Invocation("status", (ID,))


@each_row(
    "text, ids",
    [
        ("my-run-7", ("my-run-7",)),
        ("foo", ("foo",)),
        ("status foo", ("foo",)),
        ("status my-run your_run", ("my-run", "your_run")),
        ("run-7 run-8", ("run-7", "run-8")),
        (f"status {ID} {OTHER}", (ID, OTHER)),
        (f"{ID},{OTHER}", (ID, OTHER)),
        (f"{ID}\n{OTHER}\n{ID}", (ID, OTHER)),
        (f"compare {ID} with {OTHER}", (ID, OTHER)),
    ],
)
def test_other_ids_and_several_are_taken(text: str, ids: tuple[str, ...]) -> None:
    """Where an id belongs any form counts; spaces, commas and line breaks separate."""
    assert parse(text, LATER) == Invocation("status", ids)


def test_no_more_than_five_are_answered_at_once() -> None:
    """The first five, and how many were left out; one named twice counts once."""
    ids = [f"run-{number}" for number in range(8)]
    assert parse(f"status {' '.join(ids)} run-0", TODAY) == Invocation(
        "status", tuple(ids[:MAX_REQUEST_IDS]), 3
    )


@pytest.mark.parametrize(
    "text", ["status", "STATUS?", "hello there", "how is my-run-7 doing?", "hi", "status of the job", "!"]
)
def test_words_without_an_id_are_refused(text: str) -> None:
    """With what was read and a sentence on what is missing."""
    error = _refusal(text)
    assert (error.words, error.reason) == (text, "Give me a name or an ID.")
    assert error.suggestion is None
    assert isinstance(error, UnnamedJobError)


@pytest.mark.parametrize(
    "text", ["", "status", "status?", "thanks", "and this one?", "<@U0123ABC>", "<@U0123ABC> status"]
)
def test_the_id_may_be_elsewhere(text: str) -> None:
    """In a thread about a job "status" is enough, and so is a mention; the caller looks there."""
    assert parse(text, LATER, id_elsewhere=True) == Invocation("status")


@pytest.mark.parametrize("text", [ID, f"status {ID}", f"and {ID}?", "my-run-7", "status foo", "run-7 run-8"])
def test_an_id_in_the_words_comes_first(text: str) -> None:
    """Also where one could be elsewhere."""
    assert parse(text, TODAY, id_elsewhere=True) == parse(text, TODAY) or text.startswith("and")
    assert parse(text, TODAY, id_elsewhere=True).request_ids


def test_help_is_help_also_where_an_id_may_be_elsewhere() -> None:
    """Asking for help in a thread is not asking for the job."""
    assert parse("help", TODAY, id_elsewhere=True) == Invocation("help")


@each_row(
    "text, suggestion",
    [
        (f"statsu {ID}", f"status {ID}"),
        (f"Staus: `{ID.upper()}`", f"status {ID}"),
        (f"stauts {ID} {OTHER}", f"status {ID} {OTHER}"),
        ("statsu my-run-7", "status my-run-7"),
        ("statuss", "status <job>"),
        ("stats please", "status please"),
        ("state of the job", "status <job>"),
        ("hlep", "help"),
        ("helpp me", "help"),
        ("hep", "help"),
        (f"subscirbe {ID}", f"subscribe {ID}"),
        (f"unsubscrbe {ID}", f"unsubscribe {ID}"),
        ("unsubscribee run-7", "unsubscribe run-7"),
        ("subscription", "subscriptions"),
        ("subscritions", "subscriptions"),
        ("lits", "list"),
        ("metrcs run-7", "metrics run-7"),
    ],
)
def test_a_slip_of_the_keys_gets_the_corrected_line(text: str, suggestion: str) -> None:
    """One slip in short names, two in longer ones; the nearest command wins."""
    error = _refusal(text)
    assert error.suggestion == suggestion
    assert error.words == text
    assert error.reason.startswith("There's no `")


@each_row(
    "text", ["status7", "watch-2", "matrix", "sweep", "hero", "lost-run", "unwatched-run", "statistics"]
)
def test_an_id_that_merely_resembles_a_command_is_an_id(text: str) -> None:
    """A digit, or more slips than a hand makes, and it is no command."""
    assert parse(text, LATER) == Invocation("status", (text,))


def test_only_the_commands_there_are_can_be_meant() -> None:
    """A command of tomorrow is no suggestion today."""
    assert parse("subscirbe", TODAY) == Invocation("status", ("subscirbe",))


@pytest.mark.parametrize(
    ("text", "invocation"),
    [
        (f"subscribe {ID}", Invocation("subscribe", (ID,))),
        (f"unsubscribe <https://x.io/jobs/{ID}>", Invocation("unsubscribe", (ID,))),
        ("subscriptions", Invocation("subscriptions")),
        ("list", Invocation("list")),
        ("metrics run-7", Invocation("metrics", ("run-7",))),
    ],
)
def test_other_commands_take_ids_the_same_way(text: str, invocation: Invocation) -> None:
    """Whether they need one is theirs to say."""
    assert parse(text, LATER) == invocation


def test_a_suggestion_answers_when_it_is_typed() -> None:
    """What "did you mean" offers is understood."""
    assert parse(_refusal(f"statsu {ID}").suggestion or "", LATER) == Invocation("status", (ID,))


def test_long_words_are_cut_in_the_answer() -> None:
    """Nobody reads a pasted log back."""
    error = _refusal("no id here " * 1_000)
    assert len(error.words) == MAX_WORDS_CHARACTERS
    assert error.words.endswith("…")


@settings(max_examples=100)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                [*LATER, "statsu", ID, "<@U1>", "<", "|", ",", "my-run", "?", "final", "quite", "\u2014"]
            ),
            max_size=8,
        ).map(" ".join),
    ),
    st.booleans(),
)
def test_any_text_is_a_command_or_refused(text: str, id_elsewhere: bool) -> None:  # noqa: FBT001  (hypothesis passes it)
    """Never anything else, and with an id where one is needed, unless it can be elsewhere."""
    read = _read(text, id_elsewhere=id_elsewhere)
    if isinstance(read, NotUnderstoodError):
        assert len(read.words) <= MAX_WORDS_CHARACTERS
        assert read.reason
    else:
        assert read.command in LATER
        assert len(read.request_ids) <= MAX_REQUEST_IDS
        assert id_elsewhere or not LATER[read.command].needs_id or read.request_ids
        assert read.options <= set(LATER[read.command].words)
