"""The alert rules and the dashboard: what they ask for exists, and the rules fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.documents import OPERATING, ROOT, rows
from tests.observability.filled import filled

OPERATIONS: Final = ROOT / "docs" / "operations"
RULES, DASHBOARD = OPERATIONS / "alerts.yml", OPERATIONS / "grafana-dashboard.json"
PROMTOOL: Final = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: prometheus)")
_OF_PROMETHEUS: Final = {"instance", "le"}
"""Labels that no metric of ours sets by itself."""


def _rules() -> list[Mapping[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


def _panels() -> list[Mapping[str, object]]:
    return list(json.loads(DASHBOARD.read_text("utf-8"))["panels"])


def _queries() -> Iterator[str]:
    yield from (rule["expr"] for rule in _rules())
    for panel in _panels():
        for target in panel["targets"]:  # type: ignore[attr-defined]
            yield target["expr"].replace("$__rate_interval", "5m")


def _samples() -> Mapping[str, Mapping[str, AbstractSet[str]]]:
    """By the name of each sample the values of its labels."""
    found: dict[str, dict[str, set[str]]] = {}
    for metric in filled().registry.collect():
        for sample in metric.samples:
            labels = found.setdefault(sample.name, {})
            for name, value in sample.labels.items():
                labels.setdefault(name, set()).add(value)
    return found


def _complaints(query: str, samples: Mapping[str, Mapping[str, AbstractSet[str]]]) -> list[str]:
    """Metrics, labels and values in a query that there are not."""
    selectors = re.findall(r"\b((?:jobbot|process)_\w+)(?:\{([^}]*)\})?", query)
    complaints = [name for name, _ in selectors if name not in samples]
    labels = {label for name, _ in selectors for label in samples.get(name, ())} | _OF_PROMETHEUS
    for grouped in re.findall(r"\b(?:by|on) \(([^)]*)\)", query):
        complaints += [label for label in re.split(r",\s*", grouped) if label not in labels]
    for name, matchers in selectors:
        for label, values in re.findall(r'(\w+)(?:=|!=|=~|!~)"([^"]*)"', matchers):
            known = samples.get(name, {}).get(label, set())
            complaints += [f"{label}={value}" for value in values.split("|") if value not in known]
    return complaints


def test_every_query_asks_for_what_there_is() -> None:
    """Each metric, each label that is grouped by, and each value that is compared with."""
    samples = _samples()
    queries = list(_queries())
    assert len(queries) > len(_rules())
    assert {query: found for query in queries if (found := _complaints(query, samples))} == {}


@pytest.mark.parametrize(
    "query",
    [
        "jobbot_nothing",
        "sum by (job_id) (jobbot_outbox_parked)",
        'jobbot_deliveries_total{outcome="lost"}',
        'jobbot_training_api_requests_total{outcome=~"ok|fine"}',
        'jobbot_outbox_parked{channel="C1"}',
    ],
)
def test_a_query_for_what_there_is_not_is_found(query: str) -> None:
    """A name, a label, a value."""
    assert _complaints(query, _samples())


def test_the_dashboard_shows_every_metric() -> None:
    """At least in one panel; no two panels lie over each other."""
    asked = " ".join(_queries())
    for metric in filled().registry.collect():
        assert not metric.name.startswith("jobbot_") or metric.name in asked, metric.name
    taken: set[tuple[int, int]] = set()
    for panel in _panels():
        at: Mapping[str, int] = panel["gridPos"]  # type: ignore[assignment]
        places = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not places & taken
        assert max(x for x, _ in places) < 24
        taken |= places


def test_the_documents_list_every_alert() -> None:
    """By its name, when it fires, and what the rule says to do about it."""
    listed = rows(ROOT / "docs" / "operating.md", "Dashboard and alerts")
    rules = [(f"`{rule['alert']}`", rule["annotations"]["action"]) for rule in _rules()]
    assert [(name, action) for name, _, action in listed] == rules
    assert all({"summary", "action", "runbook"} == set(rule["annotations"]) for rule in _rules())


def test_every_alert_has_a_section_that_says_what_to_do() -> None:
    """Its link leads there, and the section names panels that the dashboard has."""
    text = OPERATING.read_text("utf-8")
    sections = {
        title: re.sub(r"\s+", " ", body)
        for title, body in re.findall(r"^#### (Jobbot\w+)\n(.*?)(?=^#)", text, re.DOTALL | re.MULTILINE)
    }
    titles = {panel["title"] for panel in _panels()}
    for rule in _rules():
        assert rule["annotations"]["runbook"] == f"docs/operating.md#{rule['alert'].lower()}"
        named = re.match(r"\s*Panels?: ((?:\*\*[^*]+\*\*(?:, )?)+)\.", sections.pop(rule["alert"]))
        assert named, rule["alert"]
        assert set(re.findall(r"\*\*([^*]+)\*\*", named[1])) <= titles, rule["alert"]
    assert not sections


@needs_promtool
def test_the_rules_fire_when_they_should(tmp_path: Path) -> None:
    """On made-up series: every rule fires in one, and is quiet in another."""
    cases = (Path(__file__).parent / "alerts.test.yml").read_text("utf-8")
    fired = {
        case["alertname"]
        for test in yaml.safe_load(cases)["tests"]
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert fired == {rule["alert"] for rule in _rules()}
    written = tmp_path / "alerts.test.yml"
    written.write_text(cases.replace("RULES", str(RULES)), "utf-8")
    _promtool("test", "rules", str(written))


@needs_promtool
def test_prometheus_reads_every_query(tmp_path: Path) -> None:
    """Also the dashboard's."""
    recorded = [{"record": f"query_{number}", "expr": query} for number, query in enumerate(_queries())]
    written = tmp_path / "queries.yml"
    written.write_text(json.dumps({"groups": [{"name": "queries", "rules": recorded}]}), "utf-8")
    _promtool("check", "rules", str(written))


def _promtool(*arguments: str) -> None:
    done = subprocess.run([str(PROMTOOL), *arguments], capture_output=True, text=True, check=False)  # noqa: S603  (our own files)
    assert done.returncode == 0, done.stdout + done.stderr
