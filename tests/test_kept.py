"""What is kept in memory is found by whose it is: no tenant is answered with what another one asked for."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from tests import architecture as rules
from tests.kept import FLIGHT, Kept, kept
from tests.tables import each_row

ROOT: Final = Path(__file__).resolve().parent.parent
BY_TENANT: Final[Mapping[str, str]] = {
    "bot.background:Background._watchers": "an organization",
    "bot.delivery.lane:LaneWork._people": "a workspace",
    "bot.delivery.lane:LaneWork._told_of": "a workspace",
    "bot.handlers.entry.gate:Gate._unknown": "a workspace",
    "bot.registry.installed:Installed._logins": "a workspace, or an organization of workspaces",
    "bot.registry.installed:Installed._tenants": "the same, and an organization with its key",
    "bot.registry.organizations:Organizations._accounts": "an organization",
    "bot.registry.organizations:Organizations._limiters": "an organization",
    "bot.registry.registry:Registry._homes": "a workspace, or an organization of workspaces",
    "bot.registry.registry:Registry._installed": "the same, or the only token there is",
    "bot.tenants.stored_tenants:StoredTenants._known": "whose secret it is, and the sealed secret itself",
    "bot.tenants.stored_tenants:StoredTenants._used": "whose secret it is, and the sealed secret itself",
    "bot.watcher.fleet.fleet:Fleet._again_at": "an organization",
    "bot.watcher.fleet.fleet:Fleet._at_once": "an organization",
    "bot.watcher.fleet.fleet:Fleet._due": "an organization",
    "bot.watcher.fleet.fleet:Fleet._failing": "an organization",
    "bot.watcher.fleet.fleet:Fleet._failures": "an organization",
    "bot.watcher.fleet.fleet:Fleet._not_before": "an organization",
    "bot.watcher.fleet.places:Places._began_at": "an organization",
    "bot.watcher.fleet.places:Places._slow": "an organization",
}
"""What these keys are, which are no type of their own: whose something is, and nothing more."""
ONE_TENANTS: Final[Mapping[str, str]] = {
    "bot.delivery.people:People._there": "`LaneWork` has one for each workspace",
    "bot.handlers.deliveries.claims:Claims._unfinished": "the key of a delivery begins with the workspace",
    "bot.handlers.deliveries.repeats:Repeats._seen": "the key of a delivery begins with the workspace",
    "bot.slack.lookups:Lookups._time_zones": "each bot token has one",
    "bot.slack.lookups:Lookups._unknowable": "each bot token has one",
    "bot.training_api.lists.known_rows:KnownRows._rows": "each organization's client has one",
    "bot.training_api.lists.rows:RowScanner.said": "ends with one list",
    "bot.watcher.feed_pass:FeedPass._ended": "each organization's watcher has one",
    "bot.watcher.feed_pass:FeedPass._kept": "each organization's watcher has one",
    "bot.watcher.feed_pass:FeedPass._tries": "each organization's watcher has one",
    "bot.watcher.finished_jobs_pass:FinishedJobsPass._behind": "each organization's watcher has one",
    "bot.watcher.finished_jobs_pass:FinishedJobsPass._doubted": "each organization's watcher has one",
    "bot.watcher.finished_jobs_pass:FinishedJobsPass._read": "each organization's watcher has one",
}
"""Why all that is kept there is one tenant's."""
NOBODYS: Final[Mapping[str, str]] = {
    "bot.cards.gallery.documents:EMPTY": "a sample",
    "bot.delivery.posting:Posting._unknowable": "Slack's reasons, so that each is logged once",
    "bot.domain.curves.metrics_facts:_findings": "what a pure function makes of one answer",
    "bot.domain.curves.metrics_facts:_losses": "what a pure function makes of one answer",
    "bot.handlers.channels.time_zones:_known": "the time zones of the world",
    "bot.handlers.deliveries.answering:Answering._held": "claims, each of which names its workspace",
    "bot.handlers.entry.acks:_ephemeral": "what a pure function makes of a whole card",
    "bot.handlers.entry.listeners:Listeners._by_kind": "what takes each kind of delivery",
    "bot.handlers.entry.registry:Dispatch._is_line": "what a pure function makes of what was typed",
    "bot.handlers.entry.registry:Dispatch._read_line": "what a pure function makes of what was typed",
    "bot.handlers.home.help:_all_commands": "the commands there are",
    "bot.handlers.home.help:_examples": "the commands there are",
    "bot.handlers.jobs.status:_card": "what a pure function makes of all that is shown",
    "bot.observability.metrics:Metrics._cached": "labels of metrics",
    "bot.observability.metrics:Metrics._known_commands": "labels of metrics",
    "bot.observability.metrics:_Labelled._series": "labels of metrics",
    "bot.store.database.dialect:_rows": "parts of statements",
    "bot.store.watches.looks:_released": "parts of statements",
    "bot.tasks.errands:Errands._running": "tasks",
    "bot.tasks.single_flight:SingleFlight._flights": "by its owner's keys, which are looked at there",
    "bot.tasks.single_flight:SingleFlight._kept": "by its owner's keys, which are looked at there",
    "bot.tasks.supervisor:Supervisor._kept": "the names of tasks",
    "bot.tasks.supervisor:Supervisor._rounds": "the names of tasks",
    "bot.web.connections:Connections._open": "connections",
    "bot.web.limited_log:LimitedLog._counts": "our own sentences for the log",
    "bot.web.limited_log:LimitedLog._next_at": "our own sentences for the log",
}
"""Why nothing that is kept there is any tenant's."""
EXPLAINED: Final = {**BY_TENANT, **ONE_TENANTS, **NOBODYS}


