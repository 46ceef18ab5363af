"""The API: rows as JSON, as far as the rules allow who asks."""
