"""What several commands share: one step of the way of a letter a file."""
