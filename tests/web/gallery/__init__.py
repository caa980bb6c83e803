"""The page of `newsletter theme gallery`."""
