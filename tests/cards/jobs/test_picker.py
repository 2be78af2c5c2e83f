"""The picker's window and its options, whatever the jobs are called."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.jobs.picker import id_option, picker_options, picker_view
from bot.domain.job import JobStatus, JobSummary
from bot.playground.block_kit import options_problems, view_problems
from tests.cards.shown import live_markup

ANY = st.none() | st.text(max_size=200)
JOBS = st.builds(
    JobSummary,
    request_id=st.text(min_size=1, max_size=200),
    experiment_name=ANY,
    status=st.sampled_from(JobStatus),
    status_text=ANY,
    base_model=ANY,
    progress=st.none() | st.floats(0, 100),
)
TONE = JobSummary("3fe92c25", "tone <!here>", JobStatus.RUNNING, base_model="org/Llama-8B", progress=42.7)


def test_an_option_says_what_tells_jobs_apart() -> None:
    """Name and status; progress of what runs, the model, the id."""
    (option,) = picker_options([TONE])
    assert option == {
        "text": {"type": "plain_text", "text": "🔵 tone &lt;!here&gt;", "emoji": False},
        "description": {"type": "plain_text", "text": "Running 42% · Llama-8B · 3fe92c25", "emoji": False},
        "value": "3fe92c25",
    }


def test_a_job_without_a_name_is_known_by_its_id() -> None:
    """An id that no option can carry is left out."""
    long, fits = JobSummary("x" * 151), JobSummary("x" * 150)
    (option,) = picker_options([long, fits, JobSummary("half\ud800")])
    assert option["value"] == fits.request_id
    assert "xxx" in option["text"]["text"]
    assert id_option(long.request_id) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(JOBS, max_size=5), st.text(max_size=3000))
def test_slack_takes_every_menu(jobs: list[JobSummary], metadata: str) -> None:
    """No name, id or model breaks a limit or an escape."""
    options = picker_options(jobs)
    assert options_problems({"options": options}) == []
    assert live_markup({"options": options}) == []
    for job in jobs:
        assert options_problems({"options": id_option(job.request_id)}) == []
    assert [
        one for one in view_problems(picker_view(private_metadata=metadata)) if "metadata" not in one
    ] == []


def test_a_menu_has_at_most_a_hundred_options() -> None:
    """The first."""
    options = picker_options(JobSummary(f"run-{n}") for n in range(300))
    assert [option["value"] for option in options] == [f"run-{n}" for n in range(100)]
    assert options_problems({"options": options}) == []
