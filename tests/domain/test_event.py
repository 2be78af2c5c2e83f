"""Whoever listens is told, in the order in which they came."""

from __future__ import annotations

from bot.domain.event import Event


def test_everybody_who_listens_is_told_of_what_happens_from_then_on() -> None:
    """Also where nobody does."""
    event, heard = Event[str](), list[str]()
    event.tell("before")
    event.listen(lambda news: heard.append(f"one: {news}"))
    event.tell("first")
    event.listen(lambda news: heard.append(f"two: {news}"))
    event.tell("second")
    assert heard == ["one: first", "one: second", "two: second"]
