"""A type of section that a workspace declares goes the whole way of a letter, as a built-in one does.

The way is told in docs/own-section-types.md. The sections are made from what the declaration says.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from newsletter.check.run import check_issue
from newsletter.edition.edition import Variant
from newsletter.edition.render import render
from newsletter.edition.strange_templates import strange_templates
from newsletter.errors import InputError
from newsletter.issue.model import Issue, known_keys
from newsletter.issue.own_declaration import FIELD_TYPES, MOST_FIELDS
from newsletter.issue.own_types import own_types
from newsletter.issue.schema import issue_schema
from newsletter.issue.sections.own import OwnSection
from newsletter.web.studio.cache import sought_files, sources
from newsletter.workflow.approve import keep, propose
from tests.project.test_section_types import lacking, of_section, revoked, shown, with_section
from tests.support.cli import newsletter
from tests.support.issue_files import problems_of, read_issue
from tests.support.issue_files import workspace as a_workspace
from tests.support.letters import picture_bytes, workspace_at
from tests.support.own_types import EVERY_FIELD, own_type
from tests.support.repository import ROOT
from tests.support.section_samples import Samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return own_type(tmp_path, EVERY_FIELD)


@pytest.fixture
def model(tmp_path: Path, folder: Path) -> type[OwnSection]:
    assert folder.is_dir()
    (declared,) = own_types(tmp_path)
    return declared


@pytest.fixture
def samples(model: type[OwnSection]) -> Samples:
    return Samples(schema=issue_schema((model,)))


def test_html_and_text_show_all_that_it_says(tmp_path: Path, model: type[OwnSection], samples: Samples) -> None:
    edition = shown(with_section(tmp_path, samples.of(model), samples), workspace_at(tmp_path))
    for part in (edition.html, edition.text):
        assert lacking(samples.said, part) == []
        assert lacking(samples.addresses, part) == []
        assert [word for word in ("마감", "2026년 12월 15일 (화) 14:00", "회차", "접수 중") if word not in part] == []
    assert len(edition.pictures) == len(samples.pictures)
    assert all(f"cid:{picture.cid}" in edition.html for picture in edition.pictures)
    in_order = ["heading", "image.alt", "name", "leader", "text", "lead", "photo.alt", "about", "items[0].text"]
    places = [edition.text.index(samples.said[place]) for place in in_order]
    assert places == sorted(places)


def test_what_it_does_not_say_leaves_no_gap(tmp_path: Path, model: type[OwnSection]) -> None:
    least = Samples(schema=issue_schema((model,)), least=True)
    section = least.of(model)
    assert [*section] == ["type", "name", "items"]
    text = shown(with_section(tmp_path, section, least), workspace_at(tmp_path)).text
    assert "마감" not in text
    assert "None" not in text
    assert "\n\n\n" not in text


def test_its_links_and_pictures_are_checked(tmp_path: Path, model: type[OwnSection]) -> None:
    samples = Samples(schema=issue_schema((model,)), links="http://localhost/")
    issue = with_section(tmp_path, samples.of(model), samples)
    workspace = workspace_at(tmp_path)
    edition = shown(issue, workspace)
    heavy = replace(edition, pictures=tuple(replace(one, data=b"x" * 400_000) for one in edition.pictures))
    lines = issue.path.read_text(encoding="utf-8").splitlines()
    told = {"link-localhost": "", "img-bytes": ""}
    for finding in check_issue(issue, [heavy], workspace, "issues/2026-11.yaml"):
        if finding.rule in told and finding.line:
            told[finding.rule] += lines[finding.line - 1]
    links = samples.addresses | {place: samples.said[place] for place in samples.in_markdown}
    assert lacking(links, told["link-localhost"]) == []
    assert lacking(samples.pictures, told["img-bytes"]) == []


def test_a_placeholder_and_a_merge_field_in_it_are_found(tmp_path: Path, model: type[OwnSection]) -> None:
    assert model.declared
    section = {"type": "x-project", "name": "안녕 *|FNAME|*", "items": [{"text": "{{ subscriber.name }}"}]}
    issue = with_section(tmp_path, section, Samples())
    edition = shown(issue, workspace_at(tmp_path))
    found = check_issue(issue, [edition], workspace_at(tmp_path), "issues/2026-11.yaml")
    lines = issue.path.read_text(encoding="utf-8").splitlines()
    (left,) = [finding for finding in found if finding.rule == "placeholder-left"]
    assert "FNAME" in lines[(left.line or 0) - 1]
    assert [hole.key for hole in edition.holes if hole.key == "name"]


def test_a_picture_that_is_missing_is_told_at_once(tmp_path: Path, model: type[OwnSection], samples: Samples) -> None:
    text = json.dumps({"title": "제목", "sections": [samples.of(model)], "wrong": 1}, ensure_ascii=False)
    assert {problem.path for problem in problems_of(tmp_path, text)} == {"wrong", *of_section([*samples.pictures])}


def test_an_approval_is_revoked_by_a_word_a_picture_and_its_own_files(
    tmp_path: Path, folder: Path, model: type[OwnSection], samples: Samples
) -> None:
    issue = with_section(tmp_path, samples.of(model), samples)
    workspace = workspace_at(tmp_path)
    shown(issue, workspace)
    keep(workspace, propose(workspace, "2026-11"), by="홍길동")
    assert revoked(workspace) == ""
    pictures = [issue.path.parent / name for name in samples.pictures.values()]
    for path in (*pictures, folder / "section.toml", folder / "section.html.j2"):
        before = path.read_bytes()
        path.write_bytes(picture_bytes(64, 99) if path in pictures else before + b"\n")
        assert path.name in revoked(workspace)
        path.write_bytes(before)
    assert revoked(workspace) == ""
    word = samples.said["items[1].note"]
    issue.path.write_text(issue.path.read_text(encoding="utf-8").replace(word, "다른말"), encoding="utf-8")
    assert "sections[0].items[1].note" in revoked(workspace)


def test_an_approval_counts_a_folder_that_is_a_link(tmp_path: Path, folder: Path) -> None:
    moved = folder.rename(tmp_path / "kept")
    folder.symlink_to(moved)
    issue = with_section(tmp_path, {"type": "x-project", "name": "이름", "items": [{"text": "하나"}]}, Samples())
    workspace = workspace_at(tmp_path)
    assert folder / "section.toml" in sources(workspace, issue.path)
    keep(workspace, propose(workspace, "2026-11"), by="홍길동")
    for name in ("section.toml", "section.html.j2"):
        before = (moved / name).read_bytes()
        (moved / name).write_bytes(before + b"\n")
        assert f"x-project/{name}" in revoked(workspace)
        (moved / name).write_bytes(before)


def test_the_studio_looks_at_its_files_and_pictures(
    tmp_path: Path, folder: Path, model: type[OwnSection], samples: Samples
) -> None:
    issue, workspace = with_section(tmp_path, samples.of(model), samples), workspace_at(tmp_path)
    assert {path.name for path in sought_files(issue, workspace)} >= set(samples.pictures.values())
    assert {folder / "section.toml", folder / "section.html.j2"} <= set(sources(workspace, issue.path))


def test_all_that_it_says_can_be_said_in_another_language(
    tmp_path: Path, model: type[OwnSection], samples: Samples
) -> None:
    english = Samples(schema=samples.schema, word="word", links="https://www.si.re.kr/en/")
    translation = {"title": "Title", "preheader": "Preheader", "sections": [english.words_of(model)]}
    issue = with_section(tmp_path, samples.of(model), samples, translations={"en": translation})
    assert len(english.said) == len(samples.said)
    edition = shown(issue, workspace_at(tmp_path), "en")
    for part in (edition.html, edition.text):
        assert lacking(english.said, part) == []
        assert lacking(english.addresses, part) == []
        assert lacking(samples.said, part) == [*samples.said], "these are still in the newsletter's language"
        assert "Until" in part


def test_what_a_translation_lacks_is_marked(tmp_path: Path, model: type[OwnSection]) -> None:
    assert model.declared
    section = {"type": "x-project", "name": "이름", "items": [{"text": "하나"}]}
    issue = with_section(tmp_path, section, Samples(), translations={"en": {"title": "T", "sections": [{}]}})
    html = shown(issue, workspace_at(tmp_path), "en").html
    assert re.search(r'<p [^>]*lang="ko"[^>]*>이름</p>', html)


def test_two_types_may_mean_different_things_by_one_name(tmp_path: Path, folder: Path) -> None:
    other = (folder / "section.toml").read_text(encoding="utf-8").replace("Project", "Other")
    own_type(tmp_path, other.replace('lead = "markdown_line"', 'lead = "link"'), name="x-other")
    entry = {"name": "이름", "items": [{"text": "하나"}]}
    sections: list[dict[str, Any]] = [
        {"type": "quote", "text": "말"},
        {"type": "x-other", **entry, "lead": "https://example.org/a"},
    ]
    sections.append({"type": "x-project", **entry, "lead": "한 줄"})
    english = {"title": "T", "sections": [{"text": "A\n\nB"}, {"lead": "https://example.org/b", "text": "Line"}]}
    whole: dict[str, Any] = {"sections": sections, "translations": {"en": english}}
    issue = with_section(tmp_path, sections[0], Samples(), **whole)
    assert [section.type for section in issue.sections] == ["quote", "x-other", "x-project"]
    wrong = {"title": "T", "sections": [{}, {"lead": "no address", "text": "A\n\nB", "body": "x"}]}
    with pytest.raises(InputError) as caught:
        with_section(tmp_path, sections[0], Samples(), **whole | {"translations": {"en": wrong}})
    places = {problem.path for problem in caught.value.problems}
    assert places == {f"translations.en.sections[1].{key}" for key in ("lead", "text", "body")}


def test_editors_are_told_of_every_key(model: type[OwnSection], samples: Samples) -> None:
    schema = samples.schema
    Draft202012Validator.check_schema(dict(schema))
    described = schema["$defs"]["x-project"]
    assert described["title"] == "Project"
    assert described["description"] == "A project.\n\n한 사업의 소개."
    issue = {"title": "제목", "sections": [samples.of(model)]}
    assert [error.message for error in Draft202012Validator(dict(schema)).iter_errors(issue)] == []
    for name, keys in (("x-project", model.model_fields), ("x-project__items", model.declared["items"].fields)):
        told = schema["$defs"][name]["properties"]
        assert [*told] == [*keys]
        assert all(told[key]["description"] for key in keys)
    wrong = {"title": "제목", "sections": [samples.of(model) | {"naem": "x"}]}
    assert [*Draft202012Validator(dict(schema)).iter_errors(wrong)]
    assert "x-project" not in issue_schema()["$defs"]
    assert known_keys(("sections", 0), "x-project", Issue) == []


def test_the_command_writes_the_schema_of_its_workspace(tmp_path: Path, folder: Path) -> None:
    a_workspace(tmp_path)
    written = newsletter("schema", "--out", "issue.schema.json", cwd=tmp_path / "issues")
    assert (written.returncode, written.stderr) == (0, "")
    schema = json.loads((tmp_path / "issues" / "issue.schema.json").read_text(encoding="utf-8"))
    assert "x-project" in schema["$defs"]
    assert "Project" not in schema["description"]
    (folder / "section.toml").write_text("[fields\n", encoding="utf-8")
    refused = newsletter("schema", cwd=tmp_path)
    assert refused.returncode == 65
    assert "templates/email/sections/x-project/section.toml:1:" in refused.stderr
    assert newsletter("schema", "--workspace", "nowhere", cwd=tmp_path).returncode == 78


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("\n{{ section.fields.nam }}", 2, "this entry has no `nam`; did you mean `name`?"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ('\n{% for step in section.fields["items"] %}{{ step.txt }}{% endfor %}', 2, "did you mean `text`?"),
        ("{{ section.fields.__class__.__mro__ }}", 1, "__class__"),
        ("{{ section.fields.labels.__init__ }}", 1, "__init__"),
    ],
)
def test_its_template_is_sandboxed_and_told_by_its_line(tmp_path: Path, template: str, line: int, said: str) -> None:
    own_type(tmp_path, EVERY_FIELD, template)
    section = {"type": "x-project", "name": "이름", "items": [{"text": "하나"}]}
    issue = with_section(tmp_path, section, Samples())
    with pytest.raises(InputError) as caught:
        render(issue, workspace_at(tmp_path), Variant("ko", (0,), 1))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("templates/email/sections/x-project/section.html.j2", line)
    assert said in problem.message.in_language("en")


def test_what_is_no_type_is_told_by_check(tmp_path: Path, folder: Path) -> None:
    own_type(tmp_path, EVERY_FIELD, "{% include '_mine.html.j2' %}", name="plain")
    (folder / "section.html.j2").write_text("{% include '_mine.html.j2' %}", encoding="utf-8")
    (folder.parent.parent / "_mine.html.j2").write_text("", encoding="utf-8")
    strange = strange_templates(tmp_path).names
    assert strange == ("sections/plain",)
    issue = with_section(tmp_path, {"type": "notice", "body": "글"}, Samples())
    workspace = workspace_at(tmp_path)
    found = check_issue(issue, [shown(issue, workspace)], workspace, "issues/2026-11.yaml")
    (told,) = [one for one in found if one.rule == "template-unknown"]
    assert told.file == "templates/email/sections/plain"
    assert "x-project" in str(told.message)
    assert "Rename the folder" in str(told.hint)


def test_the_example_of_the_documents_works_as_it_is_written(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "own-section-types.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(toml|jinja|yaml)\n(.*?)^```", told, re.MULTILINE | re.DOTALL))
    assert (blocks["toml"] + blocks["jinja"]).count("\n") < 40
    own_type(tmp_path, blocks["toml"], blocks["jinja"])
    issue = read_issue(tmp_path, f"title: 제목\npreheader: 머리글\nsections:\n{blocks['yaml']}")
    edition = shown(issue, workspace_at(tmp_path))
    for part in (edition.html, edition.text):
        for said in ("새 사업", "걷기 좋은 길", "마감", "2026년 12월 31일 (목)", "열두 곳", "9월", "설문", "공사"):
            assert said in part.replace("\u00a0", " ").replace("\u2060", "")
        assert "https://www.example.org/walk" in part
    assert re.search(r'<h2 class="rule"[^>]*border-top:1px[^>]*>새 사업<', edition.html)


def test_the_documents_name_every_type_of_field() -> None:
    told = (ROOT / "docs" / "own-section-types.md").read_text(encoding="utf-8")
    table = told.partition("## Fields")[2].partition("\n\n`name =")[0]
    assert {*re.findall(r"`(\w+)`", "".join(re.findall(r"^\| ([^|]*)\|", table, re.MULTILINE)))} == {*FIELD_TYPES}
    assert f"may have {MOST_FIELDS} fields" in told
