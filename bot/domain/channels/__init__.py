"""What a whole channel gets: feeds and digests."""
