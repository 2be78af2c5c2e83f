"""Values within values, for property tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

DEPTH = 3


def nested(
    leaf: st.SearchStrategy[Any], around: Callable[[st.SearchStrategy[Any]], st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    """Leaves, and what ``around`` puts around others of these, up to `DEPTH` times.

    As `st.recursive`, which counts its leaves and throws away what has too many, for a third of the time.
    """
    values = leaf
    for _ in range(DEPTH):
        values = _whole(leaf) | _whole(around(values))
    return _whole(values)


@st.composite
def _whole(draw: st.DrawFn, strategy: st.SearchStrategy[Any]) -> Any:
    """One branch of what it is joined to by ``|``, however many it has itself."""
    return draw(strategy)
