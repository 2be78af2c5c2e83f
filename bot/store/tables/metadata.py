"""What all tables belong to, how their keys are named, and which columns are secret."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

SECRET: Final = {"is_secret": True}
"""``info`` of a column that nobody may read out: keys, tokens, and what is good for an answer."""
