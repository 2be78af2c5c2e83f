"""The server: bearer keys, organisations, the three GET methods, and whatever the switches break."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.domain.ports import Clock
from bot.playground.training_suite.catalogue import demo_jobs
from bot.playground.training_suite.curves import metrics
from bot.playground.training_suite.documents import blank, moved
from bot.playground.training_suite.lives import Ending, JobPlan, cut_short, state, summary_of
from bot.playground.training_suite.odd_answers import in_words_of, list_answer
from bot.playground.training_suite.refusals import Refusal, check_key, json_answer, switched_off
from bot.playground.training_suite.sweep import sweep_jobs
from bot.playground.training_suite.switches import Switches
from bot.playground.training_suite.timeline import Timeline, Translate, untranslated

DEFAULT_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJvcmciOiJwbGF5Z3JvdW5kIn0.bWFkZS11cC1rZXk"  # noqa: S105  (made up)
DEFAULT_ORG_ID = "0bf00b43-430a-4ca3-a8b3-b13cc8dc6d4f"

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
"""What this server takes as a request id; anything else is a 400."""
_MOST_REQUESTS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    path: str
    query: Mapping[str, str]
    at_seconds: float
    """The suite's clock, monotonic."""
    in_flight: int
    """How many were being answered at that moment, this one included."""
    correlation: str = ""
    """Its ``X-Request-Id``."""


@dataclass(frozen=True, slots=True)
class _Raw:
    body: bytes
    status: int
    headers: Mapping[str, str]


