"""The databases that chaos is tried on."""

from __future__ import annotations

from tests.databases import database_url, postgresql_url, sqlite_url

__all__ = ["database_url", "postgresql_url", "sqlite_url"]
