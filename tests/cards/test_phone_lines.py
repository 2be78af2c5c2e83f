"""Cards about jobs are short on a phone: each against a table, which is printed with ``-s``."""

from __future__ import annotations

from bot.cards.gallery.gallery import samples
from bot.handlers.entry.registry import Dispatch
from tests.cards.phone_lines import phone_lines
from tests.tables import each_row

BODIES = {sample.name: sample.body for sample in samples(Dispatch().help)}
SUBJECTS = (
    "job-",
    "unfurl",
    "list",
    "which-one",
    "metrics",
    "compare",
    "report",
    "digest-",
    "update-digest",
    "home",
)

# name: lines before cards had their present form (None: there was no such card), most lines now
TABLE: dict[str, tuple[int | None, int]] = {
    "job-running": (19, 13),
    "job-running-warning": (None, 16),
    "job-starting": (18, 9),
    "job-full-fine-tuning": (19, 11),
    "job-right-to-left": (19, 10),
    "job-unlinked": (None, 10),
    "job-cached": (20, 10),
    "job-queued": (15, 7),
    "job-many-ids": (16, 8),
    "job-failed": (39, 16),
    "job-failed-at-length": (39, 16),
    "job-failed-before": (None, 16),
    "job-failed-unknown": (None, 11),
    "job-failed-silently": (20, 9),
    "job-completed": (22, 12),
    "job-completed-diverged": (None, 14),
    "job-shared": (23, 12),
    "job-cancelled": (20, 10),
    "job-unknown-status": (17, 10),
    "job-vendor-example": (22, 11),
    "job-empty": (2, 2),
    "job-nulls": (2, 2),
    "job-hostile": (24, 11),
    "job-stale": (21, 12),
    "job-followed": (21, 12),
    "job-followed-by-me": (20, 12),
    "job-followed-by-others": (20, 12),
    "job-fed": (21, 12),
    "job-left": (21, 12),
    "unfurl": (6, 6),
    "unfurl-failed": (5, 5),
    "unfurl-hostile": (6, 6),
    "unfurl-stale": (8, 8),
    "list": (33, 15),
    "list-page": (33, 15),
    "list-last": (19, 11),
    "list-hostile": (16, 9),
    "list-nothing": (4, 4),
    "list-empty": (2, 2),
    "which-one": (8, 1),
    "which-one-many": (33, 3),
    "which-one-hostile": (4, 3),
    "metrics": (10, 9),
    "metrics-text": (10, 9),
    "metrics-several": (9, 8),
    "metrics-unknown": (6, 5),
    "metrics-nothing": (5, 4),
    "metrics-stale": (13, 12),
    "metrics-broken": (11, 10),
    "metrics-never": (8, 7),
    "metrics-hostile": (26, 25),
    "metrics-hostile-text": (32, 31),
    "compare": (33, 29),
    "compare-by": (None, 31),
    "compare-table": (None, 25),
    "compare-chart": (None, 29),
    "compare-text": (35, 31),
    "compare-hostile": (63, 60),
    "update-digest": (10, 3),
    "digest-daily": (29, 17),
    "digest-weekly": (147, 17),
    "digest-hostile": (14, 6),
    "digest-on": (5, 5),
    "digest-changed": (4, 4),
    "digest-off": (1, 1),
    "digest-on-answer": (4, 4),
    "digest-off-answer": (1, 1),
    "digest-off-none": (2, 2),
    "digest-state": (34, 19),
    "digest-state-none": (33, 19),
    "digest-state-none-nothing": (5, 5),
    "home": (None, 16),
    "home-paused": (None, 17),
    "home-nothing": (None, 6),
    "home-many": (None, 51),
    "home-stale": (None, 9),
    "home-failure": (None, 16),
    "report": (55, 52),
    "report-text": (55, 52),
    "report-failed": (63, 60),
    "report-hostile": (50, 47),
}


def test_every_card_about_jobs_is_in_the_table() -> None:
    """And Home, and nothing else."""
    assert {name for name in BODIES if name.startswith(SUBJECTS)} == set(TABLE)


@each_row("name", TABLE)
def test_a_card_takes_few_lines(name: str) -> None:
    """At 38 characters a line."""
    before, most = TABLE[name]
    lines = phone_lines(BODIES[name]["blocks"])
    print(f"{name}: {'new' if before is None else before} -> {lines}, at most {most}")  # noqa: T201  (the table)
    assert lines <= most
