"""Figures as JSON, and read again from what was kept in git. Touches: nothing."""

import json
from typing import Any

from pydantic import ValidationError

from .figures import IssueFigures, ShortFigures

_SMALLEST_RATE = 6
"""Digits behind the point."""


def figures_as_json(figures: ShortFigures) -> dict[str, Any]:
    """What was counted, and what follows from it."""
    return {
        **figures.model_dump(mode="json", by_alias=True),
        "seconds": figures.seconds,
        "per_second": _rounded(figures.per_second),
        "bounce_rate": _rounded(figures.bounce_rate),
        "complaint_rate": _rounded(figures.complaint_rate),
        "leaving_rate": _rounded(figures.leaving_rate),
    }


def kept_text(figures: IssueFigures) -> str:
    """As `issues/<slug>.report.json` has it: the same figures are the same text."""
    return json.dumps(figures_as_json(figures), ensure_ascii=False, indent=1) + "\n"


def from_kept(text: bytes) -> IssueFigures | None:
    """None for what does not say it."""
    try:
        return IssueFigures.model_validate_json(text)
    except (ValidationError, ValueError, RecursionError):
        return None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, _SMALLEST_RATE)
