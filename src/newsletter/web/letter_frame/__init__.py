"""A letter inside a page: a frame that can neither run nor load anything, in light and dark, with numbered tags."""
