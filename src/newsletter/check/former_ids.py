"""Ids that rules had before, so that what was written of them goes on counting. Touches: nothing."""

_FORMER = {"mail-bytes": "size-message"}


def present_id(rule: str) -> str:
    """The id by which a rule is known now."""
    return _FORMER.get(rule, rule)
