"""Every word that a page says stands in the catalogue, and every word of the catalogue is said somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.catalogue import entries
from newsletter.web.page_templates import PageTemplates
from tests.support.repository import ROOT

WEB = ROOT / "src" / "newsletter" / "web"
TEMPLATE = re.compile(r'w(?:\[|\.get\()"([a-z_.]+)"(?: ~ [\w.]+(?: ~ "([\w.]+)")?)?')
"""`w["studio.show"]`, or `w["panels.size." ~ one.name]`, also with an end behind the name."""
DESK = sorted((WEB / "studio" / "pages").glob("desk*.js"))
GROUPS = sorted(path.stem for path in (WEB / "words").glob("*.toml"))


def said_in_templates() -> Iterator[tuple[Path, re.Pattern[str]]]:
    """What each template says, as a pattern of keys: names that are put together are any name."""
    for path in WEB.rglob("*.j2"):
        for found in TEMPLATE.finditer(path.read_text(encoding="utf-8")):
            key = re.escape(found[1])
            yield path, re.compile(f"{key}[a-z_]+{re.escape(found[2] or '')}" if "~" in found[0] else key)


def said_in_code() -> set[str]:
    """Of the package above too: `demo.missing` is handed to a template by name."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*.py"))
    return set(re.findall(r'"(?:web\.)?([a-z_]+\.[a-z_.]+)"', text))


def said_in_scripts() -> set[str]:
    """What the desk's scripts ask for by `word("…")`, also by one of two: `word(isFirst ? "…" : "…")`."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in DESK)
    asked = [found[1] for found in re.finditer(r"\bword\(([^(){},]*)", text)]
    return {f"desk.{key}" for inside in asked for key in re.findall(r'"([a-z_]+)"', inside)}


def written_in_scripts() -> set[str]:
    """Every word in quotes there: a key may be handed on before it is asked for."""
    return {f"desk.{key}" for path in DESK for key in re.findall(r'"([a-z_]+)"', path.read_text(encoding="utf-8"))}


def keys() -> set[str]:
    return {f"{group}.{key}" for group in GROUPS for key in entries("newsletter.web", "words", f"{group}.toml")}


def test_what_a_template_says_is_there() -> None:
    known = keys()
    missing = [
        (path.name, key.pattern) for path, key in said_in_templates() if not any(key.fullmatch(one) for one in known)
    ]
    assert missing == []


def test_what_a_script_of_the_desk_says_is_there() -> None:
    asked = said_in_scripts()
    assert len(asked) > 40
    assert asked - keys() == set()


def test_every_word_is_said_somewhere() -> None:
    patterns = {key for _, key in said_in_templates()}
    code = said_in_code() | written_in_scripts()
    unsaid = [one for one in sorted(keys()) if one not in code and not any(key.fullmatch(one) for key in patterns)]
    assert unsaid == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_page_has_the_words_of_its_language_alone(group: str) -> None:
    korean, english = PageTemplates("studio", "ko").words, PageTemplates("studio", "en").words
    for key, entry in entries("newsletter.web", "words", f"{group}.toml").items():
        assert (korean[f"{group}.{key}"], english[f"{group}.{key}"]) == (entry["ko"], entry["en"])
    assert PageTemplates("studio", "fr").words == english
