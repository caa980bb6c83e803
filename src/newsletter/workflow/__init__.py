"""What a command does, in the order it happens."""
