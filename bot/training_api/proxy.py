"""The proxy that a company's network wants for HTTPS, as the environment names it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass


@dataclass(frozen=True, slots=True)
class HttpsProxy:
    """Where tunnels are asked for; None: nowhere, every connection is direct.

    The address may carry a name and a password and is never shown.
    """

    address: str | None

    @classmethod
    def of_environment(cls) -> HttpsProxy:
        """``HTTPS_PROXY``, or what the system's own settings say."""
        address = getproxies().get("https")
        return cls(address if address is None or "://" in address else f"http://{address}")

    def for_address(self, scheme: str, host: str) -> str | None:
        """The proxy for one request: never for plain HTTP, nor for what ``NO_PROXY`` lists."""
        if self.address is None or scheme != "https" or proxy_bypass(host):
            return None
        return self.address