@cache
def _all() -> Sequence[Kept]:
    return tuple(kept(rules.read_tree(ROOT / "bot")))


def test_every_cache_knows_whose_something_is() -> None:
    """By a field of its keys, or it says why not."""
    unexplained = [each for each in _all() if not each.names_a_tenant and each.where not in EXPLAINED]
    assert not unexplained, "give the keys a type with team_id or org_id, or say why they need none"


def test_no_reason_outlives_what_it_explains() -> None:
    """Nor is one given for what says itself whose it is."""
    assert set(EXPLAINED) == {each.where for each in _all() if not each.names_a_tenant}


def test_every_question_that_is_asked_once_is_found() -> None:
    """Each `SingleFlight` there is says by a field whose something is."""
    calls = [
        node
        for source in rules.read_tree(ROOT / "bot").values()
        if FLIGHT in source
        for node in ast.walk(rules.parsed(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == FLIGHT
    ]
    found = [each for each in _all() if each.is_asked_once and each.names_a_tenant]
    assert len(found) == len(calls) > 0


@each_row(
    "source, where, keys",
    [
        ("x: dict[str, int] = {}", "x", "str"),
        ("from typing import Final\nx: Final[dict[str, int]] = {}", "x", "str"),
        ("x: set[str] = set()", "x", "str"),
        ("class A:\n def b(self):\n  self.c: dict[tuple[str, str], int] = {}", "A.c", "tuple[str, str]"),
        ("class A:\n def b(self):\n  self.c: TTLCache[str, int] = TTLCache(1, 2)", "A.c", "str"),
        ("class A:\n def b(self):\n  self.c = TTLCache(1, 2)", "A.c", ""),
        (
            "class A:\n async def d(self, k: K): ...\n def b(self):\n  self.c = SingleFlight('', self.d)",
            "A.c",
            "K",
        ),
        ("def b(ask: Callable[[K, int], object]):\n return SingleFlight('', ask)", "b", "K"),
        ("@lru_cache(maxsize=1)\ndef b(): ...", "b", ""),
        ("@functools.cache\nasync def b(): ...", "b", ""),
        ("class A:\n def b(self):\n  self.c = lru_cache(maxsize=1)(d)", "A.c", ""),
    ],
)
def test_what_keeps_something_is_found(source: str, where: str, keys: str) -> None:
    """However it is made."""
    [found] = kept({"bot.handlers.jobs.status": source})
    assert found[:2] == (f"bot.handlers.jobs.status:{where}", keys)
    assert not found.names_a_tenant


@each_row(
    "source",
    ["def a():\n b: dict[str, int] = {}", "X: Final[Mapping[str, int]] = {}", "x: dict[str, int] = {1: 2}"],
)
def test_what_ends_with_its_function_or_never_changes_is_not(source: str) -> None:
    """Nothing is remembered there."""
    assert not list(kept({"bot.handlers.jobs.status": source}))
