"""Cards about what a whole channel gets: feeds and digests."""
