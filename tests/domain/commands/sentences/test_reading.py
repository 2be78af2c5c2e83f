"""Reading sentences: jobs called like other words, conditions in words, and texts that nobody would say."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands.sentences.intents import Intent, Named, PageAction
from bot.domain.commands.sentences.names import NO_NAMES, Names
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.sentences.vocabulary.plain_words import PHRASES
from bot.domain.commands.typed import folded
from bot.domain.job import JobStatus, JobSummary
from tests.domain.commands.sentences.jobs import EVERY_TEXT, NAMES, jobs


def _named(*names: str) -> Names:
    rows = (JobSummary(f"{place:08x}-0000-4000-8000-000000000000", name) for place, name in enumerate(names))
    return Names(rows)


@pytest.mark.parametrize("name", ["failed", "Status", "last week", "why", "help", "eval loss"])
def test_a_job_may_be_called_like_a_filter_or_a_command(name: str) -> None:
    """Alone its name is the job, and the other reading is kept; in a sentence about jobs it is not."""
    names = _named(name, "other-1")
    for typed in (name, name.upper(), f"`{name}`"):
        reading = read_sentence(typed, names)
        assert (reading.intent, [job.found for job in reading.jobs]) == (Intent.STATUS, [(names.jobs[0],)])
    assert read_sentence("what failed last week", names).intent is Intent.LIST
    assert read_sentence("is other-1 done", names).jobs == (Named("other-1", (names.jobs[1],)),)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("is failed done?", Intent.ETA),
        ("how is failed doing", Intent.STATUS),
        ("did failed crash", Intent.ETA),
        ("what is failed now", Intent.LIST),
    ],
)
def test_a_name_counts_where_a_question_has_what_it_is_about(text: str, intent: Intent) -> None:
    """Between "is" and "done" there is a job, whatever it is called; elsewhere the word is a filter."""
    names = _named("failed", "other-1")
    reading = read_sentence(text, names)
    assert reading.intent is intent
    assert [job.typed for job in reading.jobs] == ([] if intent is Intent.LIST else ["failed"])


def test_the_other_reading_is_kept() -> None:
    """It is a button then."""
    reading = read_sentence("failed", _named("failed"))
    assert reading.other is not None
    assert reading.other.query.text == "status:failed"


@pytest.mark.parametrize("name", ["failed-run-2", "compare lrs", "my last week baseline", "stop-loss"])
def test_a_name_beats_the_words_in_it(name: str) -> None:
    """The longest name in the sentence counts."""
    names = _named(name, "run-2", "baseline")
    reading = read_sentence(f"why did {name} crash", names)
    assert (reading.intent, reading.jobs) == (Intent.WHY, (Named(name, (names.jobs[0],)),))


def test_jobs_of_one_name_are_all_meant_unless_one_is_written_so() -> None:
    """Letter by letter, as elsewhere."""
    names = _named("run 7", "run-7", "run_7", "Run 7")
    assert [job.experiment_name for job in read_sentence("is run-7 done", names).jobs[0].found] == ["run-7"]
    assert len(read_sentence("is run 7 done", names).jobs[0].found) == 2


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("loss drops below 1.2", "loss < 1.2"),
        ("loss is under 1.2", "loss < 1.2"),
        ("loss falls under .5", "loss < 0.5"),
        ("the eval loss goes lower than 1e-2", "eval_loss < 0.01"),
        ("eval_loss is at least 2", "eval_loss >= 2"),
        ("eval_loss is at most 2", "eval_loss <= 2"),
        ("loss reaches 1", "loss <= 1"),
        ("accuracy reaches 0.9", "accuracy >= 0.9"),
        ("accuracy exceeds 0.9", "accuracy > 0.9"),
        ("bleu is above 30", "bleu > 30"),
        ("train/kl gets over 2", "train/kl > 2"),
        ("progress hits 80%", "progress >= 80%"),
        ("progress is at 80 percent", "progress >= 80%"),
        ("it reaches 50%", "progress >= 50%"),
        ("less than 30 minutes are left", "eta < 30m"),
        ("less than 2h remaining", "eta < 2h"),
        ("the learning rate is below 1e-6", "learning_rate < 1e-6"),
        ("grad_norm > 10", "grad_norm > 10"),
        ("grad_norm&gt;=10", "grad_norm >= 10"),
    ],
)
def test_comparisons_are_said_in_words(words: str, condition: str) -> None:
    """For an alert, whichever way it is asked for."""
    for line in (f"alert med-qa-13b when {words}", f"tell me once {words} on med-qa-13b"):
        reading = read_sentence(line, NAMES)
        assert (reading.intent, reading.condition) == (Intent.ALERT, condition)
        assert [job.typed for job in reading.jobs] == ["med-qa-13b"]


def test_without_a_number_there_is_no_condition() -> None:
    """But an end, or nothing."""
    reading = read_sentence("tell me when med-qa-13b is under way", NAMES)
    assert (reading.intent, reading.condition) == (Intent.SUBSCRIBE, "")


def test_what_cannot_be_done_is_known_by_name() -> None:
    """Each deed has its words."""
    deeds = {read_sentence(f"{word} med-qa-13b", NAMES).deed for word in ("kill", "rerun", "delete", "logs")}
    assert deeds == {PageAction.CANCEL, PageAction.RESTART, PageAction.DELETE, PageAction.LOGS}


def test_other_peoples_talk_is_not_for_the_bot() -> None:
    """A thread's job is not shown because somebody else is asked."""
    for text in ("<@U123> can you look at this", "<@U123|ana> status?", "@ana why?"):
        assert read_sentence(text, NAMES, in_thread=True, is_private=False).intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "deployed tone-dpo-v3 to staging, metrics look good",
        "fyi tone-dpo-v3 is our best one so far",
        "I think tone-dpo-v3 failed because of the data",
        "lol tone-dpo-v3 crashed again",
    ],
)
def test_talk_about_a_job_is_no_question_where_all_read_the_answer(text: str) -> None:
    """Nobody asked for its card."""
    assert read_sentence(text, NAMES, is_private=False).intent is Intent.UNCLEAR


