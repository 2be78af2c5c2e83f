"""How the tenants are, for whoever asks whether the bot is ready: counts, and never names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.readiness import key_warnings
from bot.services import Services


def first_problem(services: Services | None) -> str | None:
    """Why nobody can be answered; None where the settings' tokens are known, or tenants have been read."""
    if services is None:
        return "closed"
    if not services.registry.is_fixed:
        return services.registry.problem
    return next(filter(None, (each.login.problem for each in services.tenants)), None)


def warnings_of(services: Services | None) -> Sequence[str]:
    """What will be wrong soon."""
    if services is None:
        return ()
    now = services.clock.now()
    if services.registry.is_fixed:
        keys = [each.access.training_api_token for each in services.tenants]
        return [warning for key in keys for warning in key_warnings(key, now)]
    if expiring := services.registry.expiring_keys(now):
        return [f"{expiring} of the organizations' API keys have expired, or expire within a week"]
    return ()


def counts_of(services: Services | None) -> Mapping[str, int]:
    """How many there are, and how many of them Slack or Simplismart refuses."""
    if services is None or services.registry.is_fixed:
        return {}
    registry = services.registry
    return {
        "workspaces": len(registry.installed),
        "workspaces_refused": sum(each.problem is not None for each in registry.installed),
        "tokens_not_refreshed": 0 if services.by_click is None else services.by_click.refresh_problems,
        "organizations": len(registry.organizations),
        "organizations_refused": sum(each.client.is_refused for each in registry.organizations.opened),
    }
