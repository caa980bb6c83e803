"""Raised and lowered words as signs of their own, which a letter can show: m², CO₂. Touches: nothing.

Limits: figures and signs of counting; other words stay as they are.
"""

_PLAIN = "0123456789+-()"
_RAISED = dict(zip(_PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", strict=True))
_LOWERED = dict(zip(_PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋₍₎", strict=True))


def raised(words: str) -> str:
    return _all_or_none(words, _RAISED)


def lowered(words: str) -> str:
    return _all_or_none(words, _LOWERED)


def _all_or_none(words: str, signs: dict[str, str]) -> str:
    return "".join(signs[char] for char in words) if all(char in signs for char in words) else words
