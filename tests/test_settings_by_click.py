"""The settings of an app that workspaces install themselves."""

from __future__ import annotations

import pytest

from bot.domain.errors import SettingsError
from bot.settings import load_settings
from tests.settings_environment import ENOUGH, KEY, environment

__all__ = ["environment"]
BY_CLICK = {
    "SLACK_CLIENT_ID": "12.34",
    "SLACK_CLIENT_SECRET": "client-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "SECRETS_KEYS": f" {KEY}, {KEY} ",
}


def _problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return list(caught.value.problems)


def test_an_app_that_is_installed_by_a_click_needs_no_workspace(environment: pytest.MonkeyPatch) -> None:
    """Nor an organization."""
    for name, value in BY_CLICK.items():
        environment.setenv(name, value)
    settings = load_settings()
    assert settings.installs_by_click
    assert settings.secrets_key_list == (KEY,)
    assert settings.allowed_workspace_ids is None
    environment.setenv("ALLOWED_WORKSPACES", "T012AB3CD E012AB3CD")
    assert load_settings().allowed_workspace_ids == {"T012AB3CD", "E012AB3CD"}


def test_the_settings_organization_is_for_workspaces_that_are_named(environment: pytest.MonkeyPatch) -> None:
    """Not for everybody; and a bot token among the settings would be nobody's."""
    for name, value in {**BY_CLICK, **ENOUGH}.items():
        environment.setenv(name, value)
    (problem,) = _problems()
    assert problem.startswith("SLACK_BOT_TOKEN goes without SLACK_CLIENT_ID")
    environment.delenv("SLACK_BOT_TOKEN")
    assert load_settings().simplismart_org_id == ENOUGH["SIMPLISMART_ORG_ID"]
    environment.setenv("ALLOWED_WORKSPACES", "*")
    (problem,) = _problems()
    assert problem.startswith("SIMPLISMART_ORG_ID can't be everybody's")
    environment.delenv("SIMPLISMART_ORG_ID")
    assert _problems() == ["SIMPLISMART_ORG_ID goes with SIMPLISMART_API_TOKEN: set both, or neither"]


def test_installing_by_a_click_needs_its_secret_and_keys(environment: pytest.MonkeyPatch) -> None:
    """Each is named, with what to do."""
    for name, value in BY_CLICK.items():
        environment.setenv(name, value)
    environment.delenv("SLACK_CLIENT_SECRET")
    assert _problems() == ["SLACK_CLIENT_SECRET is not set: SLACK_CLIENT_ID needs it"]
    environment.setenv("SLACK_CLIENT_SECRET", "client-secret")
    environment.delenv("SECRETS_KEYS")
    (problem,) = _problems()
    assert problem.startswith("SLACK_CLIENT_ID needs SECRETS_KEYS: `python -m bot rekey --new-key`")
    for name, value in {**ENOUGH, "SLACK_CLIENT_ID": ""}.items():
        environment.setenv(name, value)
    assert _problems() == ["SLACK_CLIENT_SECRET goes with SLACK_CLIENT_ID"]
