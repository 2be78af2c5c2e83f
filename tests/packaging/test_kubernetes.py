"""The Kubernetes manifests: valid by the API's schemas, without rights and without secrets."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from cryptography.fernet import Fernet
from kubernetes_validate.utils import ValidationError
from pydantic import SecretStr

from bot import __version__
from bot.app import GRACE_SECONDS
from bot.settings import Settings
from tests.documents import OPERATING, ROOT, part
from tests.tables import each_row

FOLDER = ROOT / "docs" / "operations" / "kubernetes"
VERSIONS = ("1.31", "1.34", "1.37")
"""The oldest that is likely to be met, the newest, and one between."""
SECRETS: Mapping[str, Mapping[str, str]] = {
    "one workspace": {
        "DATABASE_URL": "postgresql://u@db/j",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "made-up",
        "SIMPLISMART_API_TOKEN": "made-up",
    },
    "Socket Mode": {
        "DATABASE_URL": "postgresql://u@db/j",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SIMPLISMART_API_TOKEN": "made-up",
    },
    "by a click": {
        "DATABASE_URL": "postgresql://u@db/j",
        "SLACK_SIGNING_SECRET": "made-up",
        "SLACK_CLIENT_SECRET": "made-up",
        "SECRETS_KEYS": Fernet.generate_key().decode(),
    },
}
"""What the Secret has, by how the bot is installed."""
DOCUMENTS: list[dict[str, Any]] = [
    document
    for path in sorted(FOLDER.glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text("utf-8"))
]


def _pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for document in DOCUMENTS:
        if document["kind"] in {"Deployment", "Job"}:
            yield document["metadata"]["name"], document["spec"]["template"]["spec"]


def _containers() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((name, container) for name, pod in _pods() for container in pod["containers"])


@each_row("version", VERSIONS)
def test_every_manifest_is_valid(version: str) -> None:
    """Strictly: no field that the API doesn't have."""
    assert DOCUMENTS
    for document in DOCUMENTS:
        kubernetes_validate.validate(document, version, strict=True)


def test_a_field_that_is_none_is_found() -> None:
    """A slip of the keys in a manifest fails this test, not the cluster."""
    (service,) = (each for each in DOCUMENTS if each["kind"] == "Service")
    with pytest.raises(ValidationError):
        kubernetes_validate.validate(
            {**service, "spec": {**service["spec"], "port": []}}, "1.37", strict=True
        )


def test_what_there_is() -> None:
    """Two deployments, a migration job, and who may talk to whom."""
    kinds = "ConfigMap Deployment Deployment Job NetworkPolicy PodDisruptionBudget Service ServiceAccount"
    assert sorted(each["kind"] for each in DOCUMENTS) == kinds.split()
    assert {name: each["args"] for name, each in _containers()} == {
        "jobbot-serve": ["serve"],
        "jobbot-worker": ["worker"],
        "jobbot-migrate": ["migrate"],
    }


def test_nobody_has_rights() -> None:
    """No root, no writable root, no capability, no token of Kubernetes, bounded memory."""
    for name, pod in _pods():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 0, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
    for name, container in _containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert {"requests", "limits"} == container["resources"].keys(), name
        assert container["image"] == f"jobbot:{__version__}", name


def _config() -> dict[str, str]:
    (config,) = (each["data"] for each in DOCUMENTS if each["kind"] == "ConfigMap")
    return dict(config)


def _is_secret(name: str) -> bool:
    """Whether a setting's type hides it, or it has a password in it."""
    annotation = typing.get_type_hints(Settings)[name.lower()]
    return name == "DATABASE_URL" or SecretStr in {annotation, *typing.get_args(annotation)}


def test_secrets_come_by_reference() -> None:
    """Every setting that is named exists; each secret comes from the Secret, and nothing else does."""
    assert not [name for name in _config() if _is_secret(name)]
    for where, container in _containers():
        for each in container["env"]:
            name = each["name"]
            assert _is_secret(name), where
            depends = {} if name == "DATABASE_URL" else {"optional": True}
            assert each["valueFrom"] == {"secretKeyRef": {"name": "jobbot", "key": name, **depends}}, where
    page = part(OPERATING, "On Kubernetes")
    asked = {each["name"] for _, container in _containers() for each in container["env"]}
    assert [name for name in sorted(asked) if f"`{name}`" not in page] == []


@each_row("secrets", SECRETS.values())
def test_what_is_needed_is_given(
    secrets: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A process of either deployment starts with what its pod gives it."""
    config = _config()
    if "SLACK_CLIENT_SECRET" in secrets:
        config["SLACK_CLIENT_ID"] = "1.2"
        del config["SIMPLISMART_ORG_ID"]
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    for where, container in _containers():
        if where == "jobbot-migrate":
            continue
        asked = {each["name"] for each in container["env"]}
        assert secrets.keys() <= asked, where
        for name, value in {**config, **secrets}.items():
            monkeypatch.setenv(name, value)
        settings = Settings(_env_file=None)
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        assert ports["metrics"] == settings.metrics_port, where
        assert ports.get("http", settings.port) == settings.port, where
        for probe in ("startupProbe", "livenessProbe"):
            assert container[probe]["httpGet"]["port"] in ports, where
            assert container[probe]["httpGet"]["path"] == "/healthz", where


def test_every_secret_has_a_place() -> None:
    """Whichever setting holds one, both deployments take it."""
    every = {name.upper() for name in Settings.model_fields if _is_secret(name.upper())}
    for where, container in _containers():
        expected = {"DATABASE_URL"} if where == "jobbot-migrate" else every
        assert {each["name"] for each in container["env"]} == expected, where


def test_a_pod_has_the_time_to_end() -> None:
    """What waits before SIGTERM, what the bot takes after it, and as much again for a slow machine."""
    for name, pod in _pods():
        for container in pod["containers"]:
            before = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            given = pod.get("terminationGracePeriodSeconds", 30)
            assert given >= before + 2 * GRACE_SECONDS, name
            assert ("preStop" in container.get("lifecycle", {})) == (name == "jobbot-serve"), name


def test_one_machine_that_fails_does_not_stop_the_answers() -> None:
    """Two that answer, on two machines where there are two, and one at a time is taken away."""
    found = {each["kind"] + each["metadata"]["name"]: each["spec"] for each in DOCUMENTS if "spec" in each}
    serve, budget = found["Deploymentjobbot-serve"], found["PodDisruptionBudgetjobbot-serve"]
    (spread,) = serve["template"]["spec"]["topologySpreadConstraints"]
    assert serve["replicas"] - budget["maxUnavailable"] >= 1
    assert spread["topologyKey"] == "kubernetes.io/hostname"
    labels = serve["template"]["metadata"]["labels"]
    for each in (spread["labelSelector"], budget["selector"], serve["selector"]):
        assert each["matchLabels"] == labels


def test_only_the_ports_that_there_are_are_open() -> None:
    """Both ways."""
    (policy,) = (each["spec"] for each in DOCUMENTS if each["kind"] == "NetworkPolicy")
    named = {each["name"] for _, container in _containers() for each in container.get("ports", ())}
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == named
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 443, 5432}
    assert all(rule["from"] for rule in policy["ingress"])
