"""How a picture is to be shown, as an issue says it: `width: 480`, `crop: "16:9"`, `focus: "50 30"`.

Touches: nothing. What comes out is as typed, in one spelling, and needs no further look: `16:9`, `50 30`.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from newsletter.catalogue import phrase
from newsletter.settings.explain import WrongValueError

from .texts import typed

_WIDEST = 600
"""CSS pixels, of the letter itself."""
_MOST_OF_A_RATIO = 100
_WIDTH = r"[1-9][0-9]{0,2}"
_RATIO = r"\s*([1-9][0-9]{0,2})\s*:\s*([1-9][0-9]{0,2})\s*"
_FOCUS = r"\s*([0-9]{1,3})\s*%?\s+([0-9]{1,3})\s*%?\s*"


def _shown_width(value: object) -> int:
    text = typed(value)
    if not re.fullmatch(_WIDTH, text) or int(text) > _WIDEST:
        raise WrongValueError(phrase("issue.value.must_be_shown_width", widest=str(_WIDEST)))
    return int(text)


def _crop(value: object) -> str:
    found = re.fullmatch(_RATIO, typed(value))
    if found is None or max(map(int, found.groups())) > _MOST_OF_A_RATIO:
        raise WrongValueError(phrase("issue.value.must_be_crop", most=str(_MOST_OF_A_RATIO)))
    return ":".join(found.groups())


def _focus(value: object) -> str:
    found = re.fullmatch(_FOCUS, typed(value))
    if found is None or max(map(int, found.groups())) > 100:
        raise WrongValueError(phrase("issue.value.must_be_focus"))
    return " ".join(found.groups())


_A_WIDTH = {"type": ["integer", "string"], "minimum": 1, "maximum": _WIDEST, "pattern": f"^{_WIDTH}$"}

ShownWidth = Annotated[int, BeforeValidator(_shown_width), WithJsonSchema(_A_WIDTH)]
"""CSS pixels."""
Crop = Annotated[str, BeforeValidator(_crop), WithJsonSchema({"type": "string", "pattern": f"^{_RATIO}$"})]
"""Width to height."""
Focus = Annotated[str, BeforeValidator(_focus), WithJsonSchema({"type": "string", "pattern": f"^{_FOCUS}$"})]
"""What is to stay in a picture that is cut: percent of its width from the left, of its height from the top."""
