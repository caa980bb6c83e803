"""What comes back: bounces, complaints, automatic replies and one-clicks, read and understood."""
