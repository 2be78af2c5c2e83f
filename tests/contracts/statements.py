"""What the store says to the database: recorded from the contract's tests, and tried against later tables."""

from __future__ import annotations

import atexit
import os
import re
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine

FOLDER: Final = Path(__file__).parents[1] / "data" / "statements"
RECORD: Final = "RECORD_STATEMENTS"
"""Names the version of the tables: then what the tests say is written to `FOLDER`."""
_OF_THE_STORE: Final = re.compile(r"(?:SELECT|INSERT|UPDATE|DELETE|WITH) (?!.*alembic)")


def record_if_asked() -> None:
    """Write them all at the end of this process, where `RECORD_STATEMENTS` is set."""
    version = os.environ.get(RECORD)
    if not version:
        return
    seen: set[tuple[str, str]] = set()

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.add((connection.dialect.name, " ".join(statement.split())))

    def written() -> None:
        for kind in {kind for kind, _ in seen}:
            said = sorted(each for of, each in seen if of == kind and _OF_THE_STORE.match(each))
            (FOLDER / f"{kind}_{version}.sql").write_text("\n".join(said) + "\n", "utf-8")

    event.listen(Engine, "before_cursor_execute", note)
    atexit.register(written)


def recorded(kind: str) -> dict[str, list[str]]:
    """The statements for that database by the version of the tables whose code said them."""
    found = sorted(FOLDER.glob(f"{kind}_*.sql"))
    return {each.stem.rpartition("_")[2]: each.read_text("utf-8").splitlines() for each in found}
