"""The watcher: claims due work, asks, and records the outcome."""

from bot.watcher.crash_points import CRASH_POINTS
from bot.watcher.fleet.fleet import Fleet
from bot.watcher.watcher import Watcher

__all__ = ["CRASH_POINTS", "Fleet", "Watcher"]
