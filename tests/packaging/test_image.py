"""The Dockerfile, as far as it can be tried without a container engine.

Its steps are run as they stand, by a user without rights: the build into a folder, then the bot from a tree
that nobody can write, with a home that isn't there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from bot import __version__
from bot.manifest import socket_mode_manifest
from tests.documents import ROOT

BUILD, RUN = re.split(
    r"^FROM \$\{PYTHON\}.*\n", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE
)[1:]
USER: Final = int(re.findall(r"^USER (\d+):\d+$", RUN, re.MULTILINE)[0])
LONGEST_SECONDS: Final = 300
_NOBODY: Final[Mapping[str, Any]] = (
    {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
)
"""Who runs all of it: the image's user, or where the tests have no rights, whoever runs them."""
_SETTINGS: Final = {
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_SIGNING_SECRET": "made-up",
    "SIMPLISMART_API_TOKEN": "made-up",
    "SIMPLISMART_ORG_ID": "org",
    # Nobody listens there; the bot starts all the same.
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "SIMPLISMART_API_URL": "http://127.0.0.1:9",
    "HOST": "127.0.0.1",
}


def _instructions(stage: str) -> list[tuple[str, str]]:
    lines = re.findall(r"^([A-Z]+) (.+)$", stage, re.MULTILINE)
    return [(name, rest) for name, rest in lines if name not in {"ARG", "FROM"}]


def _told(name: str) -> list[str]:
    """The arguments of the only instruction of that name in the last stage."""
    (found,) = [rest for each, rest in _instructions(RUN) if each == name]
    words: list[str] = json.loads(found[found.index("[") :].removeprefix("CMD "))
    return words


