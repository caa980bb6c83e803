"""Every entry of every words file says the same things in both languages, each in its own words."""

import re
from pathlib import Path
from string import Formatter

import pytest

import newsletter
from newsletter.catalogue import entries

PACKAGE = Path(newsletter.__file__).parent
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.glob("*/words/*.toml"))
_QUOTED = re.compile(r"""`[^`]*`|"[^"]*"|'[^']*'|\{[^{}]*\}""")
_ENGLISH = re.compile(r"\b[A-Za-z']+(?: [A-Za-z']+){2,}")


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_both_languages_have_the_same_holes(file: Path) -> None:
    for key, entry in entries(f"newsletter.{file.parts[0]}", *file.parts[1:]).items():
        assert holes(entry["ko"]) == holes(entry["en"]), key


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_sentence_of_one_language_stands_in_the_other(file: Path) -> None:
    for key, entry in entries(f"newsletter.{file.parts[0]}", *file.parts[1:]).items():
        korean, english = (_QUOTED.sub("", entry[language]) for language in ("ko", "en"))
        assert not _ENGLISH.search(korean.partition(": ")[0]), key
        assert not re.search("습니다|하세요", english), key
        if re.search("[A-Za-z]{3}", english) and english != korean:
            assert re.search("[가-힣]", korean), key
