"""One test over a table: like ``pytest.mark.parametrize``, for rows that take microseconds.

To collect a test, set it up and report it takes longer than such a row. Every row is tried, and each that
fails is reported by its values.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


def each_row(names: str, rows: Iterable[Any], name: Callable[[Any], str] = repr) -> Callable[..., Any]:
    """Call the test with each row, as the arguments of these names; ``name`` is how a failure names a row."""
    wanted, table = names.replace(" ", "").split(","), tuple(rows)
    assert table, "a table without rows tests nothing"

    def arguments(row: Any) -> dict[str, Any]:
        return dict(zip(wanted, row if len(wanted) > 1 else (row,), strict=True))

    def decorated(test: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def walk(**fixtures: Any) -> None:
            with _failures() as tried:
                for row in table:
                    with tried(name(row)):
                        test(**fixtures, **arguments(row))

        @functools.wraps(test)
        async def walk_async(**fixtures: Any) -> None:
            with _failures() as tried:
                for row in table:
                    with tried(name(row)):
                        await test(**fixtures, **arguments(row))

        walked: Any = walk_async if inspect.iscoroutinefunction(test) else walk
        others = [each for each in signature.parameters.values() if each.name not in wanted]
        walked.__signature__ = signature.replace(parameters=others)
        return walked  # type: ignore[no-any-return]

    return decorated


@contextmanager
def _failures() -> Iterator[Callable[[str], Any]]:
    failed: list[BaseException] = []
    count = 0

    @contextmanager
    def tried(row: str) -> Iterator[None]:
        nonlocal count
        count += 1
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  (it is raised below)
            error.add_note(f"in the row {row}")
            failed.append(error)

    yield tried
    if failed:
        msg = f"{len(failed)} of {count} rows fail"
        raise BaseExceptionGroup(msg, failed)
