"""What was read in a job's metrics, remembered for as long as somebody keeps the metrics themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from bot.domain.listing import MetricsSnapshot

_Others = ParamSpec("_Others")
_Read = TypeVar("_Read")


def remembered(
    read: Callable[Concatenate[MetricsSnapshot, _Others], _Read],
) -> Callable[Concatenate[MetricsSnapshot, _Others], _Read]:
    """Remember what ``read`` returns for each snapshot and its other arguments, which are hashable.

    Tens of thousands of points go with the cache that holds them: what is read in them must not refer
    to the snapshot.
    """
    known: WeakKeyDictionary[MetricsSnapshot, dict[Hashable, _Read]] = WeakKeyDictionary()

    @wraps(read)
    def remembering(metrics: MetricsSnapshot, /, *args: _Others.args, **kwargs: _Others.kwargs) -> _Read:
        of_these = known.setdefault(metrics, {})
        key = (args, *kwargs.items())
        if key not in of_these:
            of_these[key] = read(metrics, *args, **kwargs)
        return of_these[key]

    return remembering
