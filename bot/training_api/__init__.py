"""The training suite's HTTP API: typed, cached and polite."""
