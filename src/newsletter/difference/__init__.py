"""Two versions of a letter -> what differs, in words and pictures. Knows: what it shows, not where it came from."""
