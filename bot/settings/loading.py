"""Reading them, and telling what is wrong in plain words."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.errors import SettingsError
from bot.settings.families import FAMILIES
from bot.settings.model import Settings
from bot.settings.subsets import Database, Words

_NUMBER_MISTAKES = frozenset(
    {"int_parsing", "int_type", "float_parsing", "finite_number", "greater_than_equal", "less_than_equal"}
)
_SECONDS = "a number of seconds from 0.1 to 86400"
_PORTS = "a whole number from 0 to 65535"


_Model = TypeVar("_Model", bound=Words | Database)


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


def load_database() -> Database:
    """Only where the database is.

    Raises:
        SettingsError: ``DATABASE_URL`` is malformed.
    """
    return _load(Database, {})


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
    place = detail["loc"]
    # Inside a family its member counts; elsewhere what follows is pydantic's.
    named = place[:2] if place and place[0] in FAMILIES else place[:1]
    name = "_".join(map(str, named)).upper() or "settings"
    match detail["type"]:
        case "missing":
            return f"{name} is not set"
        case kind if kind in _NUMBER_MISTAKES:
            return f"{name} must be {_SECONDS if name.endswith('_SECONDS') else _PORTS}"
        case "literal_error":
            return f"{name} must be one of {detail['ctx']['expected']}"
        case _:
            return f"{name} {detail['msg'].removeprefix('Value error, ')}"
