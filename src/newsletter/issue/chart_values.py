"""The values that a chart draws: `1,234`, `12.5`, `−3`, `12%`, or nothing. Touches: nothing."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from newsletter.catalogue import phrase
from newsletter.settings.explain import WrongValueError

from .texts import typed

_VALUE = r"([+\-\u2212\u2013]?)\s?((?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,6})?)\s?%?"
_MINUS = "\N{MINUS SIGN}"


def number_of(value: str) -> Decimal | None:
    """How much a value is; None for an empty one, and of `12%` 12. Raises WrongValueError where it is no number."""
    if not value:
        return None
    found = re.fullmatch(_VALUE, value)
    if found is None:
        raise WrongValueError(phrase("issue.chart.must_be_number"))
    number = Decimal(found[2].replace(",", ""))
    return -number if found[1] not in ("", "+") else number


def _chart_value(value: object) -> str:
    text = typed(value) if value is not None else ""
    number_of(text)
    return text.replace("-", _MINUS)


ChartValue = Annotated[
    str,
    BeforeValidator(_chart_value),
    WithJsonSchema({"type": ["string", "number", "null"], "pattern": f"^\\s*({_VALUE}\\s*)?$"}),
]
"""As typed, the same in every language; a hyphen is a minus sign."""
