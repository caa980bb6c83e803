"""Whether something said is Korean through and through: no English sentence in it, every particle decided."""

import re

from newsletter.catalogue import Lines, Phrase, Said, Value
from newsletter.errors import NewsletterError, Problem

_QUOTED = re.compile(r'`[^`]*`|"[^"]*"|…[^…]*…')
_ENGLISH = re.compile(r"\b[A-Za-z']+(?: [A-Za-z']+){2,}")
_UNDECIDED = re.compile(r"[가-힣]\([가-힣]\)|\((?:으|이)\)")
_OF_OTHERS = {"said", "why"}
"""Holes for the words of a library or an operating system."""


def assert_korean(said: Said) -> str:
    """The Korean words; what is between back-ticks or quotes is what somebody typed, or has to."""
    words = said.in_language("ko")
    ours = _QUOTED.sub("", _without_others(said).in_language("ko"))
    assert re.search("[가-힣]", ours), words
    assert not _ENGLISH.search(ours), words
    assert not _UNDECIDED.search(words), words
    return words


def assert_english(said: Said) -> str:
    """The English words, with nothing of our Korean in them."""
    words = said.in_language("en")
    assert words
    assert not re.search("습니다|하세요", words), words
    return words


def _without_others(said: Said) -> Said:
    if isinstance(said, Lines):
        return Lines(tuple(_without_others(part) for part in said.parts))
    if not isinstance(said, Phrase):
        return said
    return Phrase(said.code, tuple((name, _masked(name, value)) for name, value in said.values))


def _masked(name: str, value: Value) -> Value:
    if isinstance(value, Phrase):
        return _without_others(value)
    return "1" if name in _OF_OTHERS else value


def assert_told_in_both(error: NewsletterError) -> None:
    """All that an error says, with its problems and hints, is there in both languages."""
    problems = getattr(error, "problems", ()) or (Problem(error.message, hint=error.hint),)
    for said in (words for problem in problems for words in (problem.message, problem.hint)):
        assert not isinstance(said, str)
        if str(said):
            assert_korean(said)
            assert_english(said)