def test_a_slip_is_only_ever_asked_about() -> None:
    """What was corrected is said."""
    reading = read_sentence("list faild jobs", NAMES)
    assert [(fix.typed, fix.meant) for fix in reading.fixes] == [("faild", "failed")]
    assert reading.query.statuses == {JobStatus.FAILED}


def test_what_is_not_explained_is_kept_as_what_may_be_meant() -> None:
    """It can be offered; it is not done."""
    reading = read_sentence("which jobs failed because of gremlins", NAMES)
    assert reading.intent is Intent.UNCLEAR
    assert reading.other is not None
    assert reading.other.query.text == "status:failed"


_WORDS = st.sampled_from([*PHRASES, *EVERY_TEXT, "<@U1>", "&lt;", "`", "7d", "1.2", "🚀", "müller", "9c1d"])
_TEXTS = st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=40).map(" ".join))


@given(_TEXTS, st.booleans())
def test_any_text_can_be_read(text: str, in_thread: bool) -> None:  # noqa: FBT001  (drawn)
    """Nothing raises, with a list of jobs or without."""
    read_sentence(text, NAMES, in_thread=in_thread)
    read_sentence(text, NO_NAMES, in_thread=in_thread)


@given(_TEXTS)
def test_a_job_is_only_meant_where_its_name_or_id_was_said(text: str) -> None:
    """No stranger's words are taken for it."""
    said = folded(text)
    for named in read_sentence(text, NAMES).jobs:
        for job in named.found:
            parts = folded(job.experiment_name or "").replace("-", " ").replace("_", " ").split()
            is_said = any(part in said for part in parts) or job.request_id[:4] in said
            assert is_said or read_sentence(text, NAMES).intent is Intent.COMPARE


@pytest.mark.parametrize(
    "text", ["a " * 5_000, "is " * 50 + "done", "x" * 100_000, "<" * 50_000, "loss < " * 20]
)
def test_long_texts_are_no_questions(text: str) -> None:
    """They cost no more than their length."""
    assert read_sentence(text, NAMES).intent in {Intent.UNCLEAR, Intent.ETA, Intent.LIST, Intent.METRICS}


def test_every_name_is_found_in_a_sentence() -> None:
    """In any case, with blanks or marks between its parts, and with an 's behind it."""
    for job in jobs():
        name = str(job.experiment_name)
        for typed in (name, name.upper(), name.replace("-", " ").replace("_", " "), f"{name}'s"):
            reading = read_sentence(f"what is {typed} status", NAMES)
            assert [each.found for each in reading.jobs] == [(job,)], typed


def test_a_name_that_thousands_of_jobs_have_is_read_as_soon_as_any_other() -> None:
    """Nothing is done for each of them."""

    def seconds(jobs: int) -> float:
        names = Names(JobSummary(f"{n:08x}", "nightly-run") for n in range(jobs))
        tries = []
        for _ in range(5):
            began = time.perf_counter()
            reading = read_sentence("why did nightly-run fail?", names)
            tries.append(time.perf_counter() - began)
            assert len(reading.jobs[0].found) == jobs
        return min(tries)

    assert seconds(10_000) < 20 * seconds(2)
