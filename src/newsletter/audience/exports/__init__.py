"""What other systems hold their subscribers in, as CSV: read into people, and written so that each takes it."""
