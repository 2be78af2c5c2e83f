"""One figure of ours beside one of theirs, measured in the same run."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Ratio:
    """What was measured; ``goal`` is ``">= 3"`` or ``"<= 0.05"``: what ``ours / theirs`` should be."""

    name: str
    ours: float
    theirs: float
    unit: str
    goal: str

    @property
    def ratio(self) -> float:
        """Ours in terms of theirs."""
        return self.ours / self.theirs if self.theirs else float("inf")

    @property
    def is_met(self) -> bool:
        """Whether the goal was reached in this run."""
        sign, number = self.goal.split()
        return bool(_SIGNS[sign](self.ratio, float(number)))


def table(ratios: Iterable[Ratio]) -> str:
    """A line for each: both figures, the ratio, the goal, and whether it was reached."""
    rows = [("", "ours", "theirs", "", "ratio", "goal", "")]
    rows += [_row(ratio) for ratio in ratios]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(_pad, row, widths, range(len(row)))).rstrip() for row in rows)
    return "\n".join(lines)


def print_ratio(ratio: Ratio) -> None:
    """Print one ratio, with its heading."""
    print(table([ratio]))


def _row(ratio: Ratio) -> tuple[str, ...]:
    figures = (f"{ratio.ours:,.2f}", f"{ratio.theirs:,.2f}", ratio.unit, f"{ratio.ratio:.3f}")
    return (ratio.name, *figures, ratio.goal, "met" if ratio.is_met else "NOT MET")


def _pad(cell: str, width: int, column: int) -> str:
    """Words to the left, the figures to the right."""
    return cell.rjust(width) if column in {1, 2, 4} else cell.ljust(width)
