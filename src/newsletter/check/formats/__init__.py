"""The findings as other programs read them: one file an output format."""
