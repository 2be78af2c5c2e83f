"""Every setting, with its default and what it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator

from bot.settings.subsets import Database, Words
from bot.settings.values import (
    ON_PORT,
    ClientId,
    MetricsPort,
    Prices,
    Seconds,
    TimeZone,
    Token,
    UserId,
    WebAddress,
    Workspaces,
    lowered,
    trimmed,
)

_NONE = SecretStr("")
EVERYBODY = "*"
"""What ALLOWED_WORKSPACES says for any workspace."""
_ONE_WORKSPACE = ("slack_bot_token", "simplismart_api_token", "simplismart_org_id")
"""What a single workspace takes; where the app is installed by a click, none of it has to be set."""


class Settings(Words, Database):
    """Everything `serve` needs, in the order it is told to people."""

    slack_client_id: ClientId | None = Field(
        default=None,
        description="The client ID (Basic Information). Set: workspaces install the app by a click.",
    )
    slack_client_secret: Token | None = Field(
        default=None,
        description="The client secret: Basic Information. Needed with SLACK_CLIENT_ID.",
        validate_default=True,
    )
    allowed_workspaces: Workspaces | None = Field(
        default=None,
        description="IDs of those that may install (T… or E…), or *. Unset: the first that installs.",
    )
    slack_bot_token: Token = Field(
        default=_NONE,
        description="The bot token (xoxb-…): OAuth & Permissions. Needed without SLACK_CLIENT_ID.",
        validate_default=True,
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
        default=_NONE,
        description="Simplismart's API key, as issued (a JWT, without the word Bearer).",
        validate_default=True,
    )
    simplismart_org_id: Annotated[str, BeforeValidator(trimmed)] = Field(
        default="",
        max_length=200,
        description="The organization whose jobs the bot can show.",
        validate_default=True,
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
    metrics_port: MetricsPort | None = Field(
        default=None,
        description="Serves /metrics (Prometheus) on this port; PORT: on PORT, in public. Unset: off.",
    )
    traces: bool = Field(
        default=False,
        description="true: sends OpenTelemetry traces (needs jobbot[otel]) to OTEL_EXPORTER_OTLP_ENDPOINT.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = Field(
        "info", description="Log level: debug, info, warning or error."
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(lowered)] = Field(
        "console", description="Log format: console for people, json for log collectors."
    )

    @field_validator("slack_client_id")
    @classmethod
    def _has_keys_for_what_it_stores(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and "secrets_keys" in info.data and info.data["secrets_keys"] is None:
            msg = "needs SECRETS_KEYS: `python -m bot rekey --new-key` prints one"
            raise ValueError(msg)
        return value

    @field_validator("slack_client_secret")
    @classmethod
    def _is_there_with_the_id(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "slack_client_id" in info.data and (value is None) != (info.data["slack_client_id"] is None):
            msg = "is not set: SLACK_CLIENT_ID needs it" if value is None else "goes with SLACK_CLIENT_ID"
            raise ValueError(msg)
        return value

    @field_validator(*_ONE_WORKSPACE)
    @classmethod
    def _is_there_for_one_workspace(cls, value: SecretStr | str, info: ValidationInfo) -> SecretStr | str:
        if not value and "slack_client_id" in info.data and info.data["slack_client_id"] is None:
            msg = "is not set"
            raise ValueError(msg)
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _is_nobodys_by_click(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if value and info.data.get("slack_client_id") is not None:
            msg = "goes without SLACK_CLIENT_ID: remove it, and install the app by a click"
            raise ValueError(msg)
        return value

    @field_validator("simplismart_org_id")
    @classmethod
    def _is_for_those_who_are_named(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("slack_client_id") is None:
            return value
        if "simplismart_api_token" in info.data and bool(value) != bool(info.data["simplismart_api_token"]):
            msg = "goes with SIMPLISMART_API_TOKEN: set both, or neither"
            raise ValueError(msg)
        if value and info.data.get("allowed_workspaces") == EVERYBODY:
            msg = "can't be everybody's: remove it, or name the workspaces in ALLOWED_WORKSPACES"
            raise ValueError(msg)
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _is_a_bot_token(cls, value: SecretStr) -> SecretStr:
        if value and not value.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
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
    def metrics_are_public(self) -> bool:
        """Whether ``/metrics`` is served where Slack's requests come in."""
        return self.metrics_port == ON_PORT or self.metrics_port == self.port != 0

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached over a websocket instead of sending requests to us."""
        return self.slack_app_token is not None

    @property
    def installs_by_click(self) -> bool:
        """Whether workspaces install the app themselves, and their tokens are in the database."""
        return self.slack_client_id is not None

    @property
    def allowed_workspace_ids(self) -> frozenset[str] | None:
        """Which workspaces and organizations may install it, ``*`` for any; None: the first that does."""
        return None if self.allowed_workspaces is None else frozenset(self.allowed_workspaces.split(","))
