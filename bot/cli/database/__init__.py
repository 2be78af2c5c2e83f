"""What an operator does with the database: only ``DATABASE_URL`` and ``SECRETS_KEYS`` count."""
