"""Why a job failed: the cause, what to change, and the line that says so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.answers.eta import eta_card
from bot.cards.jobs.job_lines import NO_FACTS, JobFacts
from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, can_ask_for, code_line, context, preformatted, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name
from bot.cards.kit.diagnosis import NO_REASON, UNKNOWN_ERROR, cause_lines, diagnosed, same_cause
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import plain
from bot.cards.kit.traceback_text import telling
from bot.domain.history import Earlier
from bot.domain.job import JobStatus
from bot.domain.ports import Snapshot

_TEXT_CHARACTERS: Final = 600


def why_card(  # noqa: PLR0913  (each is a fact of its own)
    snapshot: Snapshot,
    *,
    request_id: str,
    now: datetime,
    earlier: Earlier | None = None,
    facts: JobFacts = NO_FACTS,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """What went wrong with a job; where nothing did, how it is.

    Args:
        snapshot: the job as it was seen.
        request_id: names it where it has no name; the buttons ask for it.
        now: the present moment (aware, UTC).
        earlier: the last other job that failed the same way.
        facts: what the metrics of one that did not fail say.
        settings: where jobs' pages are.
    """
    job = snapshot.job
    if job.status is not JobStatus.FAILED and not job.error_message:
        return eta_card(
            snapshot,
            request_id=request_id,
            now=now,
            asked=None if facts.finding else JobStatus.FAILED,  # "no" would say that all is well
            facts=facts,
            settings=settings,
        )
    error = telling(job.error_message) if job.error_message else None
    headline = error.headline if error else ""
    found = diagnosed(job)
    shown = job_name(job.experiment_name, request_id, settings, is_bold=True)
    unsure = UNKNOWN_ERROR if headline else NO_REASON
    lines = cause_lines(found.cause, found.advice) if found else [unsure]
    blocks: list[Block] = [section("\n".join([f"{phrases.SYMBOLS[job.status]} {shown} failed", *lines]))]
    blocks += (
        [code_line(error.line) if found else preformatted(error.last_lines)] if error and headline else []
    )
    same = same_cause(earlier, now, settings)
    blocks += [context([same])] if same else []
    blocks += _buttons(request_id, has_more=bool(headline))
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    cause = " ".join(filter(None, (found.cause, found.advice))) if found else headline
    said = plain(cause, _TEXT_CHARACTERS) or NO_REASON
    return Card(f"{phrases.spoken(job.experiment_name, request_id)} failed: {said}", blocks)


def _buttons(request_id: str, *, has_more: bool) -> list[Block]:
    if not can_ask_for(request_id):
        return []
    more = [button("Full error", actions.FULL_ERROR, request_id)] if has_more else []
    return [row_of([*more, button("Card", actions.OPEN, request_id)])]
