"""SQLite with the limits that PostgreSQL has: what one of them refuses, both refuse."""
