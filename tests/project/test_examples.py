"""What the documents show to editors is true: the examples load, the traps are caught, the templates are all named."""

import ast
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from newsletter.edition.template_files import EXTRA_SHEET
from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.issue.sections.registry import SECTION_TYPES
from newsletter.issue.sections.section import Image
from tests.support.repository import ROOT

ISSUE_FILE = ROOT / "docs" / "issue-file.md"


def yaml_blocks(path: Path) -> list[str]:
    """The YAML examples of a text."""
    return re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def traps() -> list[tuple[str, str]]:
    """(what one types, what to write instead) from the table of docs/issue-file.md; a row may show several."""
    table = ISSUE_FILE.read_text(encoding="utf-8").partition("| you type | write |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(.+?)` \([^)]*\) \| `(.+?)` \|$", table, re.MULTILINE)
    return [(typed, better) for several, better in rows for typed in several.split("`, `")]


def around(line: str) -> str:
    """An issue with one place for such a line."""
    if line.startswith("title"):
        return "{}\nclosing: 끝\n"
    if line.startswith("- "):
        return "title: 제목\nsections:\n  - type: figures\n    items:\n      {}\n"
    if line.startswith("type"):
        return "title: 제목\nsections:\n  - body: 본문\n    {}\n"
    if line.startswith("image"):
        return "title: 제목\nsections:\n  - type: notice\n    body: 본문\n    {}\n"
    return "title: 제목\n{}\nclosing: 끝\n"


def load(folder: Path, text: str) -> Issue:
    path = folder / "issues" / "example.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_issue(path, workspace_root=folder, timezone="Asia/Seoul")


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_example_of_the_readme_is_an_issue(tmp_path: Path, readme: str) -> None:
    (example,) = yaml_blocks(ROOT / readme)
    assert load(tmp_path, example).title == "신성장동력"


def test_the_example_of_the_issue_file_shows_every_key_and_every_section(tmp_path: Path) -> None:
    example, *_ = yaml_blocks(ISSUE_FILE)
    issue = load(tmp_path, example)
    assert [section.type for section in issue.sections] == [*SECTION_TYPES]
    assert issue.model_fields_set >= set(Issue.model_fields) - {"slug"}


def test_the_example_of_a_picture_shows_every_key_but_those_of_its_caption(tmp_path: Path) -> None:
    (example,) = (block for block in yaml_blocks(ISSUE_FILE) if block.startswith("image:"))
    issue = load(tmp_path, f"title: 제목\n{example.replace('image:', 'hero:', 1)}closing: 끝\n")
    assert issue.hero
    assert set(Image.model_fields) - issue.hero.model_fields_set == {"caption", "credit", "licence"}


def test_the_example_of_a_new_section_type_can_be_read() -> None:
    told = (ROOT / "docs" / "adding-a-section-type.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(python|toml|jinja)\n(.*?)^```", told, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in blocks] == ["python", "toml", "python", "jinja"]
    readers: dict[str, Callable[[str], object]] = {
        "python": ast.parse,
        "toml": tomllib.loads,
        "jinja": Environment(autoescape=True).parse,
    }
    for language, block in blocks:
        assert readers[language](block)


@pytest.mark.parametrize(("typed", "better"), traps())
def test_a_trap_is_caught_with_the_line_to_write(tmp_path: Path, typed: str, better: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, around(typed).replace("{}", typed))
    assert f"Write: {better}" in str(caught.value)
    assert load(tmp_path, around(typed).replace("{}", better)).title


def test_the_table_of_traps_is_read() -> None:
    assert len(traps()) == 9


def test_every_template_stands_in_the_documents() -> None:
    told = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    names = {path.name for path in (ROOT / "templates" / "email").iterdir()}
    assert set(re.findall(r"`(\w[\w.]*\.j2)`", told)) == {*names, EXTRA_SHEET}
