"""The settings: the only reader of the environment and of ``.env``. All mistakes are told at once.

Each field's description is what ``.env.example`` and docs/operating.md say of it; a test compares them.
"""

from bot.settings.loading import load_database, load_settings, load_words
from bot.settings.model import Settings
from bot.settings.subsets import Database, Words
from bot.settings.wrapping import warn_of_wrapping, wrapped_settings

__all__ = [
    "Database",
    "Settings",
    "Words",
    "load_database",
    "load_settings",
    "load_words",
    "warn_of_wrapping",
    "wrapped_settings",
]
