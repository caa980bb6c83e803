"""Characters that keep a number and its unit on one line, in every mail program. Touches: nothing.

A no-break space stands where a space would let a line end, and a word joiner (U+2060) where two characters would:
Hangul, Han and kana may part anywhere unless a program knows `word-break: keep-all`, and many drop it. For HTML
alone; the text part says what was typed. Limits: what is longer than a line still breaks, so that it stays inside.
"""

import re

_NO_BREAK_SPACE, _JOINER = "\u00a0", "\u2060"
_CJK = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
_SEAM = re.compile(rf"(?<=\S)(?=[{_CJK}])|(?<=[{_CJK}])(?=\S)")
_NUMBER = re.compile(rf"[{_CJK}]?(?:\d[\d.,]*[{_CJK}]{{0,3}})+")
_SPACE_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d]{1,12}(?:\W|$))|(?<=\d[여백천만억조]) (?=[^\W\d]{1,2}(?:\W|$))")
_LONGEST_VALUE = 16
"""Characters of a figure that may have to stand in one line of a phone."""


def unbroken(value: str) -> str:
    """A figure that stays in one line: `607억 원`, `약 60%`; of a long one its numbers alone."""
    if len(value) > _LONGEST_VALUE:
        return unbroken_numbers(value)
    return _SEAM.sub(_JOINER, value.replace(" ", _NO_BREAK_SPACE))


def unbroken_numbers(text: str) -> str:
    """Running text in which no number parts from its unit, whether a space stands between them or not."""
    text = _SPACE_BEFORE_UNIT.sub(_NO_BREAK_SPACE, text)
    return _NUMBER.sub(lambda match: _SEAM.sub(_JOINER, match[0]), text)
