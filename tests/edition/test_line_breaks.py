"""`line_breaks`: kept or joined, in every text of an issue, in both parts, in every language."""

from pathlib import Path

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, picture_bytes, story, workspace_at

CARD = {"title": "보고서", "url": "https://e.example.org/r", "summary": "요약 하나\n  요약 둘"}
PARTS = {
    "intro": "첫 줄\n둘째 줄\n\n새 문단",
    "closing": "- 목록\n  이어서\n\n> 인용\n> 이어서",
    "hero": {"src": "a.png", "alt": "그림", "caption": "설명 하나\n설명 둘"},
    "sections": [story(body="**굵게\n이어서** `코드\n이어서`\n```\n줄\n줄\n```", research=[CARD])],
    "translations": {"en": {"intro": "One\ntwo"}},
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "a.png").write_bytes(picture_bytes(40, 20))
    return workspace_at(tmp_path)


def edition(workspace: Workspace, language: str = "ko", **keys: object) -> Edition:
    issue = issue_of(workspace.root, **(PARTS | keys))
    [one] = [variant for variant in variants(issue, ["ko", "en"]) if variant.language == language]
    return render(issue, workspace, one)


def test_kept_breaks_are_in_every_text_of_both_parts(workspace: Workspace) -> None:
    kept = edition(workspace, line_breaks="keep")
    for html in ("첫 줄<br>\n둘째 줄</p>", "목록<br>\n이어서", "인용<br>\n이어서", "굵게<br>\n이어서", "줄\n줄\n"):
        assert html in kept.html
    for line in ("설명 하나<br>\n설명 둘", "요약 하나<br>\n요약 둘"):
        assert line in kept.html
    for text in ("첫 줄\n둘째 줄\n\n새 문단", "- 목록\n  이어서", "    인용\n    이어서", "설명 하나\n설명 둘"):
        assert text in kept.text
    assert "  요약 하나\n  요약 둘" in kept.text
    assert "코드 이어서" in kept.html
    assert "One<br>\ntwo" in edition(workspace, "en", line_breaks="keep").html


@pytest.mark.parametrize("keys", [{}, {"line_breaks": "join"}, {"line_breaks": ""}])
def test_without_the_key_they_are_joined(workspace: Workspace, keys: dict[str, str]) -> None:
    joined = edition(workspace, **keys)
    assert "<br>\n둘째" not in joined.html
    assert "첫 줄\n둘째 줄</p>" in joined.html
    assert "첫 줄 둘째 줄\n\n새 문단" in joined.text
    assert "요약 하나 요약 둘" in joined.html


def test_they_count_as_what_the_letter_says(workspace: Workspace) -> None:
    kept, joined, absent = (
        edition(workspace, **keys).digest() for keys in ({"line_breaks": "keep"}, {"line_breaks": "join"}, {})
    )
    assert joined == absent != kept


def test_two_spaces_break_a_line_either_way(workspace: Workspace) -> None:
    assert "하나<br>\n둘" in edition(workspace, intro="하나  \n둘").html
    assert "하나<br>\n둘" in edition(workspace, intro="하나\\\n둘", line_breaks="keep").html
