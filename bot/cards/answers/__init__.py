"""Questions answered in a sentence, where the whole card would say too much."""
