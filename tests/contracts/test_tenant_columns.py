"""Every row is some tenant's: by a column of its own, or by that of the row it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Table

from bot.store.tables import metadata

TENANT: Final = frozenset({"team_id", "org_id"})
BELONGS_TO: Final[Mapping[str, str]] = {
    "conditions": "subscriptions",
    "subscribers": "subscriptions",
}
"""Tables whose rows are parts of another's, and carry its ``subscription_id``."""
NOBODYS: Final[Mapping[str, str]] = {
    "processes": "the processes that are up, each by a random number",
    "spent_states": "hashes of states, which nobody installed anything with yet",
    "tenants_revision": "one number, which says that something of some tenant changed",
}
OPAQUE: Final[Mapping[str, str]] = {
    "audit_trail": "numbered; nobody asks for an entry by its number",
    "deliveries": "its key begins with the workspace: see `delivery_keys.key_of`",
    "outbox": "numbered, and a random ID that is handed out with a claim",
    "subscription_groups": "the ID of its subscription",
    "subscriptions": "a random ID of 128 bits; whoever sends one back is asked which workspace they are in",
}
"""Tables of tenants in which a row is found by something else, and what."""


def _all() -> Mapping[str, Table]:
    return {table.name: table for table in metadata.sorted_tables}


def test_every_row_says_whose_it_is() -> None:
    """A table that is added later has such a column too, or says here why not."""
    without = {name for name, table in _all().items() if not TENANT & set(table.c.keys())}
    assert without == {*BELONGS_TO, *NOBODYS}
    for name, owner in BELONGS_TO.items():
        assert "subscription_id" in _all()[name].primary_key.columns or "subscription_id" in _all()[name].c
        assert set(_all()[owner].c.keys()) >= TENANT


def test_no_row_of_a_tenants_is_without_one() -> None:
    """The column is always filled."""
    for table in _all().values():
        assert not [each.name for each in table.c if each.name in TENANT and each.nullable]


def test_every_row_is_found_by_whose_it_is() -> None:
    """The tenant is part of the key; where it is not, the key can't be guessed, or nobody is asked for it."""
    by_tenant = {name for name, table in _all().items() if TENANT & set(table.primary_key.columns.keys())}
    assert set(_all()) - by_tenant - {*BELONGS_TO, *NOBODYS} == set(OPAQUE)
