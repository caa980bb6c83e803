"""Markdown as people write it -> safe HTML, and plain text. Knows: markdown-it, nh3."""
