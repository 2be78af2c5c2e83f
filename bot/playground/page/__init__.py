"""The playground's page: its files, its questions, its stream of news."""

from bot.playground.page.site import Page

__all__ = ["Page"]
