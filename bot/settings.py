"""The settings: the only reader of the environment and of ``.env``. All mistakes are told at once.

Each field's description is what ``.env.example`` and the README say of it; a test compares them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import SettingsError

_SLASH_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_NUMBER_MISTAKES = frozenset(
    {"int_parsing", "int_type", "float_parsing", "finite_number", "greater_than_equal", "less_than_equal"}
)
_SECONDS = "a number of seconds from 0.1 to 86400"
_PORTS = "a whole number from 0 to 65535"
_DATABASE_SCHEMES = frozenset(
    {"sqlite", "sqlite+aiosqlite", "postgres", "postgresql", "postgresql+asyncpg"},
)


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _lowered(value: object) -> str:
    return str(value).strip().lower()


def _web_address(value: object) -> str:
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        sound = sound and not (parts.query or parts.fragment or re.search(r"\s", text)) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        msg = "must be a web address such as https://example.com"
        raise ValueError(msg)
    return text.rstrip("/")


def _database_address(value: object) -> str:
    text = str(value).strip()
    scheme, separator, rest = text.partition("://")
    if scheme not in _DATABASE_SCHEMES or not separator:
        msg = "must start with sqlite:/// or postgresql://"
        raise ValueError(msg)
    if scheme.startswith("sqlite") and not re.fullmatch(r"/[^?#]+", rest):
        msg = "must name a file, such as sqlite:///jobbot.sqlite3"
        raise ValueError(msg)
    return text


def _token(value: object) -> object:
    text = _trimmed(value)
    if isinstance(text, str) and not re.fullmatch(r"[!-~]+", text):
        msg = "must be one word of plain characters, without spaces or line breaks"
        raise ValueError(msg)
    return text


Seconds = Annotated[float, Field(ge=0.1, le=86_400, allow_inf_nan=False)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
DatabaseAddress = Annotated[str, BeforeValidator(_database_address)]
Token = Annotated[SecretStr, BeforeValidator(_token)]


class Words(BaseSettings):
    """What the bot is called. Enough for the commands that need no account."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    slash_command: Annotated[str, BeforeValidator(_trimmed)] = Field(
        "/job",
        description="The slash command people type. Help, cards and the manifest follow it.",
    )

    @field_validator("slash_command")
    @classmethod
    def _is_a_slash_command(cls, value: str) -> str:
        if not _SLASH_COMMAND.fullmatch(value):
            msg = "must be a slash and up to 31 lower-case letters, digits, - or _, such as /job"
            raise ValueError(msg)
        return value


class Settings(Words):
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
        description="The training suite's API key, as issued (a JWT, without the word Bearer).",
    )
    simplismart_org_id: Annotated[str, BeforeValidator(_trimmed)] = Field(
        min_length=1,
        max_length=200,
        description="The organisation whose jobs the bot may show.",
    )
    simplismart_api_url: WebAddress = Field(
        "https://training-suite.app.simplismart.ai",
        description="The training suite.",
    )
    database_url: DatabaseAddress = Field(
        "sqlite:///jobbot.sqlite3",
        description="Where the bot keeps what it must not forget: a SQLite file or a PostgreSQL database.",
    )
    watch_min_interval_seconds: Seconds = Field(
        15.0,
        description="The shortest time between two looks at a job, or at the list of jobs.",
    )
    watch_max_interval_seconds: Seconds = Field(
        120.0,
        description="The longest time between two looks; also how far apart they get while nobody answers.",
        validate_default=True,
    )
    watch_lease_seconds: Seconds = Field(
        60.0,
        description="After this, work that a process began and did not finish is taken over by another.",
    )
    port: int = Field(
        3000,
        ge=0,
        le=65535,
        description="The port of the HTTP server (Slack's requests, /healthz and /readyz). 0: any free one.",
    )
    host: Annotated[str, BeforeValidator(_trimmed)] = Field(
        "0.0.0.0",  # noqa: S104  (a container or dyno is reached from outside; the demo sets 127.0.0.1)
        min_length=1,
        description="The address the HTTP server listens on.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lowered)] = Field(
        "info", description="How much is logged: debug, info, warning or error."
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lowered)] = Field(
        "console", description="console for people, json for log collectors."
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


_Model = TypeVar("_Model", bound=Words)


def load_settings(**overrides: Any) -> Settings:
    """All settings from the environment and ``.env``; ``overrides`` (field names) come first.

    Raises:
        SettingsError: some are missing or malformed; it names every one of them and shows no value.
    """
    return _load(Settings, overrides)


def load_words() -> Words:
    """Only what the bot is called, for commands that need no account.

    Raises:
        SettingsError: ``SLASH_COMMAND`` is malformed.
    """
    return _load(Words, {})


def _load(model: type[_Model], overrides: dict[str, Any]) -> _Model:
    try:
        return model(**overrides)
    except ValidationError as error:
        problems = [_in_plain_words(detail) for detail in error.errors(include_input=False)]
    except UnicodeDecodeError:
        problems = [".env is not UTF-8 text"]
    except OSError as error:
        problems = [f".env cannot be read: {error.strerror}"]
    raise SettingsError(problems)


def _in_plain_words(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0]).upper() if detail["loc"] else "settings"
    match detail["type"]:
        case "missing":
            return f"{name} is not set"
        case kind if kind in _NUMBER_MISTAKES:
            return f"{name} must be {_SECONDS if name.endswith('_SECONDS') else _PORTS}"
        case "literal_error":
            return f"{name} must be one of {detail['ctx']['expected']}"
        case _:
            return f"{name} {detail['msg'].removeprefix('Value error, ')}"
