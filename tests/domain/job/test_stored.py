"""What is kept of a document: no secrets, nothing endless, and the same again when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.diagnosis import diagnose
from bot.domain.job import JobStatus, JobSummary, TrainingJob, read_summary
from bot.domain.job.stored import ERROR_CHARACTERS, from_json, kept, plain, shortened, slim, to_json, with_row

TOKEN = "hf_abcdefghijklmnopqrstuvwxyzabcdef"
EXAMPLE = json.loads((Path(__file__).parent / "vendor_example.json").read_text("utf-8"))


def _job(**fields: Any) -> TrainingJob:
    return TrainingJob.from_json(json.dumps({"request_id": "job-1", **fields}).encode())


@pytest.mark.parametrize(
    "document",
    [
        EXAMPLE,
        {"status": "canceled"},
        {"status": "PAUSED", "progress": "45%", "updated_at": 1772366400},
        {
            "train_config": {
                "adapter_config": {"targets": ["q", "v"], "r": 8},
                "hyperparameters": {"num_epochs": 0},
            }
        },
        {},
    ],
)
def test_what_is_kept_comes_back_as_it_was(document: dict[str, Any]) -> None:
    """Every field that a card reads, and keeping it again changes nothing."""
    job = _job(**document)
    again = from_json(to_json(job))
    assert dict(again) == dict(job)
    assert to_json(again) == to_json(job)
    assert again == kept(job)


def test_a_failed_job_keeps_the_numbers_that_nobody_documented() -> None:
    """A diagnosis names them; words in such fields may be secret, and are not kept."""
    numbers = {"max_length": 4096, "fp16": True, "warmup": {"ratio": 0.1}}
    said = {**numbers, "hub_key": "made-up", "nan": float("nan"), "huge": 10**40}
    job = _job(
        train_config={"hyperparameters": {"num_epochs": 2, **said}}, error_message="CUDA out of memory"
    )
    again = from_json(to_json(job))
    hyperparameters = again.configuration()["train_config"]["hyperparameters"]
    assert hyperparameters == {"num_epochs": 2.0, **numbers}
    assert to_json(again) == to_json(job)
    assert diagnose(again) == diagnose(job)
    found = diagnose(again)
    assert found is not None
    assert "4,096 tokens" in found.cause
    assert "max_length" not in to_json(_job(train_config={"hyperparameters": said}))


def test_nothing_secret_is_kept() -> None:
    """Wherever somebody wrote it, also where the text is longer than what is kept of it."""
    long = "x" * 1_990 + f" token={TOKEN} " + "y" * 9_000
    job = _job(
        experiment_name=f"run {TOKEN}",
        output_model_path=f"https://host/path?token={TOKEN}",
        error_message=f"{'z' * 20_000} password={TOKEN} {'z' * 100}",
        model_details={"base_model": long, "ownership": TOKEN},
        dataset_details={"dataset_path": long, "secret_id": "made-up"},
        train_config={"adapter_config": {"targets": [long, TOKEN]}},
    )
    text = to_json(job)
    assert TOKEN[:6] not in text
    assert "made-up" not in text
    assert TOKEN[:6] not in to_json(slim(job))
    assert TOKEN[:6] not in (plain(long) or "")


def test_what_is_kept_is_bounded() -> None:
    """However large the document is."""
    endless = "word " * 100_000
    job = _job(
        experiment_name=endless,
        status=endless,
        error_message=endless,
        model_details={"base_model": endless},
        train_config={"adapter_config": {"targets": [endless[:10_000]] * 200}},
    )
    assert len(to_json(job)) < 250_000
    assert len(to_json(slim(job))) < 2_000


def test_of_a_long_error_the_start_and_the_end_are_kept() -> None:
    """The last line of a traceback says most."""
    text = shortened("Traceback:\n" + "  File x\n" * 10_000 + "CUDA out of memory")
    assert len(text) == ERROR_CHARACTERS
    assert text.startswith("Traceback:\n")
    assert text.endswith("CUDA out of memory")
    assert "\n…\n" in text
    assert shortened("short") == "short"
    assert (
        _job(error_message="e" * 50_000 + "end").error_message
        != kept(_job(error_message="e" * 50_000)).error_message
    )


def test_a_slim_job_has_what_rules_and_schedule_need() -> None:
    """And nothing of what only the card shows."""
    job = _job(**EXAMPLE, status="RUNNING")
    thin = slim(job)
    same = ("request_id", "status", "created_at", "updated_at", "started_at", "completed_at", "progress")
    assert all(getattr(thin, name) == getattr(job, name) for name in same)
    assert (thin.infra_config.gpu_count, thin.infra_config.node_count) == (2, 2)
    assert thin.error_message is thin.output_model_path is thin.model_details.base_model is None
    assert slim(thin) == thin


def test_a_row_is_laid_over_the_document() -> None:
    """What it does not say stays as it was."""
    job = _job(
        experiment_name="run",
        status="RUNNING",
        progress=10,
        started_at="2026-03-01T12:00:00Z",
        error_message="e",
    )
    row = read_summary({"request_id": "job-1", "status": "canceled", "experiment_name": f"n {TOKEN}"})
    assert row is not None
    laid = with_row(job, row)
    assert (laid.status, laid.status_text, laid.progress) == (JobStatus.CANCELLED, "canceled", 10)
    assert (laid.started_at, laid.error_message) == (job.started_at, "e")
    assert TOKEN not in (laid.experiment_name or TOKEN)
    assert from_json(to_json(laid)).status is JobStatus.CANCELLED
    assert with_row(job, JobSummary("job-1")) == job


@pytest.mark.parametrize("text", ["", "[1]", "{"])
def test_what_is_no_document_is_refused(text: str) -> None:
    """As a ValueError."""
    with pytest.raises(ValueError, match=r"."):
        from_json(text)
