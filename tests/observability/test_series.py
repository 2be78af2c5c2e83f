"""Counters and histograms of ours say what prometheus-client's own would."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from bot.observability.metrics import Tallies, Timings

BOUNDS = (0.0005, 0.01, 1, 2.5, 3_600, 100_000_000)


def test_the_page_is_the_same_as_of_the_librarys_own() -> None:
    """Below, on and above each bound, with labels and without."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    plain, labelled = Timings("a_seconds", "A.", BOUNDS), Timings("b_seconds", "B.", BOUNDS, ("x", "y"))
    ours.register(plain)
    ours.register(labelled)
    other_plain = Histogram("a_seconds", "A.", registry=theirs, buckets=BOUNDS)
    other_labelled = Histogram("b_seconds", "B.", ("x", "y"), registry=theirs, buckets=BOUNDS)
    for number, bound in enumerate(BOUNDS):
        for seconds in (bound / 2, bound, bound * 1.5, 0.0):
            labels = f"x{number % 2}", f'"{number}\n'
            plain.labels().observe(seconds)
            other_plain.observe(seconds)
            labelled.labels(*labels).observe(seconds)
            other_labelled.labels(*labels).observe(seconds)
    assert generate_latest(ours) == generate_latest(theirs)


def test_so_is_a_counters() -> None:
    """From zero on, with labels and without."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    plain, labelled = Tallies("a_total", "A."), Tallies("b_total", "B.", ("x",))
    ours.register(plain)
    ours.register(labelled)
    other_plain = Counter("a_total", "A.", registry=theirs)
    other_labelled = Counter("b_total", "B.", ("x",), registry=theirs)
    labelled.labels("never")
    other_labelled.labels("never")
    assert generate_latest(ours) == generate_latest(theirs)
    for _ in range(3):
        plain.labels().add()
        other_plain.inc()
        labelled.labels('"x\n').add()
        other_labelled.labels('"x\n').inc()
    assert generate_latest(ours) == generate_latest(theirs)
