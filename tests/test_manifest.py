"""manifest.yml holds against Slack's schema, asks for no more than the bot uses, and has an HTTP form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import manifest
from bot.cards.kit import actions
from bot.domain.errors import JobBotError, SettingsError, UserError
from bot.manifest import (
    http_manifest,
    message_shortcuts,
    optional_scopes,
    required_scopes,
    socket_mode_manifest,
)
from bot.settings import Settings
from tests.tables import each_row

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "data/slack-manifest.schema.json").read_text("utf-8"))
ADDRESS = "https://bot.example.com/slack/events"


def _read(text: str) -> dict[str, Any]:
    document = yaml.safe_load(text)
    jsonschema.Draft7Validator(SCHEMA).validate(document)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("command", ["/job", "/train-job", "/x" + "y" * 30])
def test_both_forms_are_valid_for_slack_with_any_command(command: str) -> None:
    """Slack's own schema takes the file, the HTTP form, and either with another slash command."""
    for text in (socket_mode_manifest(command), http_manifest("https://bot.example.com", command)):
        (slash,) = _read(text)["features"]["slash_commands"]
        assert slash["command"] == command


def test_the_schema_refuses_what_slack_would_refuse() -> None:
    """The check can fail: an unknown key is an error."""
    with pytest.raises(jsonschema.ValidationError):
        _read(socket_mode_manifest() + "\nsurprise: 1\n")


def test_socket_mode_form_is_the_file_itself() -> None:
    """What is printed is manifest.yml, comments and all."""
    assert socket_mode_manifest() == (HERE.parent / "manifest.yml").read_text("utf-8")
    document = _read(socket_mode_manifest())
    assert document["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in socket_mode_manifest()


def test_the_app_is_set_up_as_the_bot_needs_it() -> None:
    """Mentions and direct messages arrive, buttons work, people can write to the bot, nothing is rotated."""
    document = _read(socket_mode_manifest())
    assert document["settings"]["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "link_shared",
        "message.im",
        "tokens_revoked",
    ]
    assert document["settings"]["interactivity"]["is_enabled"] is True
    assert document["settings"]["token_rotation_enabled"] is False
    assert document["settings"]["org_deploy_enabled"] is False
    (shortcut,) = message_shortcuts()
    assert shortcut["callback_id"] == actions.CHECK_JOB
    home = document["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_links_to_the_operators_domains_are_heard_of() -> None:
    """The default of the setting is what the file says."""
    default = Settings.model_fields["link_domains"].default
    assert _read(socket_mode_manifest())["features"]["unfurl_domains"] == [default]
    both = ("jobs.example.com", "example.org")
    for text in (
        socket_mode_manifest(link_domains=both),
        http_manifest("https://bot.example.com", link_domains=both),
    ):
        assert _read(text)["features"]["unfurl_domains"] == list(both)


def test_scopes_are_the_least() -> None:
    """Every scope is one the bot uses: a new one needs this line and a reason in the file."""
    assert required_scopes() == {"commands", "app_mentions:read", "chat:write"}
    assert optional_scopes() == {
        "im:write",
        "im:history",
        "channels:history",
        "groups:history",
        "channels:read",
        "groups:read",
        "links:read",
        "links:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }


def test_optional_scopes_are_asked_for_too() -> None:
    """Slack lists all scopes in one place, and names there which of them are optional."""
    scopes = yaml.safe_load(socket_mode_manifest())["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert len(set(scopes["bot"])) == len(scopes["bot"])


def test_every_scope_says_why() -> None:
    """A person who installs the app can read what each scope is for."""
    lines = socket_mode_manifest().splitlines()
    for scope in required_scopes() | optional_scopes():
        (line,) = [line for line in lines if line.strip().startswith(f"- {scope} ")]
        assert "# " in line


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.example.com",
        "https://bot.example.com/",
        " https://bot.example.com// ",
        "https://bot.example.com/slack/events",
        "https://bot.example.com/slack/events/",
    ],
)
def test_http_form_sends_everything_to_one_address(url: str) -> None:
    """Commands, events and interactions go to /slack/events, however the URL was typed."""
    document = _read(http_manifest(url))
    (slash,) = document["features"]["slash_commands"]
    assert slash["url"] == ADDRESS
    assert document["settings"]["event_subscriptions"]["request_url"] == ADDRESS
    assert document["settings"]["interactivity"]["request_url"] == ADDRESS
    assert document["settings"]["interactivity"]["message_menu_options_url"] == ADDRESS
    assert document["settings"]["socket_mode_enabled"] is False
    assert document["oauth_config"]["redirect_urls"] == [ADDRESS.replace("/events", "/oauth_redirect")]


def test_http_form_keeps_ports_prefixes_and_the_order() -> None:
    """A port and a proxy's prefix stay; the keys come in the file's order."""
    text = http_manifest("https://example.com:8443/bots/jobs")
    document = _read(text)
    assert (
        document["settings"]["interactivity"]["request_url"]
        == "https://example.com:8443/bots/jobs/slack/events"
    )
    assert list(document) == list(_read(socket_mode_manifest()))


@each_row(
    "url",
    [
        "",
        "bot.example.com",
        "http://bot.example.com",
        "https://",
        "https:///slack/events",
        "https://user:secret@bot.example.com",
        "https://bot.example.com:port",
        "https://bot.example.com:99999",
        "https://[::1",
        "https://bot.example.com/?a=b",
        "https://bot.example.com/#x",
        "https://bot.example.com/a b",
        "ftp://bot.example.com",
    ],
)
def test_a_bad_url_is_refused_in_plain_words(url: str) -> None:
    """Only the https address of a host is taken; the message shows one."""
    with pytest.raises(UserError, match=r"https://bot\.example\.com"):
        http_manifest(url)


@settings(max_examples=100)
@given(st.text() | st.text().map("https://{}".format))
def test_whatever_is_typed_as_url_gives_a_valid_manifest_or_our_error(url: str) -> None:
    """No URL ends in a traceback, and none that is taken breaks the manifest."""
    try:
        document = _read(http_manifest(url))
    except JobBotError:
        return
    assert document["settings"]["interactivity"]["request_url"].endswith("/slack/events")


@pytest.mark.parametrize("command", ["job", "/", "/Job", "/two words", "/" + "x" * 32, "/job\nname: x", ""])
def test_a_bad_slash_command_is_named(command: str) -> None:
    """What Slack would not take as a command is refused, under the setting's name."""
    with pytest.raises(SettingsError, match="SLASH_COMMAND"):
        socket_mode_manifest(command)


def test_an_installed_bot_finds_the_file_its_installer_put_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside the source tree the file is looked up among the installed package's files."""
    site, share = tmp_path / "lib", tmp_path / "share/jobbot"
    info = site / "jobbot-0.1.0.dist-info"
    info.mkdir(parents=True)
    share.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: jobbot\nVersion: 0.1.0\n")
    (info / "RECORD").write_text("../share/jobbot/manifest.yml,,\n")
    (share / "manifest.yml").write_text("installed: true\n")
    monkeypatch.syspath_prepend(str(site))
    assert manifest._manifest_file(tmp_path).read_text() == "installed: true\n"  # noqa: SLF001  (one door, two places)


def test_a_missing_file_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither source tree nor installed package: the operator reads what to do."""
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    with pytest.raises(SettingsError, match=r"manifest\.yml is missing"):
        manifest._manifest_file(tmp_path)  # noqa: SLF001  (the same)
