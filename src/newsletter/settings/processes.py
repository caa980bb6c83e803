"""How many processes of this machine share a dispatch: `[smtp] processes`. Touches: the number of cores, when asked."""

import os
from typing import Annotated, Literal

from pydantic import BeforeValidator

from newsletter.catalogue import phrase

from .explain import WrongValueError

EACH_CORE: Literal["auto"] = "auto"
_MOST = 200


def process_count(value: object) -> int | Literal["auto"]:
    """A number from 1 to 200, typed or as text, or `auto`. WrongValueError."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text == EACH_CORE:
        return EACH_CORE
    if text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= _MOST:
        return int(text)
    raise WrongValueError(phrase("settings.value.must_be_processes"))


def usable_cores() -> int:
    """Those that this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Processes = Annotated[int | Literal["auto"], BeforeValidator(process_count)]
