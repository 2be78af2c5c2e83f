"""The fields of `setup` that say what counts where nobody chooses; and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.kit.card import Block, header
from bot.cards.setup.fields import choice, chosen_in, text, typed_in
from bot.domain.permissions.policies import Place, PlaceSettings
from bot.domain.subscriptions.subscription import Mode

ZONE: Final = "zone"
_CONNECT, _DESTINATION, _MODE = "connect", "destination", "mode"
_ON, _OFF = "on", "off"
_CONNECTS: Final = {_ON: "Post updates and link cards there too", _OFF: "Post nothing there"}
_PLACES: Final = {Place.DM: "Direct messages", Place.HERE: "The channel"}
_MODES: Final = {Mode.MILESTONES: "Milestones", Mode.FINAL: "Final result", Mode.FAILURES: "Failures"}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What was chosen."""

    slack_connect: bool | None
    time_zone: str
    destination: Place | None
    mode: Mode | None


def default_fields(settings: PlaceSettings, *, is_channel: bool) -> list[Block]:
    """Every field, as it is set."""
    unset = "As the workspace" if is_channel else ""
    connect = {None: "", True: _ON, False: _OFF}[settings.slack_connect]
    zone = "Such as Europe/Berlin. Counts where Slack doesn't say where somebody is."
    return [
        header("Defaults"),
        choice(_CONNECT, "Channels shared with another company", _CONNECTS, connect,
               unset or "Default: as the bot's settings say"),
        text(ZONE, "Time zone", zone, settings.time_zone),
        choice(_DESTINATION, "Where the Subscribe window sends updates", _PLACES, settings.destination or "",
               unset or "Default: direct messages"),
        choice(_MODE, "Which updates a new subscription gets", _MODES, settings.mode or "",
               unset or "Default: milestones"),
    ]  # fmt: skip


def defaults_in(values: Mapping[str, Any]) -> Defaults:
    """What was chosen; ``values`` is the view's ``state.values``."""
    connect = chosen_in(values, _CONNECT, _CONNECTS)
    destination, mode = chosen_in(values, _DESTINATION, _PLACES), chosen_in(values, _MODE, _MODES)
    return Defaults(
        {_ON: True, _OFF: False}.get(connect),
        typed_in(values, ZONE),
        Place(destination) if destination else None,
        Mode(mode) if mode else None,
    )
