"""``/job metrics <request_id>``: a job's curves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence

from bot.cards.jobs.metrics import metrics_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.errors import JobNotFoundError, TrainingApiError
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.handlers.kit.command import Command, Question, anybody, one_by_one, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import worst_of
from bot.tasks import aside_if_heavy, beside, weight_of


async def curves_card(context: Context, request_id: str, keys: Sequence[str] = ()) -> Card:
    """The card of these series, without any of the losses; or the card of what went wrong."""
    try:
        job, metrics = await with_metrics(context, request_id)
    except TrainingApiError as error:
        return failure_card(context, error, request_id)
    if isinstance(metrics, TrainingApiError):
        return failure_card(context, metrics, request_id)
    finding = await worst_of(context, request_id, job, metrics)
    return await aside_if_heavy(
        weight_of(job, metrics),
        lambda: metrics_card(
            metrics,
            job,
            request_id=request_id,
            now=context.clock.now(),
            keys=keys,
            finding=finding,
            settings=context.card_settings,
        ),
    )


async def with_metrics(
    context: Context, request_id: str
) -> tuple[Snapshot, MetricsSnapshot | TrainingApiError]:
    """A job and its metrics, asked for at the same time; the second may be why they are not to be had.

    Simplismart answers 404 too where a job has logged nothing yet: that is a job without points.

    Raises:
        TrainingApiError: there is no job.
    """
    async with beside(_metrics(context, request_id)) as [asking]:
        job = await context.training_api.job(request_id)
        metrics = await asking
    if isinstance(metrics, JobNotFoundError):
        return job, MetricsSnapshot((), job.fetched_at)
    return job, metrics


async def _metrics(context: Context, request_id: str) -> MetricsSnapshot | TrainingApiError:
    try:
        return await context.training_api.metrics(request_id)
    except TrainingApiError as error:
        return error


def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    def answer(request_id: str) -> Awaitable[Card]:
        return curves_card(context, request_id, question.words)

    return one_by_one(question.request_ids, question.left_out, answer)


COMMAND = Command(
    name="metrics",
    usage="metrics <job> [key…]",
    summary="Chart train and eval loss, or any metrics you name.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(needs_id=True, takes_words=True),
)
