"""The documents say what the code does: settings, commands, and nothing about other machines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from bot.handlers.entry.registry import COMMANDS
from bot.settings import Settings
from bot.settings.families import FAMILIES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _rows(heading: str) -> list[list[str]]:
    part = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]
    ]


def test_the_readme_lists_every_command() -> None:
    """The table of commands is the registry: usage and summary, in its order."""
    rows = [row for row in _rows("What people can type") if len(row) == 2]
    assert rows == [[f"`/job {each.usage}`", each.summary] for each in COMMANDS]


def _written(default: object) -> str:
    """A default as people write it into a file: yes and no in lower case."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_the_readme_lists_every_setting() -> None:
    """The table of settings has each name, default and description."""
    listed = {name.strip("`"): (default, text) for name, default, text in _rows("Settings")}
    told = {}
    for name, field in Settings.model_fields.items():
        default = "required" if field.default is PydanticUndefined else field.default
        shown = default if default == "required" else "" if default is None else f"`{_written(default)}`"
        if name in FAMILIES:
            told[f"{name.upper()}_<{FAMILIES[name]}>"] = ("", field.description)
        else:
            told[name.upper()] = (shown, field.description)
    assert listed == told


def test_dot_env_example_lists_every_setting() -> None:
    """Each setting stands there once, under its description, with its default."""
    text = (ROOT / ".env.example").read_text("utf-8")
    entries = re.findall(r"((?:^# .*\n)+?)^(?:# )?([A-Z0-9_]+)=(.*)$", text, re.MULTILINE)
    listed = {
        name: (" ".join(re.sub(r"^# ", "", c, flags=re.MULTILINE).split()), value)
        for c, name, value in entries
    }
    for family in FAMILIES:
        (example,) = [name for name in listed if name.startswith(f"{family.upper()}_")]
        listed[family.upper()] = (listed.pop(example)[0], "")
        assert f"{example}=2.49 USD" in text
    assert listed.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        comment, value = listed[name.upper()]
        assert comment.endswith(str(field.description))
        is_empty = field.default is None or field.default is PydanticUndefined or name in FAMILIES
        assert value == ("" if is_empty else _written(field.default))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))))
def test_every_make_target_named_exists(target: str) -> None:
    """The README names no target that the Makefile lacks."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_file_named_exists() -> None:
    """Pictures and links into the tree lead somewhere."""
    for target in re.findall(r"\]\((?!http|<)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
