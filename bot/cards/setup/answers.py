"""What `setup` says beside its form: who can do it, and the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Card, button, context, modal, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.references import person
from bot.cards.setup.form import TITLE, SetupPlace
from bot.domain.errors import (
    JobBotError,
    KeyRejectedError,
    RateLimitedError,
    StoreError,
    TrainingApiError,
    UnreachableError,
    UnreadableError,
    UpstreamTimeoutError,
)
from bot.domain.permissions.administration import Admission, SetupOffer

_WHOLE_WORKSPACE: Final = "-"
"""What [Set up] is about, where it is no channel."""
_SERVERS_FAULTS: Final = 500
_A_PROBLEM: Final = "*Simplismart has a problem*, so the key isn't saved. Enter it again in a minute."
_REFUSED: Final[Mapping[type[JobBotError], str]] = {
    KeyRejectedError: (
        "*Simplismart rejected this key for this organization.* Check both; the key may have expired,"
        " or belong to another organization. Nothing was changed."
    ),
    UpstreamTimeoutError: (
        "*Simplismart didn't answer in time*, so the key isn't saved. Enter it again in a minute."
    ),
    RateLimitedError: (
        "*Simplismart is limiting requests*, so the key isn't saved. Enter it again in a minute."
    ),
    UnreachableError: "*Simplismart can't be reached*, so the key isn't saved. Enter it again in a minute.",
    UnreadableError: _A_PROBLEM,
    StoreError: "*The bot's database isn't responding.* Nothing was changed. Try again in a minute.",
}
_SOMEONE: Final = "whoever installed the app"


def denied_card(offer: SetupOffer) -> Card:
    """One plain line for whoever cannot, and whom to ask."""
    if offer.admission is Admission.UNKNOWN:
        said = "Slack isn't saying who is an admin right now. Try again in a minute."
    elif offer.admission is Admission.NOBODY:
        said = "Nobody can set up jobbot here yet: your jobbot admin has to set `ADMIN_USER_ID`."
    elif offer.admission is Admission.ADMINS_ONLY:
        asked = f" Ask {who}." if (who := person(offer.ask)) else ""
        said = f"Only an admin of this workspace can set up jobbot.{asked}"
    else:
        said = f"Only {person(offer.ask) or _SOMEONE} can set up jobbot."
    return Card(said.replace("`", ""), [section(said)])


def asked_for_setup(offer: SetupOffer) -> str:
    """Whom somebody asks who can't set it up; ``mrkdwn``."""
    others = {Admission.NOBODY: "your jobbot admin", Admission.ONE_PERSON_ONLY: _SOMEONE}
    who = person(offer.ask) or others.get(offer.admission, "an admin of this workspace")
    return f"To change how jobbot is set up, ask {who}."


def as_view(card: Card) -> dict[str, Any]:
    """The same in the window."""
    return modal(TITLE, card.blocks)


def which_workspace_view(*, slash_command: str) -> dict[str, Any]:
    """Where it can't be seen which of an organization's workspaces is meant."""
    said = f"Which workspace? Type `{slash_command} setup` in a channel of the workspace you want to set up."
    return modal(TITLE, [section(said)])


def set_up_card(place: SetupPlace) -> Card:
    """For whoever asked in words, from which no window opens."""
    said = f"Set up jobbot for {place.words}: the organization, its key, and who can do what."
    open_it = button("Set up", actions.SETUP, place.channel_id or _WHOLE_WORKSPACE, primary=True)
    return Card(said, [section(said), row_of([open_it])])


def not_set_up_card(card: Card, offer: SetupOffer | None, *, slash_command: str) -> Card:
    """The card of a place without an organization: what to do for whoever may, and whom others ask."""
    heading, remarks = card.blocks
    said = _next_step(offer, slash_command)
    first = section(f"{heading['text']['text'].rstrip()} {said}")
    may_press = offer is not None and offer.is_granted and not offer.is_for_all
    about = offer.channel_id if offer is not None and offer.channel_id else _WHOLE_WORKSPACE
    row = [row_of([button("Set up", actions.SETUP, about, primary=True)])] if may_press else []
    return Card(f"{card.text.rstrip()} {said}".replace("`", ""), [first, *row, remarks])


def _next_step(offer: SetupOffer | None, slash_command: str) -> str:
    setup = f"`{slash_command} setup{' channel' if offer is not None and offer.channel_id else ''}`"
    if offer is None:
        return f"An admin of this workspace can connect one with {setup}."
    if offer.is_granted:
        return (
            f"You can connect one with {setup}."
            if offer.is_for_all
            else f"Connect one here, or with {setup}."
        )
    if offer.admission is Admission.UNKNOWN:
        return f"Slack isn't saying who can connect one right now. An admin types {setup}."
    if offer.admission is Admission.NOBODY:
        return "Nobody can connect one yet: your jobbot admin has to set `ADMIN_USER_ID`."
    others = "an admin of this workspace" if offer.admission is Admission.ADMINS_ONLY else _SOMEONE
    return f"Ask {person(offer.ask) or others} to type {setup}."


def kept_view(place: SetupPlace, org_id: str, *, slash_command: str) -> dict[str, Any]:
    """What was set, and what to do with it."""
    said = f"✅ Saved for {place.words}."
    if org_id:
        said += f" The key works: organization `{org_id}` is connected."
    return modal(TITLE, [section(said), context([f"Try it: `{slash_command} list`"])])


def refused_text(error: TrainingApiError | StoreError) -> str:
    """Why a key was not kept, and what to do; ``mrkdwn``."""
    known = next((said for kind, said in _REFUSED.items() if isinstance(error, kind)), None)
    if known is not None:
        return known
    status = error.status if isinstance(error, TrainingApiError) else None
    if status is not None and status < _SERVERS_FAULTS:
        return "*Simplismart doesn't know this organization with this key.* Nothing was changed."
    return _A_PROBLEM
