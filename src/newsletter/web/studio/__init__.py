"""The studio: an issue beside what is wrong with it, in the browser, live. On loopback only."""
