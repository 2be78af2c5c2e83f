"""SQLite and PostgreSQL: connections, transactions, poolers, the tables' version."""
