"""The documents say what the code says: settings, errors, links between files."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from newsletter import errors
from newsletter.settings.model import Settings
from tests.support.repository import ROOT

TEXTS = [ROOT / "README.md", ROOT / "README.ko.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def documented_settings() -> dict[str, dict[str, str]]:
    """Table -> key -> the default as docs/settings.md writes it."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    tables = re.split(r"^## \[(\w+)\]$", text, flags=re.MULTILINE)
    return {
        name: dict(re.findall(r"^\| `(\w+)` \| `?([^`|]*?)`? \|", body, re.MULTILINE))
        for name, body in zip(tables[1::2], tables[2::2], strict=True)
    }


def real_settings() -> dict[str, type[BaseModel]]:
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def test_every_setting_stands_in_the_documents() -> None:
    real = {name: set(table.model_fields) for name, table in real_settings().items()}
    for table in ("smtp", "returns"):
        real[table].discard("password")  # from the environment only; told in a table of its own
    assert {name: set(keys) for name, keys in documented_settings().items()} == real


def test_required_settings_are_told_as_such() -> None:
    documented = documented_settings()
    for name, table in real_settings().items():
        for key, field in table.model_fields.items():
            if field.is_required():
                assert documented[name][key] == "required"
            elif isinstance(field.default, str | bool | int):
                default = str(field.default).lower() if isinstance(field.default, bool) else field.default
                assert documented[name][key].strip('"') == str(default)


def real_errors() -> list[type[errors.NewsletterError]]:
    """The public ones, in the order of the file."""
    return [
        value
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.NewsletterError) and not name.startswith("_")
    ]


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = re.findall(r"^[ ├└─]*(\w+Error)\s+(\d+)", errors.__doc__ or "", re.MULTILINE)
    assert drawn == [(error.__name__, str(error.exit_code)) for error in real_errors()]


def test_every_exit_code_of_an_error_is_told() -> None:
    told = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")
    assert [error.exit_code for error in real_errors() if f"\n| {error.exit_code} | " not in told] == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^"]+)"', text)
    local = [target for target in targets if not re.match(r"https?:|…", target) and "…" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|j2|js|css))`")


@pytest.mark.parametrize("path", [path for path in TEXTS if path.name != "CHANGELOG.md"], ids=lambda path: path.name)
def test_a_file_that_a_document_names_is_there(path: Path) -> None:
    homes = (ROOT, ROOT / "src" / "newsletter", ROOT / "docs")
    named = PATH.findall(path.read_text(encoding="utf-8"))
    assert [name for name in named if "album" not in name and not any((home / name).exists() for home in homes)] == []
