"""The settings: read once, every mistake told at once, no value shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.domain.job.cost import Money
from bot.settings import load_settings, load_words
from tests.settings_environment import ENOUGH, KEY, environment

__all__ = ["environment"]
_NO_PAGES = (
    "hunter2",
    "https://hunter2.example/jobs",
    "https://hunter2.example/{request_id}/{request_id}",
    "https://{request_id}.hunter2.example/",
    "https://u:hunter2@hunter2.example/{request_id}",
    "ftp://hunter2.example/{request_id}",
    "https://hunter2.example/a b/{request_id}",
    "https://hunter2.example/{request_id}|hunter2",
    "https://hunter2.example/{request_id}>",
    "https://hunter2.example/{other}/{request_id}",
    "https://[::1/hunter2/{request_id}",
    f"https://hunter2.example/{'x' * 1000}{{request_id}}",
)
"""What ends a link in Slack, has no place for the ID or two, or is no web address."""


def test_a_job_page_may_be_a_path_a_query_or_a_fragment(environment: pytest.MonkeyPatch) -> None:
    """As the console has it; unset, there are no links."""
    _set(environment)
    assert load_settings().job_page_url is None
    for rest in ("jobs/{request_id}", "jobs?org=1&id={request_id}", "#/jobs/{request_id}/overview"):
        _set(environment, JOB_PAGE_URL=f" https://console.example:8443/{rest} ")
        assert load_settings().job_page_url == f"https://console.example:8443/{rest}"


def _set(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {**ENOUGH, **values}.items():
        environment.setenv(name, value)


def test_what_is_missing_is_told_all_at_once() -> None:
    """An empty environment names every setting that has no default."""
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [problem.split()[0] for problem in caught.value.problems] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SIMPLISMART_API_TOKEN",
        "SIMPLISMART_ORG_ID",
    ]


def test_prices_come_by_the_type_of_gpu(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One setting for each type, with a currency or without; the environment goes before ``.env``."""
    (tmp_path / ".env").write_text("GPU_HOUR_PRICE_A10G=0.5 EUR\nGPU_HOUR_PRICE_H100=9\n", encoding="utf-8")
    _set(environment, GPU_HOUR_PRICE_H100="2.49 USD", GPU_HOUR_PRICE_RTX_4090="")
    assert load_settings().gpu_hour_price == {"h100": Money(2.49, "USD"), "a10g": Money(0.5, "EUR")}


