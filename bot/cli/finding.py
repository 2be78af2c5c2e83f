"""What a check found: one line of the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    problem: str = ""
    """Empty when all is well; else what is wrong and what to do about it."""
    note: str = ""
    warning: str = ""
    """What will be wrong soon, and what to do about it; all is well until then."""

    def __str__(self) -> str:
        """The line as it is printed."""
        if self.problem:
            return f"FAIL  {self.name}: {self.problem}"
        if self.warning:
            return f"warn  {self.name}: {self.warning}"
        return f"ok    {self.name}" + (f": {self.note}" if self.note else "")