class TrainingSuite:
    """Simplismart's server and everything tests may do to it.

    ``clock`` is for delays, and the jobs live by it; with a ``timeline`` they live by that one's fast
    clock, and their times are told in the real one's (see `Timeline`). ``jobs``: their plans.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        timeline: Timeline | None = None,
        jobs: Iterable[JobPlan] | Callable[[datetime], Iterable[JobPlan]] = demo_jobs,
        token: str = DEFAULT_TOKEN,
        org_id: str = DEFAULT_ORG_ID,
    ) -> None:
        self._clock = clock
        self._life = clock if timeline is None else timeline.fast
        self._timeline = timeline
        self.token = token
        """The key that is good."""
        self.org_id = org_id
        self.switches = Switches()
        self.requests: deque[Request] = deque(maxlen=_MOST_REQUESTS_KEPT)
        """The request log, newest last."""
        self.counts: Counter[str] = Counter()
        """Requests by path since the start or `reset`."""
        self._in_flight = 0
        self._jobs = jobs if callable(jobs) else tuple(jobs)
        self._plans: dict[str, JobPlan] = {}
        self._sweeps = 0
        self._documents: dict[str, dict[str, Any]] = {}
        self._raw: dict[str, _Raw] = {}
        self._lost: set[str] = set()
        self._logged: dict[str, list[Mapping[str, Any]]] = {}
        self.extra_rows: list[Mapping[str, Any]] = []
        """Rows that the list has besides: duplicates, and whatever else a list should not have."""
        self.reset()

    def reset(self) -> None:
        """All jobs begin anew, all switches go off, the log is emptied."""
        plans = self._jobs(self._life.now()) if callable(self._jobs) else self._jobs
        self._plans = {plan.request_id: plan for plan in plans}
        self._sweeps = 0
        self._documents.clear()
        self._raw.clear()
        self._lost.clear()
        self._logged.clear()
        self.extra_rows.clear()
        self.switches.update(Switches().as_dict())
        self.requests.clear()
        self.counts.clear()

    def add_job(self, job: JobPlan | Mapping[str, Any]) -> str:
        """Add a life, or a document that stays as it is; the request id comes back."""
        if isinstance(job, JobPlan):
            self._plans[job.request_id] = job
            return job.request_id
        request_id = str(job["request_id"])
        self._documents[request_id] = dict(job)
        return request_id

    def start_sweep(self) -> None:
        """A few jobs are queued that start one by one."""
        self._sweeps += 1
        for plan in sweep_jobs(self._life.now(), self._sweeps):
            self.add_job(plan)

    def set(self, request_id: str, **fields: Any) -> None:
        """From now on the job's document says this and otherwise what it says now; it no longer lives.

        Its times change with its status, where they are not given: also back from a finished one. An ID
        that no job has gets a job.
        """
        now = self._clock.now()
        self._documents[request_id] = moved(self.document(request_id) or blank(request_id, now), now, fields)

    def end(self, request_id: str, ending: Ending, error_message: str | None = None) -> None:
        """The job's life takes this turn now; nothing happens to one that is over or has no life."""
        plan = self._plans.get(request_id)
        if plan is not None:
            self._plans[request_id] = cut_short(plan, self._life.now(), ending, error_message)

    def log(self, request_id: str, *points: Mapping[str, Any]) -> None:
        """The job logs these too, as the API sends them; one that has a life no longer logs by it."""
        self._logged.setdefault(request_id, []).extend(points)

    def lose(self, request_id: str) -> None:
        """The job is no more, for `document`, for the list and for everybody who asks."""
        self._lost.add(request_id)

    def find(self, request_id: str) -> None:
        """A lost job is back."""
        self._lost.discard(request_id)

    def raw(
        self,
        request_id: str,
        body: bytes | str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer exactly this to every ``GET /job/get/`` for this id."""
        content = body.encode() if isinstance(body, str) else body
        self._raw[request_id] = _Raw(content, status, headers or {"Content-Type": "application/json"})

    @property
    def request_ids(self) -> tuple[str, ...]:
        """Of every job there is, in the order in which they were added."""
        return tuple(each for each in {**self._plans, **self._documents} if each not in self._lost)

    def document(self, request_id: str) -> dict[str, Any] | None:
        """The job's document as it is now."""
        plan = self._plans.get(request_id)
        if request_id in self._lost:
            return None
        if request_id in self._documents or plan is None:
            return self._documents.get(request_id)
        return state(plan, self._life.now(), self._translation(plan))

    def summaries(self) -> list[dict[str, Any]]:
        """Every job's entry in the list, newest first."""
        documents = map(self.document, self.request_ids)
        found = [summary_of(document) for document in documents if document is not None]
        return sorted(found, key=lambda entry: str(entry["created_at"]), reverse=True)

    def app(self) -> web.Application:
        """The aiohttp application to serve."""
        app = web.Application()
        app.router.add_get("/job/get/", self.answer)
        app.router.add_get("/job/list/", self.answer)
        app.router.add_get("/job/metrics/", self.answer)
        return app

    def _translation(self, plan: JobPlan) -> Translate:
        if self._timeline is None:
            return untranslated
        return self._timeline.for_job(self._life.now(), plan.finishes_at)

    async def answer(self, request: web.Request) -> web.Response:
        """One request of any of the three methods."""
        self._in_flight += 1
        self.counts[request.path] += 1
        at, correlation = self._clock.monotonic(), request.headers.get("X-Request-Id", "")
        self.requests.append(Request(request.path, dict(request.query), at, self._in_flight, correlation))
        try:
            await self._clock.sleep(self.switches.latency_seconds)
            return switched_off(self.switches, request) or self._sound_answer(request)
        except Refusal as refusal:
            status = 200 if self.switches.soft_errors else refusal.status
            return json_answer({"detail": refusal.detail}, status, refusal.headers)
        finally:
            self._in_flight -= 1

    def _sound_answer(self, request: web.Request) -> web.Response:
        check_key(request.headers.get("Authorization"), self.token)
        self._check_organisation(request.query.get("org_id"))
        if request.path == "/job/list/":
            return list_answer(self.switches, [*self.summaries(), *self.extra_rows])
        request_id = _checked_id(request.query.get("request_id"))
        if request.path == "/job/metrics/":
            return self._metrics(request_id)
        return self._job(request_id)

    def _check_organisation(self, org_id: str | None) -> None:
        if not org_id:
            raise Refusal(400, "org_id is required.")
        if org_id != self.org_id:
            raise Refusal(403, "You do not have permission to access this organization.")

    def _job(self, request_id: str) -> web.Response:
        raw = self._raw.get(request_id)
        if raw is not None:
            return web.Response(body=raw.body, status=raw.status, headers=raw.headers)
        document = self.document(request_id)
        if document is None:
            raise Refusal(404, "Training job not found.")
        return json_answer(in_words_of(self.switches, document))

    def _metrics(self, request_id: str) -> web.Response:
        plan, logged = self._plans.get(request_id), self._logged.get(request_id)
        if (plan is None and logged is None) or request_id in self._lost:
            raise Refusal(404, "Training job or metrics not found.")
        if plan is None or logged is not None:
            return json_answer({"request_id": request_id, "metrics": logged})
        points = metrics(plan, self._life.now(), self._translation(plan))
        return json_answer({"request_id": request_id, "metrics": points})


def _checked_id(request_id: str | None) -> str:
    if not request_id:
        raise Refusal(400, "request_id is required.")
    if not _REQUEST_ID.fullmatch(request_id):
        raise Refusal(400, "request_id is not a valid identifier.")
    return request_id
