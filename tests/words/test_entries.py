"""Every entry of every words file says the same things in both languages, each in its own words."""

import re
from pathlib import Path
from string import Formatter

import pytest
import typer

import newsletter
from newsletter.catalogue import entries
from newsletter.cli.app import command_line

PACKAGE = Path(newsletter.__file__).parent
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.glob("*/words/*.toml"))
_QUOTED = re.compile(r"""`[^`]*`|"[^"]*"|'[^']*'|\{[^{}]*\}|\bnewsletter [a-z]+(?: ISSUE| --[a-z-]+)*""")
"""What is typed as it stands, commands too."""
_COMMAND = re.compile(r"(?:`|: )newsletter (?:--\w+ )*([a-z-]+)(?: ([a-z-]+))?")
_ENGLISH = re.compile(r"\b[A-Za-z']+(?: [A-Za-z']+){2,}")
_PARTICLE = re.compile(r"[a-z]\}(?:을|를|은|는|이|가|과|와|으로|로|이라는|라는)(?=[\s.,]|$)")
"""A particle that does not ask how the value before it sounds."""


_COMMANDS = typer.main.get_command(command_line())


def is_command(name: str, sub: str) -> bool:
    known = getattr(_COMMANDS, "commands", {}).get(name)
    inner = getattr(known, "commands", None)
    return known is not None and (inner is None or sub in inner)


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_both_languages_have_the_same_holes(file: Path) -> None:
    for key, entry in entries(f"newsletter.{file.parts[0]}", *file.parts[1:]).items():
        assert holes(entry["ko"]) == holes(entry["en"]), key


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_command_that_is_named_exists(file: Path) -> None:
    named = _COMMAND.findall((PACKAGE / file).read_text(encoding="utf-8"))
    assert [words for words in named if not is_command(*words)] == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_sentence_of_one_language_stands_in_the_other(file: Path) -> None:
    for key, entry in entries(f"newsletter.{file.parts[0]}", *file.parts[1:]).items():
        korean, english = (_QUOTED.sub("", entry[language]) for language in ("ko", "en"))
        assert not _ENGLISH.search(korean.partition(": ")[0]), key
        assert not re.search("습니다|하세요", english), key
        if re.search("[A-Za-z]{3}", english) and english != korean:
            # Where only a hole is left, what fills it is a sentence of its own.
            assert re.search("[가-힣]", korean) or not re.search(r"\w", korean), key


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_particle_follows_the_sound_of_its_value(file: Path) -> None:
    for key, entry in entries(f"newsletter.{file.parts[0]}", *file.parts[1:]).items():
        assert not _PARTICLE.search(entry["ko"]), key
