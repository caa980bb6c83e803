"""The panels beside the letter."""
