"""The documents list what there is: commands, settings, scopes, verbs, findings, times."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import yaml

from bot.domain.audit import KEPT_FOR as AUDIT_KEPT_FOR
from bot.domain.curves.run_doctor.findings import FindingClass
from bot.domain.history import KEPT_FOR as ENDS_KEPT_FOR
from bot.domain.ports.deliveries import ANSWERABLE_FOR, REMEMBERED_FOR
from bot.domain.subscriptions.subscription import LONGEST
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.handlers.kit.command import Place
from bot.manifest import optional_scopes
from bot.playground.training_suite.catalogue import demo_jobs
from bot.settings import Settings
from bot.settings.families import FAMILIES
from bot.store.jobs.listed_jobs import MISSING_FOR
from bot.store.tables import metadata
from bot.store.upkeep.upkeep import KEPT_FOR, KEPT_WITH_PARKED_FOR
from tests.command_line import run
from tests.documents import (
    OPERATING,
    README,
    ROOT,
    SECURITY,
    USING,
    code,
    part,
    rows,
    text,
    typed,
)

MOST_WORDS = 1_000
"""In the README: everything else has a document of its own."""
_KEPT = (LONGEST, KEPT_FOR, KEPT_WITH_PARKED_FOR, MISSING_FOR, ENDS_KEPT_FOR, AUDIT_KEPT_FOR)
PLACE = Place("T1", "C1", "U1")


def test_the_readme_is_short() -> None:
    """Whoever opens it finds the way, and the rest in the other documents."""
    assert len(text(README).split()) < MOST_WORDS


def test_every_command_is_listed() -> None:
    """The table of commands is the registry: usage and summary, in its order."""
    assert rows(USING, "Commands") == [[f"`/job {each.usage}`", each.summary] for each in COMMANDS]


def test_the_readme_shows_every_command() -> None:
    """By a real example, in the registry's order."""
    shown = [typed(example.strip("`")) for example, _ in rows(README, "Ask it")]
    names = [Dispatch().read(line, PLACE, is_private=True).command for line in shown]
    assert list(dict.fromkeys(names)) == [command.name for command in COMMANDS]


def test_the_readme_counts_the_playgrounds_jobs() -> None:
    """The number that it promises."""
    assert f"{len(demo_jobs(datetime.now(UTC)))} simulated jobs" in text(README)


def test_every_option_of_a_command_is_explained() -> None:
    """Each word that a command takes stands in code font, with what it does."""
    words = {word for command in COMMANDS for word in command.form.words}
    named = {word for example in code(USING) for word in example.split()}
    assert words - named == set()


def test_every_alias_is_named() -> None:
    """Whoever has always typed it reads that it still works."""
    assert {alias for command in COMMANDS for alias in command.aliases} <= set(code(USING))


def test_every_finding_is_listed() -> None:
    """The run doctor's, in its order."""
    listed = [name.strip("`") for name, _ in rows(USING, "The run doctor")]
    assert listed == [finding.value for finding in FindingClass]


def test_what_is_stored_is_kept_as_long_as_listed() -> None:
    """The times in the table are those by which rows are removed."""
    listed = " ".join(time for _, time in rows(OPERATING, "What is stored, and for how long"))
    days = {time.days for time in _KEPT}
    assert {int(number) for number in re.findall(r"(\d+)(?: days|, or)", listed)} == days
    assert f"{REMEMBERED_FOR.total_seconds() / 3600:.0f} hours" in listed
    answerable = f"{ANSWERABLE_FOR.total_seconds() / 60:.0f} minutes"
    assert f"restart of up to {answerable}" in " ".join(part(OPERATING, "Deploying").split())


def _written(default: object) -> str:
    """A default as people write it into a file: yes and no in lower case."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_is_listed() -> None:
    """The table of settings has each name, default and description."""
    listed = {name.strip("`"): (default, about) for name, default, about in rows(OPERATING, "Settings")}
    told = {}
    for name, field in Settings.model_fields.items():
        written = "" if field.default is None else _written(field.default)
        shown = f"`{written}`" if written else ""
        if name in FAMILIES:
            told[f"{name.upper()}_<{FAMILIES[name]}>"] = ("", field.description)
        else:
            told[name.upper()] = (shown, field.description)
    assert listed == told


def test_dot_env_example_lists_every_setting() -> None:
    """Each setting stands there once, under its description, with its default."""
    example = (ROOT / ".env.example").read_text("utf-8")
    entries = re.findall(r"((?:^# .*\n)+?)^(?:# )?([A-Z0-9_]+)=(.*)$", example, re.MULTILINE)
    listed = {
        name: (" ".join(re.sub(r"^# ", "", c, flags=re.MULTILINE).split()), value)
        for c, name, value in entries
    }
    for family in FAMILIES:
        (member,) = [name for name in listed if name.startswith(f"{family.upper()}_")]
        listed[family.upper()] = (listed.pop(member)[0], "")
        assert f"{member}=2.49 USD" in example
    assert listed.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        comment, value = listed[name.upper()]
        assert comment.endswith(str(field.description))
        is_empty = field.default is None or name in FAMILIES
        assert value == ("" if is_empty else _written(field.default))


def test_every_scope_is_listed() -> None:
    """The table of scopes has those of the manifest, and what it costs to decline the optional ones."""
    listed = [
        (re.findall(r"`([^`]+)`", scopes), use)
        for scopes, use in rows(OPERATING, "Slack scopes and why they're needed")
    ]
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    named = [scope for scopes, _ in listed for scope in scopes]
    assert sorted(named) == sorted(manifest["oauth_config"]["scopes"]["bot"])
    declined = {scope for scopes, use in listed if "Drop " in use for scope in scopes}
    assert declined == optional_scopes()


def test_the_audit_trail_is_kept_as_long_as_the_setting_says() -> None:
    """The default of the setting is that of the store."""
    assert Settings.model_fields["audit_retention_days"].default == AUDIT_KEPT_FOR.days


def test_every_verb_of_the_command_line_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """As ``--help`` lists them; one that is an alias need not be."""
    assert run("--help") == 0
    offered = set(re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE))
    table = rows(OPERATING, "Command line")
    listed = [found[1] for line, _ in table if (found := re.match(r"`python -m bot (\w+)", line))]
    assert len(listed) == len(table)
    assert set(listed) == offered


def test_every_table_of_the_database_is_listed() -> None:
    """Each once, with what it holds, whether it names people, and when its rows go."""
    listed = [table.strip("`") for table, *_ in rows(SECURITY, "What is stored")]
    assert sorted(listed) == sorted(metadata.tables)


def test_every_scope_is_listed_for_reviewers() -> None:
    """Those of the manifest; as optional just those that can be declined."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    listed = {scope.strip("`"): optional for scope, _, optional in rows(SECURITY, "Scopes")}
    assert sorted(listed) == sorted(manifest["oauth_config"]["scopes"]["bot"])
    assert {scope for scope, optional in listed.items() if optional == "yes"} == set(optional_scopes())
