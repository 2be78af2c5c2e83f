"""How the tenants are, for whoever asks whether the bot is ready: counts, and never names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    return [*_of_keys(services), *_of_answers(services)]


def _of_answers(services: Services) -> Iterator[str]:
    """What the last request for each organization came to, where that was nothing."""
    opened = services.registry.organizations.opened
    failing = sum(each.client.failing_with is not None for each in opened)
    refused = sum(each.client.is_refused for each in opened)
    for said, times in (
        ("Simplismart refuses the API key", refused),
        ("Simplismart doesn't answer", failing - refused),
    ):
        if times:
            yield said if len(opened) == 1 else f"{said} for {times} of {len(opened)} organizations"


def _of_keys(services: Services) -> Sequence[str]:
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
