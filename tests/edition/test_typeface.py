"""Fonts and line breaking by language, as they reach the letter and Word."""

import re

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, workspace_at

WORD = re.compile(r"<!--\[if mso\]>.*?<style>(.*?)</style>", re.DOTALL)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace_at(tmp_path_factory.mktemp("workspace"))


def html(workspace: Workspace, language: str) -> str:
    issue = issue_of(workspace.root, translations={language: {"title": "X"}} if language != "ko" else {})
    return render(issue, workspace, variants(issue, [language])[0]).html


@pytest.mark.parametrize(
    ("language", "first", "word", "breaks"),
    [
        ("ko", '"Apple SD Gothic Neo"', "'Malgun Gothic'", "word-break:keep-all;"),
        ("en", "-apple-system", "'Segoe UI'", ""),
        ("pt-BR", "-apple-system", "'Segoe UI'", ""),
        ("ja", '"Hiragino Sans"', "'Yu Gothic'", "line-break:strict;"),
        ("zh-Hant", '"PingFang TC"', "'Microsoft JhengHei'", ""),
        ("zh-CN", '"PingFang SC"', "'Microsoft YaHei'", ""),
    ],
)
def test_a_letter_is_set_in_the_fonts_of_its_language(
    workspace: Workspace, language: str, first: str, word: str, breaks: str
) -> None:
    letter = html(workspace, language)
    assert re.search(rf"<td[^>]*align=\"center\"[^>]*font-family:{first}, ", letter)
    assert f"margin:0 auto;{breaks}".rstrip(";") + '"' in letter
    (sheet,) = WORD.findall(letter)
    east = word if language in {"ko", "ja", "zh-Hant", "zh-CN"} else "'Malgun Gothic'"
    assert f"font-family:{word},sans-serif !important;mso-fareast-font-family:{east};mso-line-height-rule" in sheet


def test_only_korean_words_are_kept_whole(workspace: Workspace) -> None:
    japanese = html(workspace, "ja")
    kept = re.findall(r"<\w+[^>]*word-break:keep-all[^>]*>", japanese)
    assert kept
    assert all('lang="ko"' in tag for tag in kept)