@pytest.mark.parametrize("value", ["hunter2", "-1", "1e400", "nan", "2,49", "2.49 dollars"])
def test_a_price_that_is_none_is_named(environment: pytest.MonkeyPatch, value: str) -> None:
    """By its whole name, without its value; one without a type of GPU too."""
    _set(environment, GPU_HOUR_PRICE_H100=value, GPU_HOUR_PRICE_T4="1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert list(caught.value.problems) == [
        "GPU_HOUR_PRICE_H100 must be a price of one GPU-hour, such as 2.49 or 2.49 USD"
    ]
    environment.delenv("GPU_HOUR_PRICE_H100")
    environment.delenv("GPU_HOUR_PRICE_T4")
    _set(environment, GPU_HOUR_PRICE=value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "GPU_HOUR_PRICE needs the type of GPU" in caught.value.problems[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "hunter2"),
        ("SLACK_BOT_TOKEN", "xoxb-hunter2 hunter2"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2"),
        ("SLACK_CLIENT_ID", "12&scope=hunter2"),
        ("ALLOWED_WORKSPACES", "T012AB3CD,hunter2"),
        ("ALLOWED_WORKSPACES", "T012AB3CD,*"),
        ("ALLOWED_WORKSPACES", ","),
        ("SECRETS_KEYS", "hunter2"),
        ("SECRETS_KEYS", f"{KEY},hunter2"),
        ("SECRETS_KEYS", f"{KEY[:-1]}!"),
        ("SLACK_API_URL", "hunter2"),
        ("SLACK_API_URL", "https://u:hunter2@[::1"),
        ("SIMPLISMART_API_TOKEN", "Bearer hunter2"),
        ("SIMPLISMART_API_TOKEN", "hunter2\nhunter2"),
        ("SIMPLISMART_API_URL", "ftp://hunter2"),
        ("SIMPLISMART_API_URL", "https://hunter2.example?x=y"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("DATABASE_URL", "sqlite://hunter2"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?channel_binding=require"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?sslmode=hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?connect_timeout=hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?pgbouncer=hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?target_session_attrs=hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?connection_limit=hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?hunter2%20=hunter2"),
        ("WATCH_MIN_INTERVAL_SECONDS", "hunter2"),
        ("WATCH_MIN_INTERVAL_SECONDS", "0.09"),
        ("WATCH_MIN_INTERVAL_SECONDS", "nan"),
        ("WATCH_MAX_INTERVAL_SECONDS", "inf"),
        ("WATCH_MAX_INTERVAL_SECONDS", "14"),
        ("WATCH_LEASE_SECONDS", "-1"),
        ("PORT", "hunter2"),
        ("PORT", "70000"),
        ("LOG_LEVEL", "hunter2"),
        ("LOG_FORMAT", "hunter2"),
        ("SLASH_COMMAND", "hunter2"),
        ("LINK_DOMAINS", "https://hunter2"),
        ("LINK_DOMAINS", "a.io,b.io,c.io,d.io,e.io,f.io"),
        ("LINK_DOMAINS", ","),
        *(("JOB_PAGE_URL", value) for value in _NO_PAGES),
        *(("ADMIN_USER_ID", value) for value in ("@hunter2", "C012AB3CD", "<@U012AB3CD>", "u012ab3cd")),
        ("TIMEZONE", "Mars/Hunter2"),
        ("TIMEZONE", "../hunter2"),
        ("SLASH_COMMAND", "/Hunter2 hunter2"),
    ],
)
def test_a_malformed_value_is_named_and_not_shown(
    environment: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    """The message has the setting's name and what is wanted, never what was given."""
    _set(environment, **{name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name} must")
    assert "hunter2" not in str(caught.value).lower()


def test_many_mistakes_are_one_report(environment: pytest.MonkeyPatch) -> None:
    """Malformed and missing ones come together."""
    _set(environment, PORT="x", LOG_LEVEL="loud", SLASH_COMMAND="job")
    environment.delenv("SIMPLISMART_ORG_ID")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert {problem.split()[0] for problem in caught.value.problems} == {
        "PORT",
        "LOG_LEVEL",
        "SLASH_COMMAND",
        "SIMPLISMART_ORG_ID",
    }


def test_a_time_zone_is_one_that_is_known(environment: pytest.MonkeyPatch) -> None:
    """UTC where none is set."""
    _set(environment)
    assert load_settings().timezone == "UTC"
    _set(environment, TIMEZONE=" Europe/Berlin ")
    assert load_settings().timezone == "Europe/Berlin"


def test_intervals_go_down_to_a_tenth_of_a_second(environment: pytest.MonkeyPatch) -> None:
    """For tests and impatient people; the longest may equal the shortest."""
    _set(
        environment,
        WATCH_MIN_INTERVAL_SECONDS="0.1",
        WATCH_MAX_INTERVAL_SECONDS="0.1",
        WATCH_LEASE_SECONDS="0.1",
    )
    settings = load_settings()
    assert settings.watch_min_interval_seconds == settings.watch_max_interval_seconds == 0.1
    assert settings.watch_lease_seconds == 0.1


def test_an_app_token_means_socket_mode(environment: pytest.MonkeyPatch) -> None:
    """With it no signing secret is needed; without it one is."""
    _set(environment, SLACK_APP_TOKEN="xapp-1-secret")
    environment.delenv("SLACK_SIGNING_SECRET")
    assert load_settings().uses_socket_mode
    _set(environment)
    environment.delenv("SLACK_APP_TOKEN")
    assert not load_settings().uses_socket_mode


def test_values_are_read_as_people_paste_them(environment: pytest.MonkeyPatch) -> None:
    """Spaces around, an upper-case level, a missing slash, an empty line in .env: all understood."""
    _set(
        environment,
        SLACK_BOT_TOKEN=" xoxb-1-secret\n",
        SLACK_API_URL="http://127.0.0.1:1/api",
        SIMPLISMART_API_URL="http://127.0.0.1:2/",
        LOG_LEVEL="INFO",
        DATABASE_URL="",
    )
    settings = load_settings()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
    assert settings.simplismart_api_url == "http://127.0.0.1:2"
    assert settings.log_level == "info"
    assert settings.database_url == "sqlite:///jobbot.sqlite3"


def test_dot_env_is_read_and_the_environment_wins(
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A .env in the working folder fills what the environment leaves open."""
    lines = [f"{name}={value}" for name, value in ENOUGH.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "PORT=4000", "SLASH_COMMAND=/train"]), "utf-8")
    environment.setenv("PORT", "5000")
    settings = load_settings()
    assert (settings.port, settings.slash_command) == (5000, "/train")
    assert load_words().slash_command == "/train"


def test_a_dot_env_that_is_no_text_is_one_plain_line(tmp_path: Path) -> None:
    """A binary .env is told as such."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8 text"):
        load_settings()


def test_secrets_do_not_show_in_a_representation(environment: pytest.MonkeyPatch) -> None:
    """Printing the settings shows no secret."""
    _set(environment)
    settings = load_settings()
    assert "secret'" not in repr(settings)
    assert "jwt-secret" not in f"{settings!r} {settings!s}"


@pytest.mark.parametrize(
    ("value", "read"), [(" U012AB3CD ", "U012AB3CD"), ("W0ENTERPR1", "W0ENTERPR1"), ("", None)]
)
def test_the_admin_is_a_person(environment: pytest.MonkeyPatch, value: str, read: str | None) -> None:
    """By the id that Slack shows in the profile; nobody where it is empty."""
    _set(environment, ADMIN_USER_ID=value)
    assert load_settings().admin_user_id == read
