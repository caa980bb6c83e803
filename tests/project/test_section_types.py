"""A type of section cannot be half-added: each goes the whole way of a letter, and whatever it lacks is named.

The way is told in docs/adding-a-section-type.md. The sections are made from what the models declare, so that a new key
is looked for, too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from newsletter.catalogue import LANGUAGES
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.errors import InputError, NewsletterError, RefusedError
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue, known_keys
from newsletter.issue.part import Part, declared_keys
from newsletter.issue.scaffold import init_workspace
from newsletter.issue.schema import issue_schema, schema_text
from newsletter.issue.sections.registry import SECTION_TYPES, schema_words, starter, type_name
from newsletter.issue.sections.section import Section
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.cache import sought_files
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.steps.approval import valid_approval
from newsletter.workflow.steps.letter import open_letter
from tests.support.issue_files import problems_of, write_issue
from tests.support.letters import picture_bytes, workspace_at
from tests.support.repository import ROOT, short
from tests.support.section_samples import Samples

MODELS = ROOT / "src" / "newsletter" / "issue" / "sections"
VIEWS = ROOT / "src" / "newsletter" / "edition" / "sections"
TEMPLATES = ROOT / "templates" / "email"
SHARED = {"__init__", "own", "registry", "section", "shown"}
"""Files of those folders that belong to no type."""

SHARED_KEYS = set(declared_keys(Section))
"""Told for all types in issue/schema_words.toml."""

every_type = pytest.mark.parametrize("type_", SECTION_TYPES)


def with_section(root: Path, section: Mapping[str, Any], samples: Samples, **parts: object) -> Issue:
    """An issue of this one section under a line of text, on disk with its pictures and a subscriber."""
    whole = {"title": "제목", "preheader": "머리글", "intro": "머리말", "sections": [section], **parts}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    path = write_issue(root, text)
    for number, name in enumerate(samples.pictures.values()):
        (path.parent / name).write_bytes(picture_bytes(64, 32 + number))
    (root / "subscribers.csv").write_text("email,name\nhong@example.com,홍길동\n", encoding="utf-8")
    return load_issue(path, workspace_root=root, timezone="Asia/Seoul")


def shown(issue: Issue, workspace: Workspace, language: str = "ko") -> Edition:
    """Its letter; what keeps it from being made is a missing piece."""
    (section,) = issue.sections
    try:
        return render(issue, workspace, Variant(language, (0,), 1))
    except AssertionError:
        pytest.fail(f"{short(VIEWS)}/registry.py does not say how `{section.type}` is shown")
    except (NewsletterError, TypeError) as error:
        pytest.fail(f"`{section.type}` cannot be shown: {error}")


def lacking(words: Mapping[str, str], text: str) -> list[str]:
    """The places of those words that a text lacks; what only keeps them on one line does not part them."""
    text = text.replace("\u2060", "").replace("\u00a0", " ")
    return [place for place, word in words.items() if word not in text]


def of_section(places: Sequence[str]) -> list[str]:
    return [f"sections[0].{place}" for place in places]


@pytest.mark.parametrize("folder", [MODELS, VIEWS], ids=short)
def test_every_file_is_that_of_a_type_that_is_registered(folder: Path) -> None:
    files = {path.stem for path in folder.glob("*.py")} - SHARED
    types = {model.__module__.rpartition(".")[2] for model in SECTION_TYPES.values()}
    assert files - types == set(), f"{short(MODELS)}/registry.py lacks a type that has a file in {short(folder)}"
    assert types - files == set(), f"{short(folder)} lacks the file of a type"


@every_type
def test_the_type_is_the_name_of_its_files(type_: str) -> None:
    assert SECTION_TYPES[type_].__module__ == f"newsletter.issue.sections.{type_}"
    for path in (MODELS / f"{type_}.toml", VIEWS / f"{type_}.py", TEMPLATES / f"_{type_}.html.j2"):
        assert path.is_file(), f"{short(path)} is missing"


@every_type
def test_its_own_words_are_whole(type_: str) -> None:
    model, file = SECTION_TYPES[type_], f"{short(MODELS)}/{type_}.toml"
    for language in LANGUAGES:
        for key, of_the_type in (("name", type_name), ("starter", starter)):
            try:
                words_there = of_the_type(model, language)
            except KeyError:
                words_there = ""
            assert words_there, f"{file}: {key} lacks {language}"
    words = schema_words(model)
    parts = {part for key in set(declared_keys(model)) - SHARED_KEYS for part in declared_keys(model)[key].parts}
    own = {part for part in parts if part.__module__ == model.__module__}
    for part in (model, *own):
        for key in {"_", *declared_keys(part)} - (SHARED_KEYS if part is model else set()):
            told = words.get(part.__name__, {}).get(key, {})
            wanted = {"title", *LANGUAGES} | ({"examples", "title_ko"} if key != "_" else set())
            wanted |= {"usual"} if key == "_" else set()
            there = {name for name, value in told.items() if value}
            assert wanted - there == set(), f"{file}: [{part.__name__}.{key}] lacks these"


@pytest.mark.parametrize("bare", [str, str | None, tuple[str, ...], dict[str, str]])
@pytest.mark.parametrize("mapping", [Section, Part])
def test_a_text_that_does_not_say_what_it_is_for_is_refused_at_once(mapping: type[Part], bare: object) -> None:
    with pytest.raises(TypeError, match=r"Postcard\.cover is a bare str: take a type of issue/texts\.py, or Image"):
        type("Postcard", (mapping,), {"__annotations__": {"cover": bare}, "__module__": __name__})


@every_type
def test_html_and_text_show_all_that_it_says(tmp_path: Path, type_: str) -> None:
    samples = Samples()
    edition = shown(with_section(tmp_path, samples.section(type_), samples), workspace_at(tmp_path))
    template = f"{short(TEMPLATES)}/_{type_}.html.j2, or its view,"
    assert lacking(samples.said, edition.html) == [], f"{template} does not show these"
    assert lacking(samples.addresses, edition.html) == [], f"{template} does not link there"
    assert len(edition.pictures) == len(samples.pictures), f"{template} does not show every picture"
    for picture in edition.pictures:
        assert f"cid:{picture.cid}" in edition.html, f"{template} does not show {picture.filename}"
    text = f"{short(VIEWS)}/{type_}.py does not write these into the text part"
    assert lacking(samples.said, edition.text) == [], text
    assert lacking(samples.addresses, edition.text) == [], text


@every_type
def test_what_it_does_not_say_leaves_no_gap(tmp_path: Path, type_: str) -> None:
    samples = Samples(least=True)
    edition = shown(with_section(tmp_path, samples.section(type_), samples), workspace_at(tmp_path))
    assert re.findall(r"<(p|h[1-6]|a|li|blockquote)\b[^>]*>\s*</\1>", edition.html) == []


@every_type
def test_its_links_and_pictures_are_checked(tmp_path: Path, type_: str) -> None:
    samples = Samples(links="http://localhost/")
    issue = with_section(tmp_path, samples.section(type_), samples)
    workspace = workspace_at(tmp_path)
    edition = shown(issue, workspace)
    heavy = replace(edition, pictures=tuple(replace(one, data=b"x" * 400_000) for one in edition.pictures))
    found = check_issue(issue, [heavy], workspace, "issues/2026-11.yaml")
    lines = issue.path.read_text(encoding="utf-8").splitlines()
    told = {finding.rule: "" for finding in found}
    for finding in found:
        told[finding.rule] += lines[finding.line - 1] if finding.line else ""
    links = samples.addresses | {place: samples.said[place] for place in samples.in_markdown}
    assert lacking(links, told.get("link-localhost", "")) == [], "nobody checks these links"
    assert lacking(samples.pictures, told.get("img-bytes", "")) == [], "nobody checks these pictures"


@every_type
def test_a_picture_that_is_missing_is_told_at_once(tmp_path: Path, type_: str) -> None:
    samples = Samples()
    text = json.dumps({"title": "제목", "sections": [samples.section(type_)], "wrong": 1}, ensure_ascii=False)
    told = {problem.path for problem in problems_of(tmp_path, text)}
    assert told == {"wrong", *of_section([*samples.pictures])}


@every_type
def test_an_approval_is_revoked_by_another_picture_and_another_word(tmp_path: Path, type_: str) -> None:
    samples = Samples()
    section = samples.section(type_)
    issue = with_section(tmp_path, section, samples)
    workspace = workspace_at(tmp_path)
    shown(issue, workspace)
    keep(workspace, propose(workspace, "2026-11"), by="홍길동")
    assert revoked(workspace) == ""
    for place, name in samples.pictures.items():
        path = tmp_path / "issues" / name
        before = path.read_bytes()
        path.write_bytes(picture_bytes(64, 99))
        assert name in revoked(workspace), f"another picture in {place} leaves the approval as it is"
        path.write_bytes(before)
    word = next(iter(samples.said.values()))
    issue.path.write_text(issue.path.read_text(encoding="utf-8").replace(word, "다른말"), encoding="utf-8")
    assert "sections[0]" in revoked(workspace)


def revoked(workspace: Workspace) -> str:
    """Why the approval does not hold; empty where it does."""
    try:
        valid_approval(open_letter(workspace, "2026-11"), workspace)
    except RefusedError as error:
        return str(error)
    return ""


@every_type
def test_the_studio_looks_at_its_pictures(tmp_path: Path, type_: str) -> None:
    samples = Samples()
    issue = with_section(tmp_path, samples.section(type_), samples)
    assert {path.name for path in sought_files(issue, workspace_at(tmp_path))} >= set(samples.pictures.values())


@every_type
def test_all_that_it_says_can_be_said_in_another_language(tmp_path: Path, type_: str) -> None:
    samples, english = Samples(), Samples(word="word", links="https://www.si.re.kr/en/")
    translation = {"title": "Title", "preheader": "Preheader", "sections": [english.words(type_)]}
    issue = with_section(tmp_path, samples.section(type_), samples, translations={"en": translation})
    assert len(english.said) == len(samples.said)
    edition = shown(issue, workspace_at(tmp_path), "en")
    for part in (edition.html, edition.text):
        assert lacking(english.said, part) == []
        assert lacking(english.addresses, part) == []
        assert lacking(samples.said, part) == [*samples.said], "these are still in the newsletter's language"


@every_type
def test_editors_are_told_of_every_key(type_: str) -> None:
    schema = issue_schema()
    name = SECTION_TYPES[type_].__name__
    described = schema["$defs"][name]["properties"]
    assert list(described) == known_keys(("sections", 0), type_)
    assert described["type"]["const"] == type_
    samples = Samples()
    issue = {"title": "제목", "sections": [samples.section(type_)]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(issue)] == []
    path = ROOT / "issues" / "issue.schema.json"
    kept = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert kept == schema_text(), "make it again: newsletter schema --out issues/issue.schema.json"


@every_type
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_issue_begins_with_one(tmp_path: Path, type_: str, language: str) -> None:
    init_workspace(tmp_path, language=language)
    (path,) = (tmp_path / "issues").glob("*.yaml")
    text = path.read_text(encoding="utf-8")
    begins = re.search(rf"^  (# )?- type: {type_}$", text, re.MULTILINE)
    place = f"{short(MODELS)}/{type_}.toml: [starter] {language}"
    assert begins, f"{place} has no `- type: {type_}`, two blanks from the left"
    # A type that shows nothing without a picture begins as a comment, since a new workspace has none.
    path.write_text(re.sub(r"^  # (?=- type:|  )", "  ", text, flags=re.MULTILINE), encoding="utf-8")
    told = f"{place} cannot be read where it stands"
    try:
        issue = load_issue(path, workspace_root=tmp_path, timezone="Asia/Seoul")
    except InputError as error:
        pytest.fail(f"{told}, or that of another type: {error}")
    assert type_ in [section.type for section in issue.sections], told


@every_type
def test_the_documents_name_it(type_: str) -> None:
    shown_there = re.search(rf"^  - type: {type_}\b", documents("issue-file"), re.MULTILINE)
    assert shown_there, f"docs/issue-file.md shows no {type_}"
    assert re.search(rf"\b{type_}\b", documents("concepts")), f"docs/concepts.md, section: does not name {type_}"
    assert f"`_{type_}.html.j2`" in documents("templates"), f"docs/templates.md does not name the template of {type_}"


@every_type
def test_the_letter_that_is_looked_at_in_a_browser_has_one(type_: str) -> None:
    text = (ROOT / "tests" / "letter" / "every-section.yaml").read_text(encoding="utf-8")
    assert re.search(rf"^  - type: {type_}\b", text, re.MULTILINE), f"tests/letter/every-section.yaml has no {type_}"


def documents(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
