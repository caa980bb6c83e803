"""What people write into a column of languages: `kr`, `영어`; and what has only slipped into it. Touches: nothing."""

import re

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE | re.ASCII)
# Country codes and names that people write for a language code.
_MEANT = {
    "ko": ("kr", "kor", "korean", "한국어", "한글", "국문"),
    "en": ("us", "uk", "gb", "eng", "english", "영어", "영문"),
}


def meant_by(word: str) -> str:
    """The code of the language that was probably meant; empty where nobody knows."""
    return next((code for code, words in _MEANT.items() if word in words), "")


def may_be_shown(word: str) -> bool:
    """Whether it is a word for a language, and not an address or a name from another column."""
    return bool(_CODE.fullmatch(word) or meant_by(word))
