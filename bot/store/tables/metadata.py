"""What all tables belong to, and how their keys are named."""

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
