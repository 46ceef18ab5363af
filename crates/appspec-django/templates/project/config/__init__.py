"""How the project is put together: settings, URLs, and the servers' entry points."""
