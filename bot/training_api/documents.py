"""Which JSON is the document of the job that was asked for: success alone does not say that it is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.job import TrainingJob
from bot.domain.job.resuming import resumed

REASONS = ("detail", "error", "errors", "message")
"""Where answers say why there is nothing else in them."""
_SUBSTANCE = (
    *("experiment_name", "created_at", "updated_at", "started_at", "completed_at"),
    *("progress", "output_model_path", "error_message"),
)
_PARTS = ("model_details", "train_config", "dataset_details", "infra_config")
_DOCUMENTED = frozenset({"QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CANCELED"})


class OtherJsonError(ValueError):
    """JSON, but not what was asked for; the message quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A job with the bytes it was read from, to see whether the next answer is the same."""

    job: TrainingJob
    body: bytes


def read_document(body: bytes, known: Document | None = None, *, request_id: str | None = None) -> Document:
    """The job ``request_id`` from an answer's body; ``known`` itself when the bytes are the same.

    Raises:
        ValueError: it is not a JSON object, or one that reports no job, or of another.
    """
    if known is not None and known.body == body:
        return known
    job = TrainingJob.from_json(body)
    check_is_about(request_id, job.request_id)
    if not _tells_of_a_job(job):
        msg = "an object that tells of no job"
        raise OtherJsonError(msg)
    return Document(job if known is None else resumed(job, known.job), body)


def check_is_about(asked: str | None, answered: str | None) -> None:
    """An answer may leave out which job it is about, or write it in another case.

    Raises:
        ValueError: it is about another job.
    """
    if asked is None or answered is None or answered.strip().casefold() == asked.strip().casefold():
        return
    msg = "the answer is about another job"
    raise OtherJsonError(msg)


def _tells_of_a_job(job: TrainingJob) -> bool:
    """Errors come with a 200 too: as ``{"detail": …}``, as ``{"status": "error"}``, as ``{}``.

    They may repeat the id, so that alone is not enough where a reason stands beside it.
    """
    if any(getattr(job, name) is not None for name in _SUBSTANCE):
        return True
    said = job.configuration()
    if any(isinstance(said.get(name), dict) and said[name] for name in _PARTS):
        return True
    if any(said.get(name) for name in REASONS):
        return False
    return job.request_id is not None or (job.status_text or "").strip().upper() in _DOCUMENTED
