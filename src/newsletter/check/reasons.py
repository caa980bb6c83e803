"""Why a row is bad, in Korean: the audience says it in English, as the command line speaks. Touches: its own data file.

Limits: what email-validator says of a domain and is not in the table becomes “the domain is not valid”.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

_UNKNOWN = "메일 주소의 @ 뒤가 올바른 도메인이 아닙니다"
_CELLS = re.compile(r"(\d+) cells, but the header names (\d+) columns")


def in_language(reason: str, language: str) -> str:
    """What the audience says of a row or a file, as a sentence without its full stop."""
    return in_korean(reason) if language == "ko" else reason


def in_korean(reason: str) -> str:
    """The same in Korean, whatever it is."""
    if cells := _CELLS.fullmatch(reason):
        return f"머리줄은 {cells[2]}칸인데 이 줄은 {cells[1]}칸입니다"
    known = _reasons()
    begins = max((start for start in known if reason.startswith(start)), key=len, default="")
    return known[begins].format(reason.removeprefix(begins)) if begins else _UNKNOWN


@cache
def _reasons() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
