"""Settings as tools and providers hand them out: quotes that stayed, and addresses for other drivers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.settings import Settings, load_database, load_settings, wrapped_settings

ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "SIMPLISMART_API_TOKEN": "jwt-secret",
    "SIMPLISMART_ORG_ID": "org-1",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Enough settings, and a folder without a .env."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize("wrapped", ["'{}'", '"{}"', "{}\n", "{}\r\n", " '{}'\n", "\n{}"])
def test_every_setting_is_unwrapped(environment: pytest.MonkeyPatch, wrapped: str) -> None:
    """The value is what is inside quotes and line ends, and that they were there is told."""
    plain = load_settings()
    values = {
        **ENOUGH,
        **{
            name.upper(): str(getattr(plain, name))
            for name in Settings.model_fields
            if name.upper() not in ENOUGH
            and name not in {"slack_app_token", "gpu_hour_price"}
            and getattr(plain, name) is not None
        },
        "GPU_HOUR_PRICE_H100": "2.49 USD",
    }
    for name, value in values.items():
        environment.setenv(name, wrapped.format(value))
    settings = load_settings()
    prices = settings.gpu_hour_price
    assert settings.model_copy(update={"gpu_hour_price": {}}) == plain
    assert prices["h100"].amount == 2.49
    assert set(wrapped_settings(Settings.model_fields)) == values.keys() - {"GPU_HOUR_PRICE_H100"}


def test_what_only_looks_wrapped_stays(environment: pytest.MonkeyPatch) -> None:
    """One quote, or quotes within, belong to the value."""
    for value in ("'xoxb", "xo'x'b", "'", "xoxb'"):
        environment.setenv("SLACK_SIGNING_SECRET", value)
        secret = load_settings().slack_signing_secret
        assert secret is not None
        assert secret.get_secret_value() == value
    assert wrapped_settings(Settings.model_fields) == ()


def test_empty_quotes_are_not_set(environment: pytest.MonkeyPatch) -> None:
    """As an empty line is."""
    environment.setenv("PORT", '""')
    assert load_settings().port == 3000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgres://u:p@h:5432/d?sslmode=require", "postgres://u:p@h:5432/d?sslmode=require"),
        ("postgres://u:p@h/d?sslmode=require&channel_binding=prefer", "postgres://u:p@h/d?sslmode=require"),
        (
            "postgresql://u:p@h/d?pgbouncer=true&connect_timeout=10",
            "postgresql://u:p@h/d?pgbouncer=true&connect_timeout=10",
        ),
        ("postgresql://u:p@h/d?options=endpoint%3Dx", "postgresql://u:p@h/d?options=endpoint%3Dx"),
        ("postgresql://u:p@h/d?channel_binding=disable", "postgresql://u:p@h/d"),
        ("postgresql://u:p@/d?host=/run/postgresql", "postgresql://u:p@/d?host=%2Frun%2Fpostgresql"),
    ],
)
def test_what_providers_add_is_honored(environment: pytest.MonkeyPatch, given: str, kept: str) -> None:
    """Each parameter reaches the driver or the bot."""
    environment.setenv("DATABASE_URL", given)
    assert load_database().database_url == kept


@pytest.mark.parametrize(
    ("parameter", "named"),
    [
        ("channel_binding=require", "channel_binding"),
        ("connection_limit=5", "connection_limit"),
        ("schema=public", "schema"),
        ("sslaccept=strict", "sslaccept"),
        ("pool_timeout=0", "pool_timeout"),
    ],
)
def test_what_cannot_be_honored_is_named(environment: pytest.MonkeyPatch, parameter: str, named: str) -> None:
    """Instead of what the server says when it meets it."""
    environment.setenv("DATABASE_URL", f"postgresql://u:hunter2@h/d?{parameter}")
    with pytest.raises(SettingsError) as caught:
        load_database()
    (problem,) = caught.value.problems
    assert named in problem
    assert "hunter2" not in problem
