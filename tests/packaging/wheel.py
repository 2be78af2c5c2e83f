"""The wheel, built so that the same sources give the same bytes, wherever and whenever that is.

``make wheel`` writes it. Its times are fixed; files have the rights of a fresh checkout, whatever the umask.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("bot", "pyproject.toml", "README.md", "manifest.yml")
"""What the wheel is made of."""
_EPOCH = "1767225600"
"""The time that every file has: 2026-01-01."""


def build_wheel(tree: Path, into: Path) -> Path:
    """Build it from a source tree, which stays as it is, with the setuptools that is installed.

    Raises:
        CalledProcessError: it cannot be built; pip has said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        for part in PARTS:
            if (tree / part).is_dir():
                shutil.copytree(tree / part, stage / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(tree / part, stage / part)
        for path in stage.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        out = stage / "dist"
        offline = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "-q")
        subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, "-m", "pip", "wheel", *offline, "-w", str(out), str(stage)],
            check=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", _EPOCH)},
        )
        (built,) = out.glob("*.whl")
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, into / built.name))


if __name__ == "__main__":
    sys.stdout.write(f"{build_wheel(ROOT, Path(sys.argv[1]))}\n")
