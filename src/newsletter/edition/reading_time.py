"""How long a text takes to read: text -> whole minutes. Touches: nothing.

Hangul, Han and kana are counted by the letter, all else by the word: 238 words a minute (Brysbaert 2019, Journal of
Memory and Language 109, for English), and 500 letters, which is our own measure. Limits: pictures are not counted.
"""

import re
from math import ceil

_LETTERS_A_MINUTE = 500
_WORDS_A_MINUTE = 238
_LETTER = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


def minutes_to_read(text: str) -> int:
    """At least 1."""
    letters = len(_LETTER.findall(text))
    words = len(re.findall(r"\w+", _LETTER.sub(" ", text)))
    return max(1, ceil(letters / _LETTERS_A_MINUTE + words / _WORDS_A_MINUTE))
