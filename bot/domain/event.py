"""Something that happens again and again, told at once to whoever wants to be told about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_News = TypeVar("_News")


class Event(Generic[_News]):
    """One kind of news, from one owner to any number of hearers."""

    def __init__(self) -> None:
        self._hearers: list[Callable[[_News], None]] = []

    def listen(self, hearer: Callable[[_News], None]) -> None:
        """Tell this one too from now on."""
        self._hearers.append(hearer)

    def tell(self, news: _News) -> None:
        """It happened."""
        for hearer in self._hearers:
            hearer(news)
