"""The failure doctor: what went wrong in a job, and what to change. Says nothing when unsure.

A class of failure is one entry of the ``FAILURES`` of its family: `memory`, `limits`, `cluster`,
`models`, `datasets`, `training`. What gives it away stands in the family's module in `signs`, read from the
sources of what fails. On purpose nothing is said where a text fits several classes: a lone "Input contains
NaN", a launcher's report without the worker's own words, a driver's complaint of a GPU that broke, undefined
symbols of extensions, a process that somebody stopped.

Error texts come from outside and may be hostile: every pattern is bounded, and so is what is read.
"""

from bot.domain.diagnosis.diagnosing import diagnose
from bot.domain.diagnosis.failures import Diagnosis, FailureClass
from bot.domain.diagnosis.fingerprint import error_fingerprint, error_headline

__all__ = ["Diagnosis", "FailureClass", "diagnose", "error_fingerprint", "error_headline"]
