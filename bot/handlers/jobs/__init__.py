"""Questions about jobs: one, several, and finding them."""
