"""One module for each step, in the order of `bot.store.revisions.REVISIONS`. A released one never changes."""
