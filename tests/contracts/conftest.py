"""The databases that the contract asks for."""

from __future__ import annotations

from tests.databases import database_url, empty_database_url, postgresql_url

__all__ = ["database_url", "empty_database_url", "postgresql_url"]
