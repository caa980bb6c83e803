"""The issues that were sent, as a static site with feeds: pure functions from a `Site` to files."""
