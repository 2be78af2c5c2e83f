"""The wheel: the same sources give the same bytes, and what it installs is the whole bot."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from bot import __version__
from bot.manifest import socket_mode_manifest
from tests.packaging.wheel import PARTS, ROOT, build_wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this tree."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("dist"))


def test_two_builds_are_equal(wheel: Path, tmp_path: Path) -> None:
    """From another folder, with other times and rights, and what running it leaves behind."""
    other = tmp_path / "other"
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        other.mkdir(exist_ok=True)
        copy(ROOT / part, other / part)
    for path in other.rglob("*"):
        path.chmod(0o700)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (other / "bot" / "__pycache__").mkdir(exist_ok=True)
    (other / "bot" / "__pycache__" / "left.cpython-311.pyc").write_bytes(b"left")
    again = build_wheel(other, tmp_path / "dist")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()


def test_it_has_the_bot_and_nothing_else(wheel: Path) -> None:
    """Neither tests nor caches nor settings."""
    with zipfile.ZipFile(wheel) as found:
        names = found.namelist()
    assert {name.split("/")[0] for name in names} == {
        "bot",
        f"jobbot-{__version__}.dist-info",
        f"jobbot-{__version__}.data",
    }
    assert not [name for name in names if "__pycache__" in name or ".env" in name or "test" in name]


def test_it_works_as_installed(wheel: Path, tmp_path: Path) -> None:
    """Away from its sources: the command line, the manifest, the playground's pages, the migrations."""
    place = tmp_path / "venv"
    venv.create(place, symlinks=True)
    python, (packages,) = place / "bin" / "python", place.glob("lib/*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)  # noqa: S603  (our own)
    (packages / "what-it-needs.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/made.sqlite3"}

    def said(*arguments: str, given: str = "") -> str:
        done = subprocess.run(  # noqa: S603  (our own command)
            [place / "bin" / "jobbot", *arguments],
            cwd=tmp_path,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert said("--version").strip() == __version__
    assert said("manifest") == socket_mode_manifest()
    assert '"blocks"' in said("render", "-", given="{}")
    assert "The tables were made" in said("migrate")
    assert any((packages / "bot" / "playground" / "static").iterdir())
