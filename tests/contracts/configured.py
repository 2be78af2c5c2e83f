"""Settings of workspaces and channels for the contract."""

from __future__ import annotations

from bot.domain.permissions.policies import Place, PlaceSettings, Right, Who
from bot.domain.ports.tenants import StoredSettings
from bot.domain.subscriptions.subscription import Mode
from tests.contracts.facts import ADA, BOB, T0, TEAM

WHOLE = PlaceSettings(
    {Right.SUBSCRIBE: Who.PEOPLE, Right.CHANNELS: Who.PEOPLE, Right.COST: Who.GROUP},
    {Right.SUBSCRIBE: (ADA, BOB), Right.CHANNELS: (BOB,)},
    {Right.COST: "S0GROUP", Right.SUBSCRIBE: "S0OTHER"},
    slack_connect=True,
    time_zone="Europe/Berlin",
    destination=Place.HERE,
    mode=Mode.FINAL,
)


def settings_of(team_id: str = TEAM, channel_id: str = "", settings: PlaceSettings = WHOLE) -> StoredSettings:
    """What somebody set for a place."""
    return StoredSettings(team_id, channel_id, settings, ADA, T0, "E1")
