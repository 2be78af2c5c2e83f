"""The workspaces beside each other, as the page's person may switch between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rail:
    """Where one page is among them."""

    names_and_paths: Sequence[tuple[str, str]] = ()
    """Of every workspace, the first one first."""
    install_path: str = ""
    """Where the page's person installs the app; empty where that is done already."""
    account: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What to fill in into the window of `setup`, by the input's action."""

    def state(self, workspace: Workspace) -> Mapping[str, Any]:
        """As the page gets it."""
        name = workspace.identity.team_name
        return {
            "workspace": {
                "name": name,
                "is_installed": workspace.world.is_installed,
                "install_path": self.install_path,
                "account": self.account,
            },
            "workspaces": [
                {"name": each, "path": path, "is_current": each == name}
                for each, path in self.names_and_paths
            ],
        }
