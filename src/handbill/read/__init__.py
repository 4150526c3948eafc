"""The edge where bytes become values: `entries.toml` and everything wrong with it."""
