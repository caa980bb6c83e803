"""A letter before and after as one page for a pull request: `newsletter diff --out`."""
