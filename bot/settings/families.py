"""Settings of which there are many, one for each name that the operator puts at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

FAMILIES = {"gpu_hour_price": "TYPE"}
"""By field: what stands at the end of each name of the family, such as ``GPU_HOUR_PRICE_<TYPE>``."""


class FamilySource(PydanticBaseSettingsSource):
    """Gathers ``GPU_HOUR_PRICE_H100=…`` and its like.

    ``variables`` are by lower-case name; where several have the same, the last counts.
    """

    def __init__(self, settings_cls: type[BaseSettings], *variables: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._variables = {name: value for each in variables for name, value in each.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002  (pydantic's)
        """The members of one family, by the end of their names; None without any."""
        prefix = f"{field_name}_"
        found = {
            name.removeprefix(prefix): value
            for name, value in self._variables.items()
            if name.startswith(prefix) and value is not None
        }
        return found or None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All families that have members."""
        fields = self.settings_cls.model_fields
        known = {name: self.get_field_value(fields[name], name)[0] for name in FAMILIES if name in fields}
        return {name: found for name, found in known.items() if found is not None}
