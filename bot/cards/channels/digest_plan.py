"""When a channel gets its digest, and what is said when that changes."""

from __future__ import annotations

from typing import Final

from bot.cards.channels.digest import TITLES, digest_card
from bot.cards.kit.card import Block, Card, context, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.references import person
from bot.cards.kit.text import code, cut, date, plain
from bot.domain.channels.digest import Digest, DigestPlan, Period

_ZONE_CHARACTERS: Final = 60
_COMMAND_CHARACTERS: Final = 120
_TEXT_CHARACTERS: Final = 290
_DAY: Final = {Period.DAILY: "every day", Period.WEEKLY: "every Monday"}
_NEXT: Final = {Period.DAILY: "today's", Period.WEEKLY: "this week's"}
_SPAN: Final = {Period.DAILY: "the last 24 hours", Period.WEEKLY: "the last 7 days"}


def digest_set_card(plan: DigestPlan, *, is_new: bool, slash_command: str) -> Card:
    """What the whole channel reads when somebody switches it on, or sets it otherwise."""
    who = person(plan.user_id)
    done = "turned on" if is_new else "changed"
    told = f"{who} {done} the digest" if who else f"The digest was {done}"
    off = code(f"{slash_command} digest off", _COMMAND_CHARACTERS)
    shown = f"📰 {told}: {schedule_words(plan)}. The first comes {_your_time(plan)}."
    shown = shown if is_new else f"📰 {told}: {schedule_words(plan)}. The next comes {_your_time(plan)}."
    said = f"The digest was {done}: {schedule_words(plan)}."
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), [section(shown), context([f"{off} ends it"])])


def digest_off_card(plan: DigestPlan, user_id: str) -> Card:
    """The same when somebody switches it off."""
    who = person(user_id)
    said = f"the {TITLES[plan.period].lower()}"
    shown = f"📰 {who} turned off {said}." if who else f"📰 {said.capitalize()} was turned off."
    return Card(f"{said.capitalize()} was turned off.", [section(shown)])


def digest_on_card(plan: DigestPlan, *, slash_command: str) -> Card:
    """The answer to who set it."""
    said = f"The digest is posted here {schedule_words(plan)}."
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), [section(_state(plan, slash_command, ""))])


def digest_ended_card() -> Card:
    """The answer to who switched it off."""
    return Card("The digest is off.", [section("📰 The digest is off in this channel.")])


def no_digest_card(slash_command: str) -> Card:
    """There is none to switch off."""
    command = code(f"{slash_command} digest daily 09:00", _COMMAND_CHARACTERS)
    shown = f"No digest in this channel yet. Turn it on: {command}"
    return Card("No digest in this channel yet.", [section(shown)])


def digest_state_card(  # noqa: PLR0913  (each by its name)
    plan: DigestPlan | None,
    period: Period,
    preview: Digest | None,
    *,
    slash_command: str,
    time_zone: str,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """What is set in a channel, and a preview; for one person's eyes.

    Args:
        plan: what is set; None where nothing is.
        period: what the preview is about.
        preview: the digest as it would be now; None where it would be skipped.
        slash_command: as people type it here.
        time_zone: the one that counts where none is named.
        settings: what the operator set.
    """
    blocks: list[Block] = [section(_state(plan, slash_command, time_zone))]
    if preview is None:
        said = f"Nothing happened in {_SPAN[period]}, so {_NEXT[period]} digest would be skipped."
        return Card(cut(f"{_said(plan)} {said}", _TEXT_CHARACTERS, note="…"), [*blocks, context([said])])
    shown = digest_card(preview, slash_command=slash_command, settings=settings, is_preview=True)
    blocks += [context([f"👁️ Preview for you: {_SPAN[period]}"]), *shown.blocks]
    return Card(cut(f"{_said(plan)} {shown.text}", _TEXT_CHARACTERS, note="…"), blocks)


def schedule_words(plan: DigestPlan) -> str:
    """When it comes: ``every day at 09:00 (Europe/Berlin)``."""
    at = f"{plan.at_minutes // 60:02}:{plan.at_minutes % 60:02}"
    return f"{_DAY[plan.period]} at {at} ({plain(plan.time_zone, _ZONE_CHARACTERS) or 'UTC'})"


def _your_time(plan: DigestPlan) -> str:
    """Each reader sees it in their own zone, which is not that of the plan: so it is said."""
    return f"{date(plan.next_at)} (your time)"


def _said(plan: DigestPlan | None) -> str:
    return (
        "No digest in this channel yet." if plan is None else f"The digest is posted {schedule_words(plan)}."
    )


def _state(plan: DigestPlan | None, slash_command: str, time_zone: str) -> str:
    if plan is None:
        command = code(f"{slash_command} digest daily 09:00 {time_zone}", _COMMAND_CHARACTERS)
        return f"No digest in this channel yet. Turn it on: {command}"
    who, off = person(plan.user_id), code(f"{slash_command} digest off", _COMMAND_CHARACTERS)
    by = f" By {who}." if who else ""
    told = f"📰 Digest {schedule_words(plan)}, next {_your_time(plan)}."
    return f"{told}{by} Off: {off}"
