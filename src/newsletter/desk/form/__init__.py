"""The form in which an issue is written, described from its models."""
