"""Samples of what answers in a sentence, and of what asks back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.cards.answers.did_you_mean import (
    Offer,
    did_you_mean_card,
    no_such_job_card,
    not_understood_card,
    with_other_reading,
)
from bot.cards.answers.eta import eta_card
from bot.cards.answers.small_talk import greeting_card, not_possible_card, welcome_card
from bot.cards.answers.why import why_card
from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, SETTINGS
from bot.cards.gallery.notifications import logged_losses
from bot.cards.home.help import examples_card
from bot.cards.home.introduction import introduced
from bot.cards.jobs.job_lines import NO_FACTS, JobFacts
from bot.cards.jobs.which_one import Choice, which_job_card
from bot.cards.kit.card import Card
from bot.domain.commands.sentences.examples import example_questions
from bot.domain.commands.sentences.intents import Aspect, PageAction
from bot.domain.curves.metrics_facts import loss_facts
from bot.domain.curves.run_doctor import examine
from bot.domain.errors import UpstreamTimeoutError
from bot.domain.history import Earlier
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot

_Named = tuple[str, str, Card]
"""A name, a title, and the card."""
_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_SLASH: Final = "/job"
_STATUS: Final = Offer(f"status {REQUEST_ID}", "status support-assistant-v3")
_HOSTILE: Final = "<!channel> `x` *y* " * 20


def _seen(document: Mapping[str, Any], *, is_stale: bool = False) -> Snapshot:
    job = TrainingJob.from_json(json.dumps(document).encode())
    failure = UpstreamTimeoutError() if is_stale else None
    return Snapshot(job, _NOW - timedelta(minutes=5 * is_stale), failure=failure)


def answer_samples() -> tuple[_Named, ...]:
    """Each with its name and title."""
    return (*_etas(), *_whys(), *_back())


def _etas() -> tuple[_Named, ...]:
    asked = (
        ("eta-running", "Done yet?", documents.RUNNING, JobStatus.COMPLETED),
        ("eta-starting", "How long, too early to tell", documents.STARTING, None),
        ("eta-queued", "Started?", documents.QUEUED, JobStatus.RUNNING),
        ("eta-completed", "Done? Yes", documents.COMPLETED, JobStatus.COMPLETED),
        ("eta-failed", "Done? It failed", documents.FAILED, JobStatus.COMPLETED),
        ("eta-unknown", "Done? A status nobody documented", documents.PAUSED, JobStatus.COMPLETED),
        ("eta-empty", "Done? An empty document", documents.EMPTY, JobStatus.COMPLETED),
        ("eta-hostile", "Done? Markup in every field", documents.HOSTILE, JobStatus.FAILED),
    )
    told = (
        (
            name,
            title,
            eta_card(_seen(document), request_id=REQUEST_ID, now=_NOW, asked=status, settings=SETTINGS),
        )
        for name, title, document, status in asked
    )
    stale = eta_card(_seen(documents.RUNNING, is_stale=True), request_id=REQUEST_ID, now=_NOW)
    return (*told, *_aspects(), ("eta-stale", "How long, from an earlier answer", stale))


def _aspects() -> Iterator[_Named]:
    logged = JobFacts(losses=loss_facts(MetricsSnapshot(logged_losses(), _NOW)))
    doubtful = JobFacts(finding=examine(logged_losses(diverges_at=226))[0])
    asked = (
        ("eta-normal", "Is this normal? Yes", documents.RUNNING, Aspect.HEALTH, logged),
        ("eta-doubtful", "Is this normal? It diverges", documents.RUNNING, Aspect.HEALTH, doubtful),
        ("eta-no-metrics", "Is this normal? Nothing to judge by", documents.RUNNING, Aspect.HEALTH, NO_FACTS),
        ("eta-start", "When did it start?", documents.RUNNING, Aspect.START, NO_FACTS),
        ("eta-end", "When did it end?", documents.COMPLETED, Aspect.END, NO_FACTS),
        ("eta-who", "Who started it?", documents.RUNNING, Aspect.WHO, NO_FACTS),
    )
    for name, title, document, aspect, facts in asked:
        told = eta_card(
            _seen(document), request_id=REQUEST_ID, now=_NOW, aspect=aspect, facts=facts, settings=SETTINGS
        )
        yield name, title, told


def _whys() -> tuple[_Named, ...]:
    earlier = Earlier(
        request_id="0a1b2c3d-8b1f-4c5e-9a70-6d2f1e0b7a94",
        name="support-assistant-v2",
        at=_NOW - timedelta(days=3),
    )
    return (
        (
            "why-failed",
            "Why it failed",
            why_card(_seen(documents.FAILED), request_id=REQUEST_ID, now=_NOW, earlier=earlier),
        ),
        (
            "why-silent",
            "Why it failed, without a reason",
            why_card(_seen(documents.FAILED_SILENTLY), request_id=REQUEST_ID, now=_NOW),
        ),
        (
            "why-running",
            "Why it failed, which it has not",
            why_card(_seen(documents.RUNNING), request_id=REQUEST_ID, now=_NOW),
        ),
        (
            "why-hostile",
            "Why it failed, with markup in every field",
            why_card(_seen({**documents.HOSTILE, "status": "FAILED"}), request_id=REQUEST_ID, now=_NOW),
        ),
    )


def _asked_back() -> Card:
    jobs = (
        JobSummary(REQUEST_ID, "support-assistant-v3", JobStatus.RUNNING, "RUNNING"),
        JobSummary("run-8", None, JobStatus.QUEUED, "QUEUED"),
    )
    choices = ((job, Choice("eta", (job.request_id,))) for job in jobs)
    return which_job_card(choices, slash_command=_SLASH)


def _back() -> tuple[_Named, ...]:
    job = JobSummary(REQUEST_ID, "support-assistant-v3")
    answer = eta_card(_seen(documents.QUEUED), request_id=REQUEST_ID, now=_NOW)
    return (
        ("greeting", "A greeting", greeting_card(example_questions([job])[:3])),
        (
            "help-examples",
            "Help",
            examples_card(example_questions([job]), slash_command=_SLASH, bot_name="jobbot"),
        ),
        ("thanks", "Thanks, where no reaction can be given", welcome_card()),
        ("did-you-mean", "A slip of the keys", did_you_mean_card("staus support-assistant-v3", [_STATUS])),
        ("no-such-job", "A name that is nearly right", no_such_job_card("support-asistant-v3", [_STATUS])),
        ("no-such-job-hostile", "A hostile name", no_such_job_card(_HOSTILE, [Offer("help", _HOSTILE)])),
        ("which-job", "A question that names no job", _asked_back()),
        ("nothing-understood", "Nothing understood", not_understood_card(slash_command=_SLASH)),
        ("first-answer", "The first answer in a channel", introduced(answer, slash_command=_SLASH)),
        ("other-reading", "A job called failed", with_other_reading(answer, Offer("list status:failed"))),
        *(
            (
                f"not-possible-{deed}",
                f"What a bot that only reads can't do: {deed}",
                not_possible_card(deed, job, SETTINGS),
            )
            for deed in PageAction
        ),
    )
