"""Cards about jobs: one, several, and finding them."""
