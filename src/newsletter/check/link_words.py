"""Does the text of a link say where it goes? `says_nothing(words)`. Touches: nothing."""

_BARE_WORDS = frozenset(
    {"여기", "여기를 클릭", "클릭", "더보기", "더 보기", "자세히", "자세히 보기", "바로가기", "링크"}
    | {"here", "click here", "click", "more", "read more", "learn more", "link", "this"}
)


def says_nothing(words: str) -> bool:
    """“여기”, “더보기 →”, “Click here”: out of its sentence, such a link may go anywhere."""
    return words.strip(" .!→›»>").casefold() in _BARE_WORDS