@dataclass(frozen=True, slots=True)
class _Image:
    """What the image would be, in a folder."""

    place: Path
    python: str

    def placed(self, words: Sequence[str]) -> list[str]:
        """A command of the Dockerfile's, with its paths in the folder."""
        moved = [re.sub(r"^/(?=opt/|app\b)", f"{self.place}/", each) for each in words]
        return [self.python if each == "python3" else each for each in moved]

    def environment(self, **more: str) -> dict[str, str]:
        """What a process in the container has: the image's own, and what the operator sets."""
        told = [rest for name, rest in _instructions(RUN) if name == "ENV"]
        ours = dict(each.split("=", 1) for line in told for each in line.split())
        index = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
        return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **index, **ours, **more}

    def run(self, words: Sequence[str], given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Do it as nobody."""
        return subprocess.run(  # noqa: S603  (a step of our own file)
            self.placed(words),
            cwd=self.place / "app",
            env=self.environment(**more),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
            **_NOBODY,
        )

    def everything(self) -> list[tuple[str, int]]:
        """Every file, with its size."""
        return sorted((str(each), each.lstat().st_size) for each in self.place.rglob("*"))


def _python() -> str:
    """An interpreter that somebody without rights can start, with what it takes to make an environment."""
    asked = "import sys, ensurepip, venv; assert sys.version_info >= (3, 11)"
    for name in ("python3", "/usr/bin/python3", "/usr/local/bin/python3"):
        found = shutil.which(name)
        real = (
            found
            and subprocess.run(  # noqa: S603  (a shim of a version manager's says where it is)
                [found, "-c", "import sys; print(sys.executable)"],
                capture_output=True,
                text=True,
                check=False,
            ).stdout.strip()
        )
        try:
            if not real:
                continue
            tried = subprocess.run([real, "-c", asked], check=False, cwd="/", **_NOBODY)  # noqa: S603
            if tried.returncode == 0:
                return real
        except PermissionError:
            continue
    pytest.skip("no Python 3.11 or newer with venv that a user without rights can start")


@pytest.fixture(scope="module")
def image() -> Iterator[_Image]:
    """Built by the steps of the Dockerfile; then nobody can write it."""
    with tempfile.TemporaryDirectory(prefix="image") as folder:
        place = Path(folder)
        place.chmod(0o755)
        (place / "app").mkdir()
        (place / "opt").mkdir()
        for each in (place / "app", place / "opt"):
            each.chmod(0o777)
        made = _Image(place, _python())
        for name, rest in _instructions(BUILD):
            if name == "COPY":
                source, to = rest.split()
                _copy(ROOT / source, place / "app" / to)
            elif name == "RUN":
                done = made.run(json.loads(rest))
                assert done.returncode == 0, f"{rest}: {done.stderr}"
        for path in (place, *place.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
        yield made
        for path in (place, *place.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)


def _copy(source: Path, to: Path) -> None:
    """As COPY does; what is made there later is somebody else's."""
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        for each in (to, *to.rglob("*")):
            each.chmod(0o777 if each.is_dir() else 0o644)
    else:
        shutil.copy(source, to / source.name)


def test_no_shell_is_needed() -> None:
    """Each step is a list of words, and the last stage has no step at all."""
    for name, rest in (*_instructions(BUILD), *_instructions(RUN)):
        if name in {"RUN", "ENTRYPOINT", "CMD"}:
            assert json.loads(rest), rest
    assert [name for name, _ in _instructions(RUN)].count("RUN") == 0
    assert USER > 0
    assert any("--require-hashes" in rest for _, rest in _instructions(BUILD))


def test_only_what_runs_is_sent_to_the_builder() -> None:
    """What .dockerignore lets through is what is copied: no settings, no database, no history."""
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    let_through = {line[1:] for line in lines if line.startswith("!")}
    assert let_through == {rest.split()[0] for name, rest in _instructions(BUILD) if name == "COPY"}


def test_the_image_runs(image: _Image) -> None:
    """From a tree that cannot be written, and which stays as it was. One test: the image is made once."""
    before = image.everything()
    _command_line_works(image)
    _serves_and_says_so(image)
    assert image.everything() == before


def _command_line_works(image: _Image) -> None:
    """What needs no settings."""
    entry = _told("ENTRYPOINT")
    assert image.run([*entry, "--version"]).stdout.strip() == __version__
    assert image.run([*entry, "manifest"]).stdout == socket_mode_manifest()
    assert '"blocks"' in image.run([*entry, "render", "-"], given="{}").stdout
    refused = image.run([image.python, "-c", "open('left', 'w')"])
    assert "PermissionError" in refused.stderr


def _serves_and_says_so(image: _Image) -> None:
    """From its start to SIGTERM: the health check passes while it runs, and fails when it doesn't."""
    with tempfile.TemporaryDirectory(prefix="volume") as volume:
        Path(volume).chmod(0o777)
        port, metrics_port = _free_ports()
        settings = {**_SETTINGS, "DATABASE_URL": f"sqlite:///{volume}/bot.sqlite3", "PORT": port}
        with subprocess.Popen(  # noqa: S603  (a step of our own file)
            image.placed([*_told("ENTRYPOINT"), *_told("CMD")]),
            cwd=image.place / "app",
            env=image.environment(**settings, METRICS_PORT=metrics_port),
            stderr=subprocess.PIPE,
            text=True,
            **_NOBODY,
        ) as process:
            assert process.stderr is not None
            said = iter(process.stderr.readline, "")
            assert next((line for line in said if json.loads(line)["event"] == "serving"), None), "it ended"
            # The last is a worker's, which listens on that port alone.
            asked = ({"PORT": port}, {"PORT": port, "METRICS_PORT": "PORT"}, {"METRICS_PORT": metrics_port})
            healthy = [image.run(_told("HEALTHCHECK"), **each) for each in asked]
            process.terminate()
            process.communicate(timeout=LONGEST_SECONDS)
        assert [(each.returncode, each.stderr) for each in healthy] == [(0, "")] * len(asked)
        assert process.returncode == 0
        assert image.run(_told("HEALTHCHECK"), PORT=port).returncode != 0


def _free_ports() -> tuple[str, str]:
    """Two ports that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        return str(first.getsockname()[1]), str(second.getsockname()[1])
