"""What handlers are given for each tenant: made with the first delivery, anew where the tenant changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import NamedTuple

from bot.background import Background
from bot.domain.health.readiness import Readiness
from bot.handlers.entry.registry import Dispatch
from bot.handlers.home.introductions import Introductions
from bot.handlers.kit.context import Channels, Context, OwnChannel
from bot.handlers.kit.earlier_failures import EarlierFailures
from bot.handlers.kit.silenced_findings import SilencedFindings
from bot.handlers.kit.subscription_cache import Followings
from bot.handlers.kit.tenants import Tenants
from bot.registry.installed import Tenant
from bot.services import Services, card_settings
from bot.settings import Settings
from bot.tasks import reference


class AtHand(NamedTuple):
    """What the database says for cards, remembered for a while: they cannot wait for it."""

    followings: Followings
    earlier: EarlierFailures
    silenced: SilencedFindings
    introductions: Introductions

    @classmethod
    def opened(cls, services: Services, followings: Followings, opening: AsyncExitStack) -> AtHand:
        """All of it; ``opening`` closes what is made here."""
        store, clock = services.store, services.clock
        earlier = EarlierFailures(store.finished_jobs, clock)
        opening.push_async_callback(earlier.aclose)
        silenced = SilencedFindings(store.metrics_checks, clock)
        opening.push_async_callback(silenced.aclose)
        introductions = Introductions(store.greetings, clock)
        opening.push_async_callback(introductions.aclose)
        return cls(followings, earlier, silenced, introductions)


class _Asked(NamedTuple):
    """Where people ask, and whose jobs."""

    team_id: str
    org_id: str


class Contexts:
    """One a tenant."""

    def __init__(  # noqa: PLR0913, PLR0917  (all that a context is made of)
        self,
        settings: Settings,
        services: Services,
        dispatch: Dispatch,
        background: Background,
        at_hand: AtHand,
        readiness: Callable[[], Awaitable[Readiness]],
    ) -> None:
        self._readiness = readiness
        self._settings = settings
        self._services = services
        self._dispatch = dispatch
        self._background = background
        self._at_hand = at_hand
        self._made: dict[_Asked, tuple[Tenant, Context]] = {}
        services.registry.on_change(self._made.clear)

    def tenants(self) -> Tenants:
        """Who asks from where."""
        fixed = [self.context(each) for each in self._services.tenants]
        return Tenants(fixed, None if self._services.registry.is_fixed else self.installed)

    def installed(self, team_id: str, channel_id: str) -> Context | None:
        """The context there; None where the app is not installed."""
        if (tenant := self._services.registry.tenant(team_id, channel_id)) is None:
            return None
        key = _Asked(team_id, tenant.access.org_id)
        known = self._made.get(key)
        if known is None or known[0] is not tenant:
            known = self._made[key] = (tenant, self.context(tenant))
        return known[1]

    def any(self) -> Context:
        """For what is the same for every tenant."""
        tenants = self._services.tenants
        return self.context(tenants[0] if tenants else self._services.registry.nobody())

    def _channels(self, tenant: Tenant) -> Channels:
        """Each is its own workspace's: one installation may serve many, which share channels."""
        workspace, home_id = tenant.workspace, tenant.workspace.home_id
        places = {
            **dict.fromkeys(sorted(workspace.without_key), ""),
            **{(each.team_id, each.channel_id): each.org_id for each in workspace.organizations},
        }
        own = (
            OwnChannel(team_id or home_id, channel_id, org_id)
            for (team_id, channel_id), org_id in places.items()
            if channel_id
        )
        team_ids = frozenset({home_id, *(team_id for team_id, _ in places)} - {""})
        return Channels(tuple(own), team_ids, self.installed)

    def context(self, tenant: Tenant) -> Context:
        """Everything a handler needs for it."""
        login, org_id, store = tenant.login, tenant.access.org_id, self._services.store
        settings, at_hand = self._settings, self._at_hand
        return Context(
            training_api=tenant.training_api,
            slack=login.gateway,
            clock=self._services.clock,
            subscriptions=at_hand.followings,
            earlier_failures=at_hand.earlier,
            audit=store.audit,
            backlog=store.backlog,
            readiness=self._readiness,
            admin_user_id=tenant.workspace.admin_user_id,
            is_org_wide=tenant.workspace.is_org_wide,
            channels=self._channels(tenant),
            key_entered_in=tenant.access.channel_id if tenant.access.is_entered else None,
            installations=store.installations,
            connecting=self._services.connecting,
            settings=self._services.in_force,
            feeds=store.feeds,
            digests=store.digests,
            pauses=store.pauses,
            metrics_checks=store.metrics_checks,
            silenced_findings=at_hand.silenced,
            history=store.finished_jobs,
            time_zone=settings.timezone,
            deliverer=self._background,
            org_id=org_id,
            wake_watcher=partial(self._background.wake_watcher, org_id),
            login=login,
            is_first_answer=at_hand.introductions.is_first,
            slash_command=settings.slash_command,
            link_domains=settings.link_domain_names,
            unfurls_in_shared_channels=settings.unfurl_in_shared_channels,
            help=self._dispatch.help,
            new_reference=reference,
            card_settings=card_settings(settings, self._services),
            measures=self._services.measures,
        )
