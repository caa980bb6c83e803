"""The words of all pages, Korean and English, from pages/words.toml and sentences.toml.

Touches: the package's own files.
Limits: a language we do not speak is answered in English.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def sentences_of(language: str) -> Mapping[str, str]:
    """What the server says by itself, by key such as `proof.sent`; some have holes for `str.format`."""
    return _spoken("sentences.toml", language)


def words_of(language: str) -> Mapping[str, str]:
    """All words of a language by key, such as `leave.title`: Korean for `ko`, or else English."""
    return _spoken("pages/words.toml", language)


def _spoken(file: str, language: str) -> dict[str, str]:
    spoken = "ko" if language == "ko" else "en"
    groups = tomllib.loads(files("newsletter.web").joinpath(*file.split("/")).read_text(encoding="utf-8"))
    return {f"{group}.{name}": word[spoken] for group, names in groups.items() for name, word in names.items()}
