"""What a feed's post shows of its job, and whether that changed. Pure."""

from __future__ import annotations

from hashlib import blake2b

from bot.domain.curves.run_doctor import Finding
from bot.domain.job import TrainingJob

_MARK_BYTES = 12


def feed_post_mark(job: TrainingJob, finding: Finding | None, *, is_over: bool) -> str:
    """The same for the same post: one that would look as it does already is not edited.

    Args:
        job: the job as the post shows it.
        finding: what the run doctor found last.
        is_over: the post is not brought up to date any more, and says so.
    """
    shown: tuple[object, ...] = (job.status_text, job.status, job.experiment_name, job.completed_at)
    shown += (job.error_message, job.output_model_path, finding)
    if not job.status.is_finished:
        shown += (job.progress, job.created_at, job.started_at, job.updated_at, is_over)
    return blake2b(repr(shown).encode("utf-8", "replace"), digest_size=_MARK_BYTES).hexdigest()
