"""What `init` and `new` write is a good start, and never written over what is there."""

import re
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError, UsageError
from newsletter.issue.load import load_issue
from newsletter.issue.scaffold import init_workspace, new_issue
from newsletter.issue.sections.registry import SECTION_TYPES
from newsletter.settings.load import find_workspace
from tests.support.issue_files import workspace

DAY = date(2026, 11, 22)
LANGUAGES = ["ko", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_workspace_can_be_used_at_once(tmp_path: Path, language: str) -> None:
    written = init_workspace(tmp_path / "a" / "b", language=language, today=DAY)
    root = tmp_path / "a" / "b"
    names = [path.relative_to(root).as_posix() for path in written]
    issues = ["issues/2026-11.yaml", "issues/issue.schema.json"]
    assert names == ["newsletter.toml", *issues, "subscribers.example.csv", ".gitignore"]
    here = find_workspace(root, explicit=None, environ={})
    assert here.settings.newsletter.language == language
    assert load_issue(written[1], workspace_root=root, timezone="Asia/Seoul").sections
    assert "subscribers.csv" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_issue_shows_every_kind_of_section(tmp_path: Path, language: str) -> None:
    init_workspace(tmp_path, language=language, today=DAY)
    here = find_workspace(tmp_path, explicit=None, environ={})
    path = new_issue(here, "2026-12", today=DAY)
    issue = load_issue(path, workspace_root=tmp_path, timezone="Asia/Seoul")
    assert re.findall(r"^ +(?:# )?- type: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE) == [*SECTION_TYPES]
    assert {section.type for section in issue.sections} >= {"story", "figures", "quote", "events", "notice"}
    assert issue.publish_at is None
    assert issue.line_breaks == "keep"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_in_comments_is_right_too(tmp_path: Path, language: str) -> None:
    init_workspace(tmp_path, language=language, today=DAY)
    path = tmp_path / "issues" / "2026-11.yaml"
    keys = ("number", "subject", "publish_at", "advertising", "hero")
    text = path.read_text(encoding="utf-8")
    for key in keys:
        assert f"# {key}:" in text
        text = text.replace(f"# {key}:", f"{key}:")
    text = text.replace("# image:", "image:")
    before, mark, after = text.partition("# translations:")
    text = before + (mark + after).replace("\n# ", "\n").removeprefix("# ")
    path.write_text(text, encoding="utf-8")
    issue = load_issue(path, workspace_root=tmp_path, timezone="Asia/Seoul")
    assert issue.model_fields_set >= {*keys, "translations"}
    assert issue.sections[0].image
    (translation,) = issue.translations.values()
    assert [bool(section.model_fields_set) for section in translation.sections] == [True, True, False, True]


def test_only_addresses_that_belong_to_nobody_are_written(tmp_path: Path) -> None:
    for path in init_workspace(tmp_path, today=DAY):
        for address in [word for word in path.read_text(encoding="utf-8").split() if "@" in word]:
            assert "example." in address


def test_a_workspace_is_never_written_over(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    before = (tmp_path / "newsletter.toml").read_bytes()
    with pytest.raises(UsageError, match="already"):
        init_workspace(here.root)
    assert (tmp_path / "newsletter.toml").read_bytes() == before


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "subscribers.example.csv").write_text("email\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*.log\n.newsletter/", encoding="utf-8")
    written = init_workspace(tmp_path, today=DAY)
    assert tmp_path / "subscribers.example.csv" not in written
    assert (tmp_path / "subscribers.example.csv").read_text(encoding="utf-8") == "email\n"
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored[:2] == ["*.log", ".newsletter/"]
    assert "subscribers.csv" in ignored
    assert ignored.count(".newsletter/") == 1


def test_an_issue_is_never_written_over(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    path = new_issue(here, "2026-12")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        new_issue(here, "2026-12")
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("slug", ["", "2026_12", "Upper", "../up", "a/b", "a.yaml", "한글", "a b", "a\n"])
def test_a_slug_is_small_letters_digits_and_hyphens(tmp_path: Path, slug: str) -> None:
    with pytest.raises(UsageError, match="no slug"):
        new_issue(workspace(tmp_path), slug)
    assert list((tmp_path / "issues").iterdir()) == []


def test_a_place_that_cannot_be_written_is_exit_code_73(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(CannotWriteError):
            init_workspace(folder)
