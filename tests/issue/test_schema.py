"""The JSON Schema lets good issues through, refuses what loading refuses, and explains every key."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from newsletter.issue.find import issue_paths
from newsletter.issue.scaffold import init_workspace, new_issue
from newsletter.issue.schema import NAME, issue_schema, schema_text
from newsletter.issue.sections.registry import SECTION_TYPES
from newsletter.settings.load import find_workspace
from tests.support.cli import newsletter
from tests.support.issue_files import problems_of
from tests.support.repository import ROOT

SCHEMA = issue_schema()
FIRST_LINE = f"# yaml-language-server: $schema={NAME}"


def as_an_editor_reads(text: str) -> object:
    """YAML 1.2 with its own ideas of numbers; times stay text, since JSON knows none."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=lambda moment: moment.isoformat()))


def complaints(text: str, schema: dict[str, Any] = SCHEMA) -> list[str]:
    """What an editor would say about an issue file."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(as_an_editor_reads(text))]


MAPPINGS = [("Issue", SCHEMA), *SCHEMA["$defs"].items()]


def test_it_is_a_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("name", "mapping"), MAPPINGS)
def test_every_key_is_explained_in_both_languages(name: str, mapping: dict[str, Any]) -> None:
    assert mapping["additionalProperties"] is False
    assert mapping["title"]
    for key, value in mapping["properties"].items():
        english, korean = value["description"].split("\n\n")
        assert value["title"], f"{name}.{key}"
        assert english.isascii(), f"{name}.{key}"
        assert any("가" <= char <= "힣" for char in korean), f"{name}.{key}"
        assert ("Required." in english) is (key in mapping.get("required", [])), f"{name}.{key}"


@pytest.mark.parametrize(("name", "mapping"), MAPPINGS)
def test_every_key_has_examples_that_are_right(name: str, mapping: dict[str, Any]) -> None:
    for key, value in mapping["properties"].items():
        assert value["examples"], f"{name}.{key}"
        for example in value["examples"]:
            judge = Draft202012Validator({**value, "$defs": SCHEMA["$defs"]})
            assert [error.message for error in judge.iter_errors(example)] == [], f"{name}.{key}"


def test_sections_are_told_apart_by_their_type() -> None:
    kinds = [one["$ref"].rpartition("/")[2] for one in SCHEMA["properties"]["sections"]["items"]["oneOf"]]
    types = [SCHEMA["$defs"][kind]["properties"]["type"]["const"] for kind in kinds]
    assert types == [*SECTION_TYPES]
    assert types[:5] == ["story", "figures", "quote", "events", "notice"]


@pytest.mark.parametrize(
    "path",
    [
        *(ROOT / "issues").glob("*.yaml"),
        *(ROOT / "tests").rglob("*.yaml"),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_issues_of_this_repository_pass(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "title: 2026\nintro: 7\nnumber: 7\n",
        "title: true\nclosing: |\n  no\nsubject:\npreheader: ''\nhero:\n",
        'title: "{{ subscriber.name }}"\nnumber: "010"\nadvertising: true\nclosing: x\npublish_at: 2026-12-01\n',
        "title: a\nsections: [{ type: figures, items: [{ value: 010, label: 4.5 }] }]\npublish_at: 2026-12-01T09:00Z\n",
        'title: a\nsections: [{ type: story, body: b, button: { label: c, url: "{{ subscriber.fields.x }}" } }]\n',
        "title: a\nintro: b\ntranslations: { zh-TW: { title: c, sections: [] } }\n",
    ],
)
def test_whatever_loading_accepts_the_schema_accepts(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text) == []
    assert complaints(text) == []


GOOD = "title: a\nintro: b\n"
WRONG = [
    "intro: a\n",
    "title: a\n",
    "title: ''\nintro: b\n",
    'title: "a\\nb"\nintro: b\n',
    "title: [a]\nintro: b\n",
    GOOD + "tilte: a\n",
    GOOD + "number: seven\n",
    GOOD + "number: 0\n",
    GOOD + "publish_at: tomorrow\n",
    GOOD + "advertising: maybe\n",
    GOOD + "hero: { src: a.png }\n",
    GOOD + "hero: { src: 'https://e.example.org/a.png', alt: a }\n",
    GOOD + "hero: { src: /a.png, alt: a }\n",
    GOOD + "hero: a.png\n",
    GOOD + "sections: { type: notice, body: a }\n",
    GOOD + "sections: [{ body: a }]\n",
    GOOD + "sections: [{ type: stroy, body: a }]\n",
    GOOD + "sections: [{ type: story, heading: a }]\n",
    GOOD + "sections: [{ type: story, body: a, text: b }]\n",
    GOOD + "sections: [{ type: figures, items: [] }]\n",
    GOOD + "sections: [{ type: figures, items: [{ value: a }] }]\n",
    GOOD + "sections: [{ type: events, items: [{ title: a, starts_at: soon }] }]\n",
    GOOD + "sections: [{ type: notice, body: a, only_for: b }]\n",
    GOOD + "sections: [{ type: story, body: a, button: { label: b, url: 'ftp://e.example.org' } }]\n",
    GOOD + "sections: [{ type: story, body: a, research: [{ title: b, url: 'https://e.example.org', year: 20 }] }]\n",
    GOOD + "translations: { English: { title: a } }\n",
    GOOD + "translations: { en: { number: 7 } }\n",
    GOOD + "translations: { en: { sections: [{ type: story }] } }\n",
    GOOD + "translations: { en: a }\n",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_loading_refuses_the_editor_marks(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text)
    assert complaints(text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_new_workspace_names_the_schema_and_has_it(tmp_path: Path, language: str) -> None:
    init_workspace(tmp_path, language=language, today=date(2026, 11, 22))
    here = find_workspace(tmp_path, explicit=None, environ={})
    (here.issues / NAME).unlink()
    new_issue(here, "2026-12")
    assert (here.issues / NAME).read_text(encoding="utf-8") == schema_text()
    assert [path.stem for path in issue_paths(here)] == ["2026-11", "2026-12"]
    for path in issue_paths(here):
        assert path.read_text(encoding="utf-8").splitlines()[0] == FIRST_LINE
        assert complaints(path.read_text(encoding="utf-8")) == []


def test_the_example_names_the_schema_and_it_is_the_newest() -> None:
    example = (ROOT / "issues" / "2021-07.yaml").read_text(encoding="utf-8")
    assert example.splitlines()[0] == FIRST_LINE
    kept = (ROOT / "issues" / NAME).read_text(encoding="utf-8")
    assert kept == schema_text(), f"make it again: newsletter schema --out issues/{NAME}"


def test_the_command_writes_the_schema(tmp_path: Path) -> None:
    printed = newsletter("schema", cwd=tmp_path)
    assert (printed.returncode, printed.stdout, printed.stderr) == (0, schema_text(), "")
    written = newsletter("schema", "--out", "a/b.json", cwd=tmp_path)
    assert written.returncode == 0
    assert (tmp_path / "a" / "b.json").read_text(encoding="utf-8") == schema_text()
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert newsletter("schema", "--out", "file/b.json", cwd=tmp_path).returncode == 73
