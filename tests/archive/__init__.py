"""The archive: pages, index, what is written and what is left alone."""
