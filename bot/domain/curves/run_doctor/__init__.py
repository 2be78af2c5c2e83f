"""The run doctor: what looks wrong in the metrics of a job that runs. Says nothing when unsure.

A false alarm is worse than silence: every finding needs enough points, and more than noise can explain.
"""

from bot.domain.curves.run_doctor.examining import examine
from bot.domain.curves.run_doctor.findings import Finding, FindingClass

__all__ = ["Finding", "FindingClass", "examine"]
