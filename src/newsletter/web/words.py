"""The words of all pages, Korean and English, from pages/words.toml. Touches: the package's own file.

Limits: a language we do not speak is answered in English.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def words_of(language: str) -> Mapping[str, str]:
    """All words of a language by key, such as `leave.title`: Korean for `ko`, or else English."""
    spoken = "ko" if language == "ko" else "en"
    groups = tomllib.loads((files("newsletter.web") / "pages" / "words.toml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": word[spoken] for group, names in groups.items() for name, word in names.items()}
