"""Cards about groups of jobs."""
