"""The files that tools read agree with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", _text(name), re.MULTILINE)
    return {_normal(package): version for package, version in found}


def _release(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_hold_no_address(name: str) -> None:
    """Whoever installs uses an index of their own choice: no URL, option or path of ours is written down."""
    assert re.findall(r"://|^\s*-[^-\s]|^\s*--(?!hash=)|@ ?file|/\w+/\w+", _text(name), re.MULTILINE) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes(name: str) -> None:
    """An installer refuses anything but the very files that were locked."""
    entries = re.split(r"^(?=[A-Za-z0-9])", _text(name), flags=re.MULTILINE)[1:]
    assert len(entries) == len(_pins(name))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_files_agree() -> None:
    """What is tested is what runs: the tests' environment holds the same versions, and some more."""
    assert _pins("requirements.txt").items() <= _pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_cover_the_project(name: str) -> None:
    """Each dependency of pyproject.toml is locked at a version it allows (`make lock` mends this)."""
    wanted = list(PROJECT["dependencies"])
    if "dev" in name:
        wanted += PROJECT["optional-dependencies"]["dev"]
    pins = _pins(name)
    for requirement in wanted:
        package, lowest = re.match(r"([\w-]+)(?:>=([\d.]+))?", requirement).groups()  # type: ignore[union-attr]
        assert _release(pins[_normal(package)]) >= _release(lowest or "0"), requirement


def test_heroku_runs_a_python_the_project_allows() -> None:
    """.python-version, which Heroku and version managers read, is within requires-python."""
    lowest = _release(PROJECT["requires-python"])
    assert _release(_text(".python-version")) >= lowest
    processes = dict(line.split(": ", 1) for line in _text("Procfile").splitlines())
    assert processes == {
        "web": "python -m bot serve",
        "worker": "python -m bot worker",
        "release": "python -m bot migrate",
    }


def test_make_help_names_every_target() -> None:
    """A target that people may call says what it does."""
    (phony,) = re.findall(r"^\.PHONY: ([a-z ]+)$", _text("Makefile"), re.MULTILINE)
    described = re.findall(r"^([a-z]+):.*## \w", _text("Makefile"), re.MULTILINE)
    assert phony.split() == described


def test_every_exception_has_its_reason() -> None:
    """Where a rule or a type is set aside in the bot, the line says why, or a comment above it does."""
    unexplained = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            marked = re.search(r"# (?:noqa|type: ignore)(?:: [A-Z0-9, ]+|\[[a-z, -]+\])?(.*)$", line)
            if marked and not marked[1] and not lines[number - 1].lstrip().startswith("#"):
                unexplained.append(f"{path.relative_to(ROOT)}:{number + 1}")
    assert unexplained == []
