"""The sections of an issue: one file a type, with its words beside it. Knows: pydantic."""
