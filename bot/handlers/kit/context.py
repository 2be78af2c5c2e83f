"""What every command and button gets: the ports, and the few facts that its words need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.cards.home.help import CommandHelp
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.domain.health.readiness import Readiness
from bot.domain.permissions.administration import SetupOffer
from bot.domain.permissions.policies import InForce
from bot.domain.ports import (
    AuditStore,
    Clock,
    ConnectionSetup,
    Deliverer,
    DigestStore,
    FeedStore,
    FinishedJobStore,
    InstallationStore,
    MetricsCheckStore,
    PauseStore,
    SlackGateway,
    SlackLogin,
    TrainingApi,
)
from bot.domain.ports.monitoring import NOT_MEASURED, BacklogStore, Measures
from bot.domain.ports.tenants import SettingsInForce, StoredSettings
from bot.handlers.kit.earlier_failures import EarlierFailures
from bot.handlers.kit.silenced_findings import SilencedFindings
from bot.handlers.kit.subscription_cache import Followings


def nothing(_failure: Exception) -> None:
    """What happens with a failure, where nobody counts them."""


def nowhere(_team_id: str, _channel_id: str) -> None:
    """Where no channel has an organization of its own."""


class OwnChannel(NamedTuple):
    """A channel that a workspace gave an organization of its own."""

    team_id: str
    """That workspace, or the organization of workspaces."""
    channel_id: str
    org_id: str
    """Empty where its key is gone."""


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of an installation that have an organization of their own."""

    own: tuple[OwnChannel, ...] = ()
    team_ids: frozenset[str] = frozenset()
    """Under which something of it may be stored: its workspaces, and the organization of them."""
    context_in: Callable[[str, str], Context | None] = nowhere
    """What people in a workspace's channel are answered with."""

    def has(self, channel_id: str) -> bool:
        """Whether any workspace gave this one its own."""
        return any(each.channel_id == channel_id for each in self.own)


@dataclass(frozen=True, slots=True)
class Context:
    """Built once by `bot.app`; never changes."""

    training_api: TrainingApi
    slack: SlackGateway
    clock: Clock
    slash_command: str
    """As people type it here, such as ``/job``."""
    help: tuple[CommandHelp, ...]
    """One entry for each command, for the help card."""
    new_reference: Callable[[], str]
    """The short text by which a failure a person saw is found in the log: that of the delivery."""
    org_id: str
    """The organisation whose jobs the bot asks about."""
    subscriptions: Followings
    earlier_failures: EarlierFailures
    audit: AuditStore
    """See `bot.handlers.audit.record`."""
    backlog: BacklogStore
    readiness: Callable[[], Awaitable[Readiness]]
    """How the process is, asked anew."""
    installations: InstallationStore
    """Where the app was installed by a click."""
    connecting: ConnectionSetup
    """How an organization is connected."""
    settings: SettingsInForce
    """What the workspace and its channels set."""
    feeds: FeedStore
    digests: DigestStore
    pauses: PauseStore
    metrics_checks: MetricsCheckStore
    silenced_findings: SilencedFindings
    history: FinishedJobStore
    deliverer: Deliverer
    wake_watcher: Callable[[], None]
    """A job is watched anew: look now."""
    login: SlackLogin
    is_first_answer: Callable[[str, str], Awaitable[bool]]
    """Whether nobody was answered before in this workspace, in this channel or to this person."""
    admin_user_id: str | None = None
    """Your jobbot admin: who may ask how the bot is."""
    is_org_wide: bool = False
    """The app is installed for an Enterprise Grid organization, with all its workspaces."""
    workspace_id: str = ""
    """The one of them in which somebody acts; empty where that isn't known, or there is only one."""
    channels: Channels = field(default_factory=Channels)
    own_channel: str = ""
    """The channel whose own organization is asked from direct messages; empty where none is."""
    key_entered_in: str | None = None
    """The channel that an admin entered the organization's key for; empty: for the workspace. None: it is
    the settings'."""
    setup_offer: SetupOffer | None = None
    """Whether whoever is answered may set the bot up; None where it wasn't asked."""
    time_zone: str = "UTC"
    """The IANA name that counts where people name none."""
    card_settings: CardSettings = NOTHING_SET
    """What the operator set that cards show."""
    link_domains: tuple[str, ...] = ()
    """Links to job pages there, and below, are shown as cards."""
    unfurls_in_shared_channels: bool = False
    """The same where people of another company read along."""
    measures: Measures = NOT_MEASURED
    on_failure: Callable[[Exception], None] = nothing
    """Called with every failure that a person is told."""

    async def settings_at(self, team_id: str, channel_id: str) -> InForce:
        """What is set there, for the workspace in which somebody acts.

        Raises:
            StoreError: nobody knows what was set.
        """
        return await self.settings.read(self.workspace_id or team_id, channel_id, self._organization)

    def known_settings_at(self, team_id: str, channel_id: str) -> InForce | None:
        """The same without any I/O; None where nobody knows."""
        return self.settings.known(self.workspace_id or team_id, channel_id, self._organization)

    async def own_settings(self, team_id: str, channel_id: str) -> StoredSettings | None:
        """What was set for just this place, as it is now; None for nothing.

        Raises:
            StoreError: nobody knows what was set.
        """
        return await self.settings.own(team_id, channel_id, self._organization)

    @property
    def _organization(self) -> str:
        return self.login.installation.enterprise_id if self.is_org_wide else ""
