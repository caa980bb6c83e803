"""Does the text of a link say where it goes? `says_nothing(words)`. Touches: nothing."""

import re

_BARE = re.compile(
    r"(?:여기|이곳|저기|링크)(?:를|을|로|에서|에)?(?:\s?(?:클릭|누르|보|확인)\S{0,4})?"
    r"|(?:지금\s?)?(?:클릭|누르기|보기|확인)(?:하기|하세요|해\s?주세요)?"
    r"|(?:더|자세히|자세한\s?내용)\s?(?:보기|읽기|알아\s?보기|보러\s?가기|보세요)?"
    r"|바로\s?가기|보러\s?가기|읽기|이동|다운로드|내려받기"
    r"|(?:click\s)?(?:here|this|link|this\slink)|click|(?:read|see|learn|find\sout|view)?\s?more|(?:more\s)?details"
    r"|continue(?:\sreading)?|read\son|go|open|view|download"
)
_SIGNS = " .!?…→›»>▶▸➔↗⟶·[]()"


def says_nothing(words: str) -> bool:
    """“여기”, “더보기 →”, “Click here”: out of its sentence, such a link may go anywhere."""
    return bool(_BARE.fullmatch(words[:40].strip(_SIGNS).casefold()))
