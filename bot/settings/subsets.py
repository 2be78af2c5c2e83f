"""Where settings come from, and those that a few commands need without the rest."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.families import FamilySource
from bot.settings.values import DatabaseAddress, JobPageUrl, LinkDomains, SecretsKeys, trimmed
from bot.settings.wrapping import all_unwrapped

_SLASH_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


class Environment(BaseSettings):
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


class Words(Environment):
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


class Database(Environment):
    """Where the bot keeps things, and the keys to its secrets. Enough for commands about the database."""

    database_url: DatabaseAddress = Field(
        "sqlite:///jobbot.sqlite3",
        description="Database URL (SQLite file or PostgreSQL).",
    )
    secrets_keys: SecretsKeys | None = Field(
        default=None,
        description="Keys that seal tokens and API keys in the database, newest first, separated by commas.",
    )

    @property
    def secrets_key_list(self) -> tuple[str, ...]:
        """The keys, newest first; none where none is set."""
        return () if self.secrets_keys is None else tuple(self.secrets_keys.get_secret_value().split(","))
