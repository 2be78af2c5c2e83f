"""The card of a training job: six lines and a row of buttons, short enough for a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.cards.jobs.job_lines import (
    NO_FACTS,
    JobFacts,
    Seen,
    best_eval,
    gray_lines,
    loss_line,
    progress_line,
    queue_line,
    title_line,
)
from bot.cards.jobs.job_sentence import sentence
from bot.cards.kit import actions, phrases
from bot.cards.kit.actions import Chosen
from bot.cards.kit.card import (
    OPTION_VALUE_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    code_line,
    context,
    overflow,
    preformatted,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.diagnosis import (
    NO_REASON,
    UNKNOWN_ERROR,
    cause_lines,
    diagnosed,
    finding_lines,
    same_cause,
)
from bot.cards.kit.references import person
from bot.cards.kit.stale import age, stale_lines
from bot.cards.kit.text import SEPARATOR, code, length, unbroken
from bot.cards.kit.traceback_text import Telling, telling
from bot.cards.subscriptions.card_subscription import following_button, following_remark
from bot.cards.subscriptions.finding import Unhelpful
from bot.domain.job import JobStatus
from bot.domain.ports import Snapshot

_PATH_CHARACTERS: Final = 200
_MOST_BUTTONS: Final = 3
_HAS_OUTPUT: Final = frozenset({JobStatus.COMPLETED, JobStatus.ENDED, JobStatus.UNKNOWN})
_HAS_ERROR: Final = frozenset({JobStatus.FAILED, JobStatus.ENDED, JobStatus.UNKNOWN})
_Offer = tuple[str, str]
"""A button or an option: its words and its action."""
_METRICS: Final = ("Metrics", actions.METRICS)
_REPORT: Final = ("Report", actions.REPORT)
_DETAILS: Final = ("Details", actions.DETAILS)
_REFRESH: Final = ("Refresh", actions.REFRESH)


def job_card(  # noqa: PLR0913  (each is one thing the card says)
    snapshot: Snapshot,
    *,
    now: datetime,
    request_id: str | None = None,
    facts: JobFacts = NO_FACTS,
    settings: CardSettings = NOTHING_SET,
    shareable: bool = False,
    shared_by: str | None = None,
    left_out: int = 0,
) -> Card:
    """The card of a job.

    Args:
        snapshot: the job as it was seen.
        now: the present moment (aware, UTC).
        request_id: the id that was asked for; without one, the document's own. The buttons ask for it.
        facts: what is known of the job beside its document.
        settings: what the operator set.
        shareable: only one person sees it, who can show it to the whole conversation.
        shared_by: the user id of who shared it.
        left_out: how many more ids were named than were answered.
    """
    job = snapshot.job
    moment = snapshot.fetched_at if snapshot.failure else now
    seen = Seen(job, request_id or job.request_id or "", moment, facts, settings)
    error = telling(job.error_message or "") if job.status in _HAS_ERROR else Telling("", "")
    remarks = [
        *_gray(seen, snapshot),
        following_remark(facts.following),
        f"Shared by {sharer}" if (sharer := person(shared_by)) else "",
        phrases.left_out(left_out),
    ]
    blocks = [section("\n".join(_black(seen, error, is_stale=snapshot.failure is not None)))]
    blocks += _telling_line(seen, error)
    blocks += [context(["\n".join(filter(None, remarks))])] if any(remarks) else []
    blocks += _actions(seen, error, is_stale=snapshot.failure is not None, is_private=shareable)
    stale_for = ""
    if snapshot.failure is not None:
        blocks.insert(0, section(stale_lines(snapshot.failure, snapshot.fetched_at, now)))
        stale_for = age(snapshot.fetched_at, now)
    return Card(sentence(seen, error.headline, stale_for), blocks)


def _black(seen: Seen, error: Telling, *, is_stale: bool) -> list[str]:
    """What matters: the status, what needs a decision, progress, loss, where the model is."""
    job = seen.job
    lines = [title_line(seen), *_cause(seen, error), *finding_lines(seen.facts.finding, is_live=seen.is_live)]
    match job.status:
        case JobStatus.QUEUED:
            lines.append(queue_line(seen))
        case JobStatus.RUNNING | JobStatus.UNKNOWN:
            lines += [progress_line(seen, was_due=is_stale), "" if seen.facts.finding else loss_line(seen)]
        case JobStatus.COMPLETED | JobStatus.ENDED:
            lines.append(loss_line(seen))
        case JobStatus.CANCELLED:
            lines.append(_cancelled(seen))
    if job.output_model_path and job.status in _HAS_OUTPUT:
        lines.append(code(job.output_model_path, _PATH_CHARACTERS))
    return [line for line in lines if line]


def _cause(seen: Seen, error: Telling) -> list[str]:
    """Why it failed and what to try, or that nobody knows: no guess."""
    if not error.headline:
        return [NO_REASON] if seen.job.status is JobStatus.FAILED else []
    found = diagnosed(seen.job)
    if found is not None:
        return cause_lines(found.cause, found.advice)
    return [UNKNOWN_ERROR] if seen.job.status is JobStatus.FAILED else []


def _cancelled(seen: Seen) -> str:
    reached = f"At {seen.percent}" if seen.percent else ""
    after = unbroken(f"{'after' if reached else 'After'} {seen.elapsed}") if seen.elapsed else ""
    first = ", ".join(filter(None, (reached, after)))
    best = best_eval(seen)
    return SEPARATOR.join(filter(None, (first, best if first else best[:1].upper() + best[1:])))


def _telling_line(seen: Seen, error: Telling) -> list[Block]:
    """One line of an error whose cause is known; of any other the place, too."""
    if not error.headline:
        return []
    is_known = diagnosed(seen.job) is not None
    return [code_line(error.line) if is_known else preformatted(error.last_lines)]


def _gray(seen: Seen, snapshot: Snapshot) -> list[str]:
    same = same_cause(seen.facts.earlier, seen.now, seen.settings)
    before = best_eval(seen) if seen.facts.finding and seen.is_live else ""
    as_of = snapshot.fetched_at if snapshot.failure is None else None
    return [same, before[:1].upper() + before[1:], *gray_lines(seen, as_of=as_of)]


def _actions(seen: Seen, error: Telling, *, is_stale: bool, is_private: bool) -> list[Block]:
    """At most three buttons, the likely next step first, and a menu with the rest."""
    if not can_ask_for(seen.request_id):
        return []
    subscribing = [following_button(seen.facts.following)] if seen.is_live else []
    shown: list[_Offer] = []
    hidden: list[_Offer] = [_DETAILS]
    if is_stale:
        shown, hidden = [("Try again", actions.TRY_AGAIN)], [_DETAILS, *(subscribing or [_REPORT])]
    elif seen.job.status is JobStatus.QUEUED:
        shown, hidden = subscribing, [_REFRESH, _DETAILS]
    elif seen.is_live:
        shown, hidden = [_METRICS, *subscribing], [_REFRESH, _DETAILS, _REPORT]
    elif error.headline:
        shown, hidden = [("Full error", actions.FULL_ERROR), _METRICS], [_DETAILS, _REPORT, _REFRESH]
    elif seen.job.status in {JobStatus.COMPLETED, JobStatus.ENDED}:
        shown, hidden = [_METRICS, _REPORT], [_DETAILS, _REFRESH]
    else:
        shown, hidden = [_METRICS], [_DETAILS, _REPORT, _REFRESH]
    hidden += [("Share in channel", actions.SHARE)] if is_private and not is_stale else []
    return [row_of(_row(seen, shown, hidden))]


def _row(seen: Seen, shown: list[_Offer], hidden: list[_Offer]) -> list[dict[str, Any]]:
    """The buttons and the menu; where an ID is too long for a menu's options, more buttons in its place."""
    value = seen.request_id
    options = [(words, Chosen(action_id, value).option_value()) for words, action_id in hidden]
    finding = seen.facts.finding
    if finding is not None:
        hiding = Chosen(actions.NOT_HELPFUL, Unhelpful(value, finding.name).value())
        options.append(("Hide this warning", hiding.option_value()))
    fits = all(length(option) <= OPTION_VALUE_CHARACTERS for _, option in options)
    offers = shown if fits else [*shown, *hidden][:_MOST_BUTTONS]
    row = [button(words, action_id, value) for words, action_id in offers]
    return [*row, overflow(actions.MORE, options)] if fits else row
