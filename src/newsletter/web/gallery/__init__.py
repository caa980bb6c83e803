"""One letter in every preset, as one page that needs no server."""
