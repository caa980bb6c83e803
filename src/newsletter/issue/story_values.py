"""The values that only stories have: how long reading takes, and the year of a piece of research. Touches: nothing."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from newsletter.catalogue import phrase
from newsletter.settings.explain import WrongValueError

from .texts import typed


def _minutes(value: object) -> int | str:
    text = typed(value)
    if text != "auto" and not re.fullmatch(r"[1-9][0-9]?", text):
        raise WrongValueError(phrase("issue.value.must_be_minutes"))
    return text if text == "auto" else int(text)


def _year(value: object) -> int:
    text = typed(value)
    if not re.fullmatch(r"[12][0-9]{3}", text):
        raise WrongValueError(phrase("issue.value.must_be_year"))
    return int(text)


_YEAR_NUMBER = {"type": ["integer", "string"], "minimum": 1000, "maximum": 2999, "pattern": "^[12][0-9]{3}$"}

Year = Annotated[int, BeforeValidator(_year), WithJsonSchema(_YEAR_NUMBER)]
Minutes = Annotated[
    int | str,
    BeforeValidator(_minutes),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^(auto|[1-9][0-9]?)$"}),
]
"""`auto`, or whole minutes from 1 to 99."""
