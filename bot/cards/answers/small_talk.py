"""Greetings, thanks, and what a bot that only reads cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards.answers.did_you_mean import Offer, offer_buttons
from bot.cards.kit.card import Card, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.text import escape, label, line, plain
from bot.domain.commands.sentences.intents import PageAction
from bot.domain.job import JobSummary

_CONSOLE: Final = "Simplismart console"
_GREETING: Final = (
    "Hi! Ask me about your Simplismart fine-tuning jobs: is it done, why did it fail, what's running?"
    " I'm read-only."
)
_PAUSES: Final = ("pause 2h", "pause until tomorrow")
_INSTEAD: Final[Mapping[PageAction, tuple[str, str]]] = {
    PageAction.CANCEL: ("I can't stop jobs: I'm read-only.", "Stop it in the Simplismart console."),
    PageAction.RESTART: (
        "I can't restart jobs: I'm read-only.",
        "Start it again in the Simplismart console.",
    ),
    PageAction.START: ("I can't start jobs: I'm read-only.", "Start one in the Simplismart console."),
    PageAction.DELETE: ("I can't delete jobs: I'm read-only.", "Delete it in the Simplismart console."),
    PageAction.CHANGE: (
        "I can't change jobs: I'm read-only.",
        "Settings are changed in the Simplismart console.",
    ),
    PageAction.LOGS: (
        "I have no logs: Simplismart's API doesn't provide them.",
        "What there is instead: the error, the metrics, and the logs in the Simplismart console.",
    ),
    PageAction.DOWNLOAD: (
        "I can't download or deploy models: I'm read-only.",
        "The card of a completed job has the path of its model.",
    ),
    PageAction.FORESEE: (
        "I can't message you before something happens: when a job starts or ends is an estimate.",
        "An alert on the estimate, or updates on the job, come nearest.",
    ),
    PageAction.SPEND: (
        "I can't add up what all jobs of such a time cost.",
        "A job's report has its GPU-hours and cost; a digest adds up the GPU-hours of a day or a week.",
    ),
    PageAction.RANK: (
        "I can't rank all jobs by a metric.",
        "I can put two or three side by side; a group's card ranks the jobs whose names begin alike.",
    ),
    PageAction.PAUSE: (
        "I can pause my messages to you.",
        "Say until when: pause until 9am, or pause 2h. To end it early: resume.",
    ),
}


def greeting_card(examples: Sequence[str]) -> Card:
    """What can be asked, with ``examples`` as people type them, and buttons that ask."""
    offers = [
        Offer("list status:running", "Running"),
        Offer("list status:failed since:today", "Failed today"),
        Offer("help", "Help"),
    ]
    shown = "\n".join([_GREETING, *(f"• {label(each)}" for each in examples)])
    return Card(_GREETING, [section(shown), *offer_buttons(offers)])


def welcome_card() -> Card:
    """The answer to thanks where no reaction can be given."""
    return Card("You're welcome!", [section("You're welcome!")])


def not_possible_card(
    deed: PageAction,
    job: JobSummary | None,
    settings: CardSettings = NOTHING_SET,
    *,
    nearest: Sequence[Offer] = (),
) -> Card:
    """That it cannot be done here, and what can; with a link to the job's page, where that is known."""
    fact, instead = _INSTEAD[deed]
    page = "" if job is None else settings.address(job.request_id)
    shown = instead.replace(_CONSOLE, f"<{escape(page)}|{_CONSOLE}>") if page else instead
    pausing = [Offer(each) for each in _PAUSES] if deed is PageAction.PAUSE else []
    pausing += [Offer("subscriptions")] if pausing and job is None else []
    offers = [*nearest, *pausing]
    if job is not None:
        name = line(job.experiment_name or "") or job.request_id
        offers += [Offer(f"{verb} {job.request_id}", f"{verb} {name}") for verb in _OFFERS[deed]]
    blocks = [section(f"*{fact}* {shown}"), *offer_buttons(offers)]
    return Card(plain(f"{fact} {instead}", len(fact) + len(instead) + 1), blocks)


_OFFERS: Final[Mapping[PageAction, tuple[str, ...]]] = {
    PageAction.CANCEL: ("unsubscribe", "status"),
    PageAction.RESTART: ("why", "status"),
    PageAction.START: (),
    PageAction.DELETE: ("unsubscribe", "status"),
    PageAction.CHANGE: ("status",),
    PageAction.LOGS: ("why", "metrics"),
    PageAction.DOWNLOAD: ("status",),
    PageAction.PAUSE: ("unsubscribe",),
    PageAction.FORESEE: (),
    PageAction.SPEND: (),
    PageAction.RANK: (),
}
