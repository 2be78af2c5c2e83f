"""manifest.yml, the app as Slack knows it: for Socket Mode as it stands, for HTTP with its addresses.

The file stands at the top of the source tree; an installed bot finds it among its package's files.
Source: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot import EVENTS_PATH, OAUTH_REDIRECT_PATH
from bot.domain.errors import SettingsError, UserError

_DEFAULT_COMMAND = "/job"
_DEFAULT_DOMAIN = "app.simplismart.ai"
_DOMAIN_LINE = f"    - {_DEFAULT_DOMAIN}\n"
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
"""Slack's rule for a slash command: 32 characters, no upper case, no space."""
_SOURCE_TREE = Path(__file__).resolve().parent.parent


def socket_mode_manifest(
    slash_command: str = _DEFAULT_COMMAND, link_domains: Sequence[str] = (_DEFAULT_DOMAIN,)
) -> str:
    """The manifest for Socket Mode: the file as it stands, with the operator's slash command and domains.

    Raises:
        SettingsError: Slack would not take that slash command, or the file is missing.
    """
    if not _COMMAND.fullmatch(slash_command):
        problem = "SLASH_COMMAND: a slash, then up to 31 lower-case letters, digits, - or _, such as /job"
        raise SettingsError([problem])
    text = re.sub(rf"{_DEFAULT_COMMAND}\b", slash_command, _manifest_file(_SOURCE_TREE).read_text("utf-8"))
    return text.replace(_DOMAIN_LINE, "".join(f"    - {domain}\n" for domain in link_domains))


def http_manifest(
    url: str, slash_command: str = _DEFAULT_COMMAND, link_domains: Sequence[str] = (_DEFAULT_DOMAIN,)
) -> str:
    """The manifest for HTTP: Slack sends everything to ``url`` + `bot.EVENTS_PATH`.

    The comments are lost, the order stays.

    Raises:
        UserError: ``url`` is not the https address of a host.
        SettingsError: as `socket_mode_manifest`.
    """
    address = _events_url(url)
    document: dict[str, Any] = yaml.safe_load(socket_mode_manifest(slash_command, link_domains))
    for command in document["features"]["slash_commands"]:
        command["url"] = address
    settings = document["settings"]
    settings["event_subscriptions"] = {"request_url": address, **settings["event_subscriptions"]}
    # Where the menus that the bot fills ask for their options.
    settings["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    settings["socket_mode_enabled"] = False
    # Where people who install the app by a click come back to; unused where nobody does.
    redirect = address.removesuffix(EVENTS_PATH) + OAUTH_REDIRECT_PATH
    document["oauth_config"] = {"redirect_urls": [redirect], **document["oauth_config"]}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def required_scopes() -> frozenset[str]:
    """The bot token's scopes without which the bot does not work.

    Raises:
        SettingsError: the file is missing.
    """
    scopes = _scopes()
    return frozenset(scopes["bot"]) - frozenset(scopes["bot_optional"])


def optional_scopes() -> frozenset[str]:
    """The scopes that whoever installs the app may decline: docs/operating.md says what each costs.

    Raises:
        SettingsError: the file is missing.
    """
    return frozenset(_scopes()["bot_optional"])


def _scopes() -> dict[str, list[str]]:
    scopes: dict[str, list[str]] = yaml.safe_load(socket_mode_manifest())["oauth_config"]["scopes"]
    return scopes


def usage_hint() -> str:
    """What Slack shows beside the slash command while it is typed.

    Raises:
        SettingsError: the file is missing.
    """
    (command,) = yaml.safe_load(socket_mode_manifest())["features"]["slash_commands"]
    return str(command["usage_hint"])


def message_shortcuts() -> tuple[dict[str, str], ...]:
    """What the app adds to a message's menu: ``{"name", "callback_id"}`` of each.

    Raises:
        SettingsError: the file is missing.
    """
    document = yaml.safe_load(socket_mode_manifest())
    found = (each for each in document["features"]["shortcuts"] if each["type"] == "message")
    return tuple({"name": each["name"], "callback_id": each["callback_id"]} for each in found)


def _events_url(url: str) -> str:
    """The address Slack sends to, whether or not ``url`` already ends in it."""
    problem = (
        f"the URL is an https address that Slack can reach, such as https://bot.example.com, not {url!r}"
    )
    try:
        parts = urlsplit(url.strip())
        has_port = parts.port is not None
    except ValueError as exc:
        raise UserError(problem) from exc
    host = parts.netloc.rpartition(":")[0] if has_port else parts.netloc
    if parts.scheme != "https" or not re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:.]+\]", host):
        raise UserError(problem)
    if parts.query or parts.fragment or not re.fullmatch(r"[!-~]*", parts.path):
        raise UserError(problem)
    path = parts.path.rstrip("/").removesuffix(EVENTS_PATH)
    return f"https://{parts.netloc}{path}{EVENTS_PATH}"


def _manifest_file(source_tree: Path) -> Path:
    """Where manifest.yml is: in the source tree, else where the package's installer put it.

    Raises:
        SettingsError: it is in neither place.
    """
    path = source_tree / "manifest.yml"
    if path.is_file():
        return path
    try:
        files = metadata.files("jobbot") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        installed = Path(str(file.locate()))
        if installed.name == path.name and installed.is_file():
            return installed
    raise SettingsError(["manifest.yml is missing: run from the source tree, or install the package again"])
