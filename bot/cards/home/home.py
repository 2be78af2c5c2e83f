"""The Home tab: a search, what needs attention, what is running, what ended lately; each job once.

Source: https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot.cards.home.home_parts import Line, Parts
from bot.cards.jobs.job_row import RowFacts, hide_option, job_row
from bot.cards.kit import actions
from bot.cards.kit.actions import Chosen
from bot.cards.kit.card import (
    OPTION_CHARACTERS,
    OPTION_VALUE_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    header,
    overflow,
    plain_text,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.diagnosis import FINDINGS
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, date, label, length
from bot.cards.subscriptions.pause import pause_line
from bot.cards.subscriptions.subscription_list import followed_words
from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import SubscribedJob

_MOST: Final = 20
"""Lines of each part."""
_MOST_STOPPED: Final = 3
"""Subscriptions to one job that one choice ends: no option carries more."""
_WHY_CHARACTERS: Final = 160
_COMMAND_CHARACTERS: Final = 200
_BELL: Final = "🔔"
_NO_FACTS: Final[Mapping[str, RowFacts]] = {}
_SEARCH: Final = {
    "type": "external_select",
    "action_id": actions.PICK,
    "placeholder": plain_text("Find a job by name or ID", OPTION_CHARACTERS),
    "min_query_length": 2,
}
"""What is typed is looked for as in the window of the slash command alone; what is chosen opens."""


def home_view(  # noqa: PLR0913  (each by its name)
    followed: Sequence[SubscribedJob] | Card,
    listing: JobListing | Card,
    *,
    now: datetime,
    slash_command: str,
    org_id: str,
    paused_until: datetime | None = None,
    settings: CardSettings = NOTHING_SET,
    facts: Mapping[str, RowFacts] = _NO_FACTS,
) -> dict[str, Any]:
    """The tab as one person sees it.

    Args:
        followed: their subscriptions; the card of a failure where that is not known.
        listing: the organisation's jobs; the card of a failure where they are not known.
        now: the present moment (aware, UTC).
        slash_command: as people type it here.
        org_id: the organization that is asked about, whose the list is.
        paused_until: when their pause ends; None where there is none.
        settings: what the operator set.
        facts: what is known of the jobs that `shown_jobs` names, by request ID.
    """
    parts = Parts.of(followed, listing, now, facts, org_id)
    row = partial(_row, now=now, settings=settings, facts=facts, names=parts.names)
    blocks: list[Block] = [row_of([_SEARCH, button("Refresh", actions.REFRESH_HOME, "home")])]
    blocks += [] if paused_until is None else [pause_line(paused_until)]
    if isinstance(listing, JobListing) and listing.failure is not None:
        blocks.append(section(stale_warning(listing.failure, listing.fetched_at, now)))
    blocks += _part("Needs attention", parts.attention, row)
    blocks += _without_buttons_below("Your subscriptions", followed)
    blocks += _part("Running and queued", parts.live, row)
    blocks += _part("Recently ended", parts.ended, row)
    blocks += _without_buttons_below("Jobs", listing)
    if not any((parts.attention, parts.live, parts.ended, isinstance(listing, Card))):
        blocks.append(section("No job is running, queued or needs attention."))
    return {"type": "home", "blocks": [*blocks, context([_last_line(followed, now, slash_command)])]}


def shown_jobs(
    followed: Sequence[SubscribedJob] | Card, listing: JobListing | Card, now: datetime, org_id: str
) -> Sequence[JobSummary]:
    """The jobs of which `home_view` has a line, or might have one where something was found in them."""
    parts = Parts.of(followed, listing, now, _NO_FACTS, org_id)
    lines = (*parts.attention[:_MOST], *parts.live[: 2 * _MOST], *parts.ended[: 2 * _MOST])
    return [line.job for line in lines if line.is_asked_about]


def _part(title: str, lines: Sequence[Line], row: Callable[[Line], Block]) -> list[Block]:
    if not lines:
        return []
    more = len(lines) - _MOST
    rest = [context([f"and {more:,} more; find them with the search above"])] if more > 0 else []
    return [header(title), *map(row, lines[:_MOST]), *rest]


def _row(
    line: Line,
    *,
    now: datetime,
    settings: CardSettings,
    facts: Mapping[str, RowFacts],
    names: Counter[str | None],
) -> Block:
    """How a job is, what is wrong with it, and a menu."""
    job, known = line.job, line.known(facts)
    bell = f" {_BELL}" if line.subscriptions else ""
    if line.subscriptions and line.subscriptions[0].group is not None:
        said = followed_words(line.subscriptions[0], names, is_elsewhere=True)
    else:
        alone = known._replace(outcome="", finding=None) if job.status is JobStatus.FAILED else known
        is_same = names[job.experiment_name] > 1
        said = job_row(
            job, now, with_id=is_same, settings=settings, facts=alone, is_bold=True, says_finding=False
        )
    why = known.cause if job.status is JobStatus.FAILED else ""
    if known.finding is not None:
        why = f"{FINDINGS[known.finding.name].present}: {label(known.finding.evidence)}"
    text = "\n".join(filter(None, (f"{said}{bell}", cut(why, _WHY_CHARACTERS, note="…"))))
    options = _options(line, known.finding)
    return section(text, overflow(actions.ROW_MORE, options) if options else None)


def _options(line: Line, finding: Finding | None) -> list[tuple[str, str]]:
    job, offers = line.job, list[tuple[str, Chosen]]()
    is_group = any(each.group is not None for each in line.subscriptions)
    if can_ask_for(job.request_id) and line.is_asked_about and not is_group:
        offers.append(("Details", Chosen(actions.DETAILS, job.request_id)))
        if job.status is JobStatus.FAILED:
            offers.append(("Full error", Chosen(actions.FULL_ERROR, job.request_id)))
        elif not job.status.is_finished and not line.subscriptions:
            offers.append(("Subscribe", Chosen(actions.SUBSCRIBE, job.request_id)))
    ids = " ".join(each.subscription.id for each in line.subscriptions[:_MOST_STOPPED])
    offers += [("Unsubscribe", Chosen(actions.STOP, ids))] if ids else []
    options = [(words, chosen.option_value()) for words, chosen in offers]
    if finding is not None and can_ask_for(job.request_id):
        options.append(hide_option(job.request_id, finding))
    return [(words, value) for words, value in options if length(value) <= OPTION_VALUE_CHARACTERS]


def _last_line(followed: Sequence[SubscribedJob] | Card, now: datetime, slash_command: str) -> str:
    updated = f"Updated {date(now)}"
    if isinstance(followed, Card):
        return f"{updated}."
    if followed:
        return f"{_BELL} You're subscribed{SEPARATOR}{updated[:1].lower()}{updated[1:]}"
    command = code(f"{slash_command} subscribe <job>", _COMMAND_CHARACTERS)
    return f"{updated}. You have no subscriptions: choose *Subscribe* beside a job, or type {command}."


def _without_buttons_below(title: str, found: object) -> list[Block]:
    """A failure's card, whose buttons belong in a conversation, but for setup's; nothing where it is none."""
    if not isinstance(found, Card):
        return []
    return [
        header(title),
        *(block for block in found.blocks if block["type"] != "actions" or _sets_up(block)),
    ]


def _sets_up(block: Block) -> bool:
    return all(each.get("action_id") == actions.SETUP for each in block["elements"])
