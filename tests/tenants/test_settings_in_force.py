"""What counts where, in one workspace and in an Enterprise Grid organization of several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from bot.domain.permissions.policies import PlaceSettings, Policy, Right, Who
from bot.domain.ports import InstallationStore
from bot.domain.ports.tenants import PlaceSettingsStore, StoredSettings
from bot.playground.clock import ManualClock
from bot.tenants.settings_in_force import KeptSettings

LISTED = PlaceSettings({Right.COST: Who.PEOPLE}, {Right.COST: ("U1",)})
GROUPED = PlaceSettings({Right.COST: Who.GROUP}, groups={Right.COST: "S1"}, slack_connect=True)


class Stored:
    """Both stores, of which only two methods are asked."""

    def __init__(self, *rows: tuple[str, str, str, PlaceSettings]) -> None:
        now = datetime(2026, 3, 2, tzinfo=UTC)
        self._rows = [
            StoredSettings(team, channel, each, "U1", now, grid) for team, channel, grid, each in rows
        ]

    async def all_settings(self) -> Sequence[StoredSettings]:
        """As the port says."""
        return self._rows

    async def revision(self) -> int:
        """As the port says."""
        return 1


async def kept(*rows: tuple[str, str, str, PlaceSettings]) -> KeptSettings:
    """As a process has them."""
    stored = Stored(*rows)
    made = KeptSettings(cast("PlaceSettingsStore", stored), cast("InstallationStore", stored), ManualClock())
    await made.refresh()
    return made


async def test_a_setting_counts_in_its_own_workspace_only() -> None:
    """Also where both are of one organization."""
    made = await kept(("T1", "", "E1", LISTED))
    assert (await made.read("T1", "C1", "E1")).policy(Right.COST) == Policy(Who.PEOPLE, ("U1",))
    assert (await made.read("T2", "C1", "E1")).policy(Right.COST) == Policy()
    assert (await made.read("T2", "C1")).policy(Right.COST) == Policy()


async def test_a_channels_counts_for_every_workspace_of_its_organization() -> None:
    """A workspace's own of it comes first; another company's, which shares the channel, counts for nobody."""
    made = await kept(("T1", "C1", "E1", LISTED), ("T3", "C1", "E3", GROUPED))
    assert (await made.read("T2", "C1", "E1")).policy(Right.COST) == Policy(Who.PEOPLE, ("U1",))
    assert (await made.read("T2", "C2", "E1")).policy(Right.COST) == Policy()
    assert not made.shows_cost("T2", "C1", "E1"), "an update there is read by the same people"
    assert made.shows_cost("T2", "C2", "E1")
    assert (await made.read("T9", "C1", "E9")).policy(Right.COST) == Policy()
    assert (await made.read("T9", "C1")).policy(Right.COST) == Policy()
    assert (await made.read("T3", "C1", "E3")).policy(Right.COST) == Policy(Who.GROUP, (), "S1")


async def test_where_it_is_unknown_which_workspace_only_what_all_allow() -> None:
    """So that cost in updates is shown by none of them that keeps it to some."""
    made = await kept(("T1", "", "E1", LISTED), ("T2", "", "E1", GROUPED))
    found = await made.read("E1", "C1", "E1")
    assert found.policy(Right.COST) == Policy(Who.PEOPLE)
    assert found.policy(Right.SUBSCRIBE) == Policy()
    assert found.others.slack_connect is False
    assert not made.shows_cost("E1", "C1")
    assert made.shows_cost("E2", "C1")
    alike = await kept(("T1", "", "E1", LISTED), ("T2", "", "E1", LISTED))
    assert (await alike.read("E1", "C1", "E1")).policy(Right.COST) == Policy(Who.PEOPLE, ("U1",))
    one = await kept(("T1", "", "E1", GROUPED))
    assert (await one.read("E1", "")).others.slack_connect is True


async def test_what_an_earlier_version_kept_for_the_organization_still_counts() -> None:
    """In each workspace until something is set there: nobody gets a right by the upgrade alone."""
    before = ("E1", "", "", LISTED), ("E1", "C1", "", GROUPED)
    made = await kept(*before)
    for team_id in ("T1", "E1"):
        assert (await made.read(team_id, "C2", "E1")).policy(Right.COST) == Policy(Who.PEOPLE, ("U1",))
        assert (await made.read(team_id, "C1", "E1")).policy(Right.COST) == Policy(Who.GROUP, (), "S1")
    assert not made.shows_cost("E1", "C1")
    assert not made.shows_cost("T1", "C2", "E1")
    assert (await made.read("T1", "C1")).policy(Right.COST) == Policy()
    for channel_id, settings in (("", LISTED), ("C1", GROUPED)):
        shown = await made.own("T1", channel_id, "E1")
        assert shown is not None
        assert shown.settings == settings
    assert await made.own("T1", "") is None

    set_since = await kept(*before, ("T1", "", "E1", GROUPED), ("T2", "C1", "E1", LISTED))
    assert (await set_since.read("T1", "", "E1")).policy(Right.COST) == Policy(Who.GROUP, (), "S1")
    assert (await set_since.read("T1", "C1", "E1")).policy(Right.COST) == Policy(Who.PEOPLE, ("U1",))
