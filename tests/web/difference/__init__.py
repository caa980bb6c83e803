"""The page of `newsletter diff --out`, and the pictures on it."""
