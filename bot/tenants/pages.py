"""The pages of the installation flow. Pure: facts in, HTML out; nothing in them is loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlencode

HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What each page is sent with. No address of the flow, which has secrets in it, goes anywhere else."""

_MOST_OF_A_NAME: Final = 80
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto 0;padding:0 1.25rem;"
    "color:#1d1c1d;background:#fff}h1{font-size:1.5rem;margin:0 0 .5rem}"
    "a.button{display:inline-block;margin-top:1rem;padding:.6rem 1.1rem;border-radius:.35rem;"
    "background:#1f3a5f;color:#fff;text-decoration:none;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}"
    "a.button{background:#9cc3f0;color:#10151b}}"
)


def install_page(authorize_url: str) -> str:
    """Where the flow begins."""
    return _page(
        "Add jobbot to Slack",
        "Status cards and live updates for your Simplismart fine-tuning jobs. Before anything is installed, "
        "Slack shows what the app can do, and you can decline the optional permissions.",
        _button(authorize_url, "Add to Slack"),
    )


def installed_page(place_name: str, *, app_id: str, team_id: str, slash_command: str, slack_url: str) -> str:
    """Where it ends well. ``team_id`` is empty where the app is installed for an organization."""
    name = place_name[:_MOST_OF_A_NAME] or "your workspace"
    where = {"app": app_id, **({"team": team_id} if team_id else {})}
    address = f"{slack_url}/app_redirect?{urlencode(where)}"
    return _page(
        "jobbot is installed",
        f"It now works in {name}. In Slack, type {slash_command} to begin.",
        _button(address, "Open Slack") if app_id else "",
    )


def failed_page(what: str, what_to_do: str, install_path: str) -> str:
    """Where it ends otherwise; ``install_path`` is where to begin again."""
    return _page(what, what_to_do, _button(install_path, "Start again"))


def _page(title: str, text: str, rest: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{rest}</main></body></html>"
    )


def _button(address: str, text: str) -> str:
    return f'<a class="button" href="{escape(address)}">{escape(text)}</a>'
