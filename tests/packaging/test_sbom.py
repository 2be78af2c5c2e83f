"""The bill of materials: valid CycloneDX, all of the lock and nothing else, and known licenses."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
from cyclonedx.schema import OutputFormat
from cyclonedx.validation import make_schemabased_validator

from tests.documents import SECURITY, rows
from tests.packaging.sbom import LOCK, VERSION, bill_of_materials, license_of, locked


@pytest.fixture(scope="module")
def written() -> str:
    """As ``make sbom`` writes it."""
    return bill_of_materials(LOCK.read_text("utf-8"))


@pytest.fixture
def bill(written: str) -> dict[str, Any]:
    """The same, read."""
    found: dict[str, Any] = json.loads(written)
    return found


def test_it_is_valid(written: str) -> None:
    """By CycloneDX's own schema."""
    assert make_schemabased_validator(OutputFormat.JSON, VERSION).validate_str(written) is None
    assert make_schemabased_validator(OutputFormat.JSON, VERSION).validate_str("{}") is not None


def test_it_has_what_is_locked(bill: dict[str, Any]) -> None:
    """Each package with its version, its license and the hash of every file."""
    packages = {(each.name, each.version): each.hashes for each in locked(LOCK.read_text("utf-8"))}
    assert len(packages) > 30
    listed = {(each["name"], each["version"]): each for each in bill["components"]}
    assert listed.keys() == packages.keys()
    for key, part in listed.items():
        assert {each["content"] for each in part["hashes"]} == set(packages[key]), key
        assert part["licenses"], key


def test_it_says_who_needs_what(bill: dict[str, Any]) -> None:
    """From the bot down: everything is needed by something."""
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    seen, found = {"jobbot"}, ["jobbot"]
    while found:
        fresh = set(needs[found.pop()]) - seen
        seen |= fresh
        found += fresh
    assert seen == needs.keys()


def test_the_same_lock_gives_the_same_bytes(written: str) -> None:
    """No time, no random number."""
    assert bill_of_materials(LOCK.read_text("utf-8")) == written


def test_a_package_of_two() -> None:
    """One line or several name who needs it."""
    first_hash, second_hash, third_hash = ("--hash=sha256:" + digit * 64 for digit in "012")
    ours = "jobbot (pyproject.toml)"
    lock = f"a-b==1.0 \\\n    {first_hash} \\\n    {second_hash}\n    # via {ours}\n"
    lock += f"c==2 ; x == 'y' \\\n    {third_hash}\n    # via\n    #   a-b\n    #   {ours}\n"
    first, second = locked(lock)
    assert (first.name, first.version, len(first.hashes), first.needed_by) == ("a-b", "1.0", 2, ["jobbot"])
    assert (second.name, second.version, second.needed_by) == ("c", "2", ["a-b", "jobbot"])


def test_licenses_are_listed() -> None:
    """docs/security.md names each license with its packages; none is copyleft beyond single files."""
    named: dict[str, list[str]] = defaultdict(list)
    for each in locked(LOCK.read_text("utf-8")):
        named[license_of(each.name)].append(each.name)
    listed = {license_.strip("`"): packages.split(", ") for license_, packages in rows(SECURITY, "Licenses")}
    assert listed == dict(named)
    assert not [each for each in named if "GPL" in each]
