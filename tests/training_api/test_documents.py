"""Which JSON is a job's document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.training_api.documents import OtherJsonError, read_document
from tests.tables import each_row

JOB_ID = "3fe92c25-1b1c-4a0e-9d0f-2f6a5c1e7b90"


@each_row(
    "body",
    [
        {},
        {"detail": "Job not found"},
        {"error": "no such job", "request_id": JOB_ID},
        {"status": "error", "message": "try again later"},
        {"status": "success"},
        {"status": 404, "detail": "gone"},
        {"status": "FAILED", "errors": ["no such job"], "request_id": JOB_ID},
        {"data": {"request_id": JOB_ID, "status": "RUNNING"}},
        {"request_id": None, "status": None, "model_details": {}, "infra_config": None},
        {"request_id": "another", "status": "FAILED", "experiment_name": "not mine"},
    ],
)
def test_a_success_that_tells_of_no_job_or_of_another_is_none(body: dict[str, Any]) -> None:
    """Nobody is told that a job failed, or shown another, for what a proxy or an error says with 200."""
    with pytest.raises(OtherJsonError):
        read_document(json.dumps(body).encode(), request_id=JOB_ID)


@each_row(
    "body",
    [
        {"request_id": JOB_ID},
        {"request_id": JOB_ID.upper()},
        {"status": "RUNNING"},
        {"status": "Canceled"},
        {"progress": 0},
        {"experiment_name": "a run", "detail": "a field nobody documented"},
        {"model_details": {"base_model": "llama"}, "error": "x"},
        {"request_id": JOB_ID, "error": None, "status": "PREEMPTED"},
    ],
)
def test_whatever_tells_of_the_job_is_its_document(body: dict[str, Any]) -> None:
    """Any field may be absent, the id among them, and its case is the server's."""
    assert read_document(json.dumps(body).encode(), request_id=JOB_ID).job is not None


def test_an_unchanged_document_is_not_parsed_again() -> None:
    """Equal bytes give the very same object back; others do not."""
    known = read_document(b'{"status": "RUNNING"}')
    assert read_document(bytes(bytearray(b'{"status": "RUNNING"}')), known) is known
    assert read_document(b'{"status": "FAILED"}', known) is not known


def test_a_document_goes_on_from_the_one_before() -> None:
    """Who asks for a job's card twice is not told the pace of both its attempts as one."""
    before = {"status": "RUNNING", "progress": 20, "started_at": 1_700_000_000, "updated_at": 1_700_018_000}
    after = {"status": "RUNNING", "progress": 18, "started_at": 1_700_020_000, "updated_at": 1_700_020_060}
    known = read_document(json.dumps(before).encode())
    found = read_document(json.dumps(after).encode(), known)
    assert (known.job.is_resumed, found.job.is_resumed, found.job.counted_from) == (None, True, 18)
