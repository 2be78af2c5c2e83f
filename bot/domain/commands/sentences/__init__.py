"""From a sentence in people's own words to what they want: pure, by words that stand here as data."""
