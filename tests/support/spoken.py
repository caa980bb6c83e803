"""Whether something said is Korean through and through: no English sentence in it, every particle decided."""

import re

from newsletter.catalogue import Said

_QUOTED = re.compile(r'`[^`]*`|"[^"]*"|…[^…]*…')
_ENGLISH = re.compile(r"\b[A-Za-z']+(?: [A-Za-z']+){2,}")
_UNDECIDED = re.compile(r"[가-힣]\([가-힣]\)|\((?:으|이)\)")


def assert_korean(said: Said) -> str:
    """The Korean words; what is between back-ticks or quotes is what somebody typed, or has to."""
    words = said.in_language("ko")
    bare = _QUOTED.sub("", words)
    assert re.search("[가-힣]", bare), words
    assert not _ENGLISH.search(bare), words
    assert not _UNDECIDED.search(bare), words
    return words


def assert_english(said: Said) -> str:
    """The English words, with nothing of our Korean in them."""
    words = said.in_language("en")
    assert words
    assert not re.search("습니다|하세요", words), words
    return words
