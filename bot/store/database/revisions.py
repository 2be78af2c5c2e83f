"""Which versions of the tables there are, oldest first, and what to say of one that is not the newest."""

from __future__ import annotations

from typing import Final

from bot.domain.errors import NewerSchemaError, SchemaError

REVISIONS: Final = (
    "0001",
    "0002",
    "0005",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
    "0026",
)
"""The names of the migrations, in their order. The last one is what this code works with."""
NEWEST: Final = REVISIONS[-1]
HOW: Final = "Run: python -m bot migrate"


def check_revision(found: str | None, *, may_be_older: bool = False) -> None:
    """Compare the tables' version with the code's; None: there are no tables yet.

    Raises:
        NewerSchemaError: the tables are newer; ``detail`` says what to do, here and below.
        SchemaError: they are older, unless that is allowed.
    """
    if found is not None and found not in REVISIONS:
        msg = "the database was made by a newer version of the bot. Install that version"
        raise NewerSchemaError(msg)
    if found == NEWEST or may_be_older:
        return
    what = "has no tables yet" if found is None else "was made by an older version of the bot"
    msg = f"the database {what}. {HOW}"
    raise SchemaError(msg)
