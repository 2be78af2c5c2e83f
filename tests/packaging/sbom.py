"""The bill of materials: what `requirements.txt` locks, with licenses, hashes and who needs it, as CycloneDX.

``make sbom`` writes it. The same lock gives the same bytes: neither a time nor a random number is in it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from bot import __version__

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements.txt"
VERSION = SchemaVersion.V1_6
_OURS = "jobbot"
_SPELLED = {
    "Apache 2.0": "Apache-2.0",
    "PSF-2.0": "PSF-2.0",
    "MPL-2.0": "MPL-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
}
"""What packages without a license expression write instead, as SPDX has it."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of the lock."""

    name: str
    version: str
    hashes: Sequence[str]
    """SHA-256 of each file that may be installed."""
    needed_by: Sequence[str]


def locked(lock: str) -> Iterator[Locked]:
    """Every package of a lock file."""
    for entry in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]:
        name, version = entry.split(" ", 1)[0].split("==")
        needed_by = re.findall(r"^\s+#(?: via)? {1,3}([a-z0-9-]+)", entry, re.MULTILINE)
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)
        yield Locked(name, version, hashes, [each for each in needed_by if each != "via"])


def license_of(name: str) -> str:
    """The SPDX expression of an installed package.

    Raises:
        LookupError: it says none that is known here; look it up and add it to `_SPELLED`.
    """
    told = metadata.metadata(name)
    found = told.get("License-Expression") or _SPELLED.get((told.get("License") or "").strip())
    if found is None:
        msg = f"{name} has no license expression: its license is {told.get('License')!r}"
        raise LookupError(msg)
    return found


def bill_of_materials(lock: str) -> str:
    """The whole of it, as JSON."""
    packages = list(locked(lock))
    parts = {each.name: _component(each) for each in packages}
    ours = Component(name=_OURS, version=__version__, type=ComponentType.APPLICATION, bom_ref=_OURS)
    bom = Bom(components=parts.values())
    bom.metadata.component = ours
    for name, part in {**parts, _OURS: ours}.items():
        bom.register_dependency(part, [parts[each.name] for each in packages if name in each.needed_by])
    told = json.loads(make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string())
    del told["serialNumber"], told["metadata"]["timestamp"]
    return json.dumps(told, indent=2, sort_keys=True)


def _component(package: Locked) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(license_of(package.name))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
    )


if __name__ == "__main__":
    sys.stdout.write(bill_of_materials(LOCK.read_text("utf-8")) + "\n")
