"""A change of an issue's data written into the text of its file, every other byte as it was."""
