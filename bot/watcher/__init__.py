"""What follows the watched jobs: claims due work, asks, and writes down what came of it."""

from bot.watcher.crash_points import STEPS
from bot.watcher.watcher import Watcher

__all__ = ["STEPS", "Watcher"]
