"""Which Korean particle follows a word, by how the word ends when it is read aloud. Touches: nothing.

Hangul says so itself, digits by their Korean names. For Latin words it is a rule of thumb, how they are mostly read
in Korean: a last l, m, n or ng closes the syllable (`title` is 타이틀, `name` 네임, `mailing` 메일링), and so does the
end of a short word on p, t, k or b (`map` is 맵) and of any on -ook (`Outlook` is 아웃룩); all others are read with a
vowel behind them (`subject` is 서브젝트). A single letter, what is written in capitals and what has no vowel is read
letter by letter (`URL` is 유알엘, `csv` 시에스브이, `png` 피엔지).

Limits: where nothing can be known (a symbol, another script) both forms are written: `을(를)`, `(으)로`.
"""

import re
import unicodedata

_DIGITS_CLOSED = frozenset("013678")
"""영, 일, 삼, 육, 칠, 팔 end on a consonant; 이, 사, 오, 구 do not."""
_DIGITS_ON_RIEUL = frozenset("178")
"""일, 칠, 팔: ㄹ takes 로, not 으로."""

_LETTERS_CLOSED = frozenset("LMNR")
"""엘, 엠, 엔, 알; every other letter's name ends on a vowel."""
_LETTERS_ON_RIEUL = frozenset("LR")

_NOT_READ = re.compile(r"[^\w]+$|_+$")
"""What stands behind a word and has no sound: back-ticks, quotes, brackets, full stops."""
_LAST_WORD = re.compile(r"[A-Za-z]+$")
_VOWEL = re.compile(r"(?i)[aeiouy]")
_SHORT_STOP = re.compile(r"(?i)[^aeiou]?[aeiou][ptkb]|.*ook")
_ENDS_CLOSED = re.compile(r"(?i)(?:[lmn]e?|ng)")
_ENDS_ON_RIEUL = re.compile(r"(?i)le?")

_RIEUL = 8
"""Index of ㄹ among the final consonants of a Hangul syllable (The Unicode Standard 3.12)."""


def with_particle(word: str, closed: str, open_: str) -> str:
    """`word` and its particle: `closed` (을, 이, 은, 으로) behind a consonant, else `open_` (를, 가, 는, 로)."""
    end = _ending(word)
    if end is None:
        return f"{word}({closed.removesuffix(open_)}){open_}" if closed.endswith(open_) else f"{word}{closed}({open_})"
    is_closed, on_rieul = end
    if on_rieul and closed.startswith("으로"):
        is_closed = False
    return word + (closed if is_closed else open_)


def _ending(word: str) -> tuple[bool, bool] | None:
    """Does the word end on a consonant, and is it ㄹ? None where nobody can say."""
    read = _NOT_READ.sub("", unicodedata.normalize("NFC", word))
    if not read:
        return None
    last = read[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return final > 0, final == _RIEUL
    if last.isascii() and last.isdigit():
        return last in _DIGITS_CLOSED, last in _DIGITS_ON_RIEUL
    latin = _LAST_WORD.search(read)
    return _latin(latin[0]) if latin else None


def _latin(word: str) -> tuple[bool, bool]:
    if word.isupper() or len(word) == 1 or not _VOWEL.search(word):
        letter = word[-1].upper()
        return letter in _LETTERS_CLOSED, letter in _LETTERS_ON_RIEUL
    if _ENDS_CLOSED.fullmatch(word[-2:]) or _ENDS_CLOSED.fullmatch(word[-1:]):
        return True, bool(_ENDS_ON_RIEUL.fullmatch(word[-2:]) or _ENDS_ON_RIEUL.fullmatch(word[-1:]))
    return bool(_SHORT_STOP.fullmatch(word)), False
