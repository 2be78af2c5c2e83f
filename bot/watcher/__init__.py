"""The watcher: claims due work, asks, and records the outcome."""

from bot.watcher.crash_points import STEPS
from bot.watcher.watcher import Watcher

__all__ = ["STEPS", "Watcher"]
