"""One module for each step, in the order of `REVISIONS`. A released one never changes."""
