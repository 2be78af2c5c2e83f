"""Every setting, with its default and what it is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.families import FamilySource
from bot.settings.values import (
    DatabaseAddress,
    JobPageUrl,
    LinkDomains,
    Prices,
    Seconds,
    TimeZone,
    Token,
    UserId,
    WebAddress,
    lowered,
    trimmed,
)
from bot.settings.wrapping import all_unwrapped

_SLASH_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


class _Environment(BaseSettings):
    """Where settings come from."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed in, then the environment, then ``.env``; families are gathered from both."""
        both = [each for each in (dotenv_settings, env_settings) if isinstance(each, EnvSettingsSource)]
        for each in both:
            each.env_vars = all_unwrapped(each.env_vars)
        families = FamilySource(settings_cls, *(each.env_vars for each in both))
        return init_settings, families, env_settings, dotenv_settings, file_secret_settings


class Words(_Environment):
    """What the bot is called. Enough for the commands that need no account."""

    slash_command: Annotated[str, BeforeValidator(trimmed)] = Field(
        "/job",
        description="The slash command people type. The manifest, help and cards use it.",
    )

    link_domains: LinkDomains = Field(
        "app.simplismart.ai",
        description="Domains of job pages: links to them get a short card. Up to 5, separated by commas.",
    )

    job_page_url: JobPageUrl | None = Field(
        default=None,
        description="Address of a job's page, with {request_id} in it: cards link the job's name to it.",
    )

    @property
    def link_domain_names(self) -> tuple[str, ...]:
        """The domains of `link_domains`, each once."""
        return tuple(dict.fromkeys(self.link_domains.split(",")))

    @field_validator("slash_command")
    @classmethod
    def _is_a_slash_command(cls, value: str) -> str:
        if not _SLASH_COMMAND.fullmatch(value):
            msg = "must be a slash and up to 31 lower-case letters, digits, - or _, such as /job"
            raise ValueError(msg)
        return value


class Database(_Environment):
    """Where the bot keeps things. Enough for the commands that only look there."""

    database_url: DatabaseAddress = Field(
        "sqlite:///jobbot.sqlite3",
        description="Database URL (SQLite file or PostgreSQL).",
    )


class Settings(Words, Database):
    """Everything `serve` needs, in the order it is told to people."""

    slack_bot_token: Token = Field(
        description="The bot token (xoxb-…): OAuth & Permissions in your Slack app's settings.",
    )
    slack_app_token: Token | None = Field(
        None,
        description="The app-level token (xapp-…) with connections:write. Set: Socket Mode. Unset: HTTP.",
    )
    slack_signing_secret: Token | None = Field(
        None,
        description="The signing secret: Basic Information. Needed for HTTP, not for Socket Mode.",
        validate_default=True,
    )
    slack_api_url: WebAddress = Field(
        "https://slack.com/api/",
        description="Slack's Web API. Change it only for a test server or a proxy.",
        validate_default=True,
    )
    simplismart_api_token: Token = Field(
        description="Simplismart's API key, as issued (a JWT, without the word Bearer).",
    )
    simplismart_org_id: Annotated[str, BeforeValidator(trimmed)] = Field(
        min_length=1,
        max_length=200,
        description="The organization whose jobs the bot can show.",
    )
    simplismart_api_url: WebAddress = Field(
        "https://training-suite.app.simplismart.ai",
        description="Simplismart's training API.",
    )
    admin_user_id: UserId | None = Field(
        default=None,
        description="Your jobbot admin's Slack user ID (U…): notified by DM before the API key expires.",
    )
    watch_min_interval_seconds: Seconds = Field(
        15.0,
        description="Minimum polling interval, in seconds.",
    )
    watch_max_interval_seconds: Seconds = Field(
        120.0,
        description="Maximum polling interval, in seconds; also the retry interval during an outage.",
        validate_default=True,
    )
    watch_lease_seconds: Seconds = Field(
        60.0,
        description="Seconds before another process takes over unfinished work.",
    )
    unfurl_in_shared_channels: bool = Field(
        default=False,
        description="true: links also get their card in channels shared with other companies.",
    )
    timezone: TimeZone = Field(
        "UTC",
        description="Default time zone for digests, such as Europe/Berlin.",
    )
    gpu_hour_price: Prices = Field(
        default={},
        description="Price of one GPU-hour of this GPU type, such as 2.49 USD; enables cost in reports.",
    )
    audit_retention_days: int = Field(
        default=400,
        ge=1,
        le=36_500,
        description="Days for which the audit trail is kept.",
    )
    port: int = Field(
        3000,
        ge=0,
        le=65535,
        description="The port of the HTTP server (Slack's requests, /healthz and /readyz). 0: any free port.",
    )
    host: Annotated[str, BeforeValidator(trimmed)] = Field(
        "0.0.0.0",  # noqa: S104  (a container or dyno is reached from outside; the demo sets 127.0.0.1)
        min_length=1,
        description="The address the HTTP server listens on.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = Field(
        "info", description="Log level: debug, info, warning or error."
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(lowered)] = Field(
        "console", description="Log format: console for people, json for log collectors."
    )

    @field_validator("slack_bot_token")
    @classmethod
    def _is_a_bot_token(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
            msg = "must be a bot token, which starts with xoxb-"
            raise ValueError(msg)
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _is_an_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xapp-"):
            msg = "must be an app-level token, which starts with xapp-"
            raise ValueError(msg)
        return value

    @field_validator("slack_signing_secret")
    @classmethod
    def _is_there_for_http(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and "slack_app_token" in info.data and info.data["slack_app_token"] is None:
            msg = "is not set: HTTP needs it (or set SLACK_APP_TOKEN for Socket Mode)"
            raise ValueError(msg)
        return value

    @field_validator("watch_max_interval_seconds")
    @classmethod
    def _is_no_shorter_than_the_shortest(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("watch_min_interval_seconds", value):
            msg = "must not be shorter than WATCH_MIN_INTERVAL_SECONDS"
            raise ValueError(msg)
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        return value + "/"

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached over a websocket instead of sending requests to us."""
        return self.slack_app_token is not None
