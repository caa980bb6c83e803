"""Settings: `newsletter.toml` and the environment, read once and passed on as values."""
