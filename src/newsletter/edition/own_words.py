"""A workspace's words for the chrome of letters in a language: `templates/email/words/ar.toml`. Touches: file system.

Such a file has every key of the built-in words, or it is refused with the lines that it lacks: a footer that is half
in another language helps nobody. Limits: one file for a language; what is nearest to the letter's language counts.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

from newsletter.catalogue import SILENCE, Lines, Said, Verbatim, known_language, lines, phrase
from newsletter.errors import InputError, Problem
from newsletter.excerpt import excerpt
from newsletter.printable import printable
from newsletter.settings.explain import unknown_key, why_unreadable
from newsletter.settings.places import toml_places
from newsletter.settings.toml_faults import toml_fault

from .letter_words import LISTS, LetterWords, built_in_words, listed
from .template_files import TEMPLATES

FOLDER = "words"
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MAY_SAY = {
    "month_and_year": {"year", "month", "number"},
    "full_date": {"year", "month", "number", "day"},
    "short_day": {"month", "number", "day", "weekday"},
    "short_day_and_year": {"year", "month", "number", "day", "weekday"},
    "whole_day": {"date", "weekday"},
    "day_and_time": {"date", "weekday", "time"},
}
"""Holes of which some may be left out: a Japanese date needs the number of the month, and not its name."""


def letter_words(language: str, newsletter_language: str, templates: Path) -> LetterWords:
    """The words for the chrome of a letter: the workspace's own, else ours, else those of the newsletter's language.

    Raises InputError with everything that is wrong in the workspace's file.
    """
    own = {path.stem: path for path in sorted((templates / FOLDER).glob("*.toml")) if _TAG.fullmatch(path.stem)}
    for tag in (language, known_language(language, newsletter_language)):
        if (found := known_language(tag, "", own)) in own:
            return LetterWords(tag, read_words(own[found], f"{TEMPLATES}/{FOLDER}/{own[found].name}"))
    return built_in_words(known_language(language, newsletter_language))


def strange_words(templates: Path) -> Iterator[Path]:
    """Files among the words that are of no language, so that nothing is made of them."""
    for path in sorted((templates / FOLDER).glob("*")):
        if not path.name.startswith(".") and not (path.suffix == ".toml" and _TAG.fullmatch(path.stem)):
            yield path


def read_words(path: Path, name: str) -> Mapping[str, str]:
    """The words of a file, which `name` is in errors. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(problems=[Problem(why_unreadable(error), file=name)]) from error
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(error, text)
        raise InputError(problems=[_placed(fault.said, name, text, (fault.line, fault.column), fault.hint)]) from None
    wanted, places = built_in_words("en").texts, toml_places(text)
    problems = [
        _placed(said, name, text, places.get((key,)), path=key)
        for key, value in data.items()
        if (said := _wrong(key, value, wanted)) is not None
    ]
    if missing := tuple(key for key in wanted if key not in data):
        said = phrase("edition.own_words.lacks_keys", keys=missing)
        problems.append(Problem(said, file=name, hint=_to_paste(missing, wanted)))
    if problems:
        raise InputError(problems=problems)
    return {key: _tidy(str(value)) for key, value in data.items()}


def _wrong(key: str, value: object, wanted: Mapping[str, str]) -> Said | None:
    if key not in wanted:
        return unknown_key(key, list(wanted))
    if not isinstance(value, str):
        return phrase("settings.value.must_be_text")
    text = _tidy(value)
    if not text:
        return phrase("settings.value.must_not_be_empty")
    if printable(text) != text:
        return phrase("edition.own_words.holds_invisible_character")
    if key in LISTS:
        parts = listed(text)
        if len(parts) != LISTS[key] or not all(parts):
            return phrase("edition.own_words.must_be_a_list", count=LISTS[key], found=len(parts))
        return None
    try:
        holes = set(_holes(text))
    except ValueError:
        return phrase("edition.own_words.brace_is_open")
    expected = set(_holes(wanted[key]))
    may = _MAY_SAY.get(key, expected)
    if holes - may:
        strange = tuple(f"{{{hole}}}" for hole in sorted(holes - may))
        return phrase("edition.own_words.has_strange_holes", holes=strange, known=_braced(may))
    if key not in _MAY_SAY and expected - holes:
        return phrase("edition.own_words.lacks_holes", holes=_braced(expected - holes))
    return None


def _holes(text: str) -> Iterator[str]:
    """The names in braces, with what stands beside them where that is more than a name."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _braced(holes: set[str]) -> tuple[str, ...]:
    return tuple(f"{{{hole}}}" for hole in sorted(holes)) or ("–",)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _to_paste(missing: tuple[str, ...], wanted: Mapping[str, str]) -> Lines:
    """The lines that are missing, in English, to be put into the other language."""
    said = (Verbatim(f"  {key} = {json.dumps(wanted[key], ensure_ascii=False)}") for key in missing)
    return lines(phrase("edition.own_words.how_to_go_on"), *said)


def _placed(
    said: Said, name: str, text: str, where: tuple[int, int] | None, hint: Said = SILENCE, path: str = ""
) -> Problem:
    if where is None:
        return Problem(said, file=name, path=path, hint=hint)
    line, column = where
    written = text.split("\n")
    shown = excerpt(written[line - 1].rstrip("\r"), column) if line <= len(written) else ""
    return Problem(said, name, line, column, path=path, excerpt=shown, hint=hint)
