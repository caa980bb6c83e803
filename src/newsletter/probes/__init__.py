"""A look outside, only when asked for: links are visited, a spam filter is consulted."""
