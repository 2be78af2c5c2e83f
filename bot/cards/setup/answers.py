"""What `setup` says beside its form: who can do it, and the outcome."""

from __future__ import annotations

from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Card, button, context, modal, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.references import person
from bot.cards.setup.form import TITLE, SetupPlace
from bot.domain.errors import (
    KeyRejectedError,
    RateLimitedError,
    StoreError,
    TrainingApiError,
    UpstreamTimeoutError,
)
from bot.domain.permissions.administration import Admission

_WHOLE_WORKSPACE: Final = "-"
"""What [Set up] is about, where it is no channel."""
_SOMEONE: Final = "whoever installed the app"


def who_can(admission: Admission, otherwise: str | None) -> str:
    """Who may set it up, as the subject or object of a sentence; ``mrkdwn``."""
    if admission is Admission.ADMINS_ONLY:
        return "an admin of this workspace"
    if admission is Admission.NOBODY:
        return "your jobbot admin"
    return person(otherwise) or _SOMEONE


def denied_text(admission: Admission, otherwise: str | None) -> str:
    """One plain line for whoever cannot; ``mrkdwn``."""
    if admission is Admission.UNKNOWN:
        return "Slack isn't saying who is an admin right now. Try again in a minute."
    if admission is Admission.NOBODY:
        return "Nobody can set up jobbot here yet: your jobbot admin has to set `ADMIN_USER_ID`."
    who = who_can(admission, otherwise)
    return f"Only {who} can set up jobbot."


def denied_card(admission: Admission, otherwise: str | None) -> Card:
    """The same as a message."""
    said = denied_text(admission, otherwise)
    return Card(said.replace("`", ""), [section(said)])


def denied_view(admission: Admission, otherwise: str | None) -> dict[str, Any]:
    """The same in the window."""
    return modal(TITLE, [section(denied_text(admission, otherwise))])


def set_up_card(place: SetupPlace) -> Card:
    """For whoever asked in words, from which no window opens."""
    said = f"Set up jobbot for {place.words}: the organization, its key, and who can do what."
    open_it = button("Set up", actions.SETUP, place.channel_id or _WHOLE_WORKSPACE, primary=True)
    return Card(said, [section(said), row_of([open_it])])


def with_setup(card: Card) -> Card:
    """The card of a workspace without an organization, with a button that asks who presses it."""
    *blocks, remarks = card.blocks
    row = row_of([button("Set up", actions.SETUP, _WHOLE_WORKSPACE, primary=True)])
    return Card(card.text, [*blocks, row, remarks])


def kept_view(place: SetupPlace, org_id: str, *, slash_command: str) -> dict[str, Any]:
    """What was set, and what to do with it."""
    said = f"✅ Saved for {place.words}."
    if org_id:
        said += f" The key works: organization `{org_id}` is connected."
    return modal(TITLE, [section(said), context([f"Try it: `{slash_command} list`"])])


def refused_text(error: TrainingApiError | StoreError) -> str:
    """Why a key was not kept; ``mrkdwn``."""
    if isinstance(error, KeyRejectedError):
        return (
            "*Simplismart rejected this key for this organization.* Check both; the key may have expired,"
            " or belong to another organization. Nothing was changed."
        )
    if isinstance(error, UpstreamTimeoutError):
        return "*Simplismart didn't answer in time*, so the key isn't saved. Enter it again in a minute."
    if isinstance(error, RateLimitedError):
        return "*Simplismart is limiting requests*, so the key isn't saved. Enter it again in a minute."
    if isinstance(error, StoreError):
        return "*The bot's database isn't responding.* Nothing was changed. Try again in a minute."
    if error.status is not None and error.status < 500:  # noqa: PLR2004  (the server's own faults begin there)
        return "*Simplismart doesn't know this organization with this key.* Nothing was changed."
    return "*Simplismart has a problem*, so the key isn't saved. Enter it again in a minute."
