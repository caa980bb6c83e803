"""What reviewers say is kept beside the issue, whoever else writes there, and is gone once it is approved."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import InputError, RefusedError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.steps import review_comments
from newsletter.workflow.steps.review_comments import (
    MAX_ABOUT,
    MAX_WORDS,
    Comment,
    add_comment,
    comments_path,
    read_comments,
    remove_comment,
)
from tests.web.studio.studio_site import make_workspace

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def issue(workspace: Workspace) -> Path:
    return workspace.issues / "2021-07.yaml"


def say(workspace: Workspace, issue: Path, words: str, about: str = "") -> tuple[Comment, ...]:
    return add_comment(workspace, issue, by="홍길동", about=about, words=words, at=NOW)


def test_a_comment_is_kept_as_it_was_said_until_it_is_taken_away(workspace: Workspace, issue: Path) -> None:
    first, second = say(workspace, issue, " 두 줄\r\n입니다 ", "신성장\n 동력") and say(workspace, issue, "둘째")
    assert (first.words, first.about, first.by, first.at) == ("두 줄\n입니다", "신성장 동력", "홍길동", NOW)
    path = comments_path(issue)
    assert path.name == "2021-07.review.json"
    assert "두 줄" in path.read_text(encoding="utf-8")
    assert read_comments(issue) == (first, second)
    assert remove_comment(workspace, issue, first.id) == (second,)
    assert remove_comment(workspace, issue, first.id) == (second,)
    assert remove_comment(workspace, issue, second.id) == ()
    assert not path.exists()


def test_nobody_loses_a_comment_to_another(workspace: Workspace, issue: Path) -> None:
    threads = [threading.Thread(target=say, args=(workspace, issue, f"의견 {number}")) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.words for one in read_comments(issue)} == {f"의견 {number}" for number in range(20)}


def test_an_approval_names_them_and_takes_them_away(workspace: Workspace, issue: Path) -> None:
    say(workspace, issue, "숫자를\n다시 보세요")
    proposal = propose(workspace, "2021-07")
    assert "홍길동: 숫자를 다시 보세요" in proposal.summary(whole=False).in_language("ko")
    keep(workspace, proposal, by="Jane Doe")
    assert not comments_path(issue).exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"comments": 1}',
        '{"comments": [{"id": "../../x", "at": "2026-11-30T09:00:00Z", "by": "", "words": "x"}]}',
        '{"comments": [], "more": 1}',
        "\udcff",
        "[" * 100_000,
    ],
)
def test_a_file_that_is_none_of_ours_is_told_and_left(workspace: Workspace, issue: Path, text: str) -> None:
    path = comments_path(issue)
    path.write_bytes(text.encode(errors="surrogateescape"))
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"2021-07\.review\.json"):
        read_comments(issue)
    with pytest.raises(InputError):
        say(workspace, issue, "의견")
    with pytest.raises(InputError):
        remove_comment(workspace, issue, "x")
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", ["", " \n ", "가" * (MAX_WORDS + 1)])
def test_nothing_and_too_much_are_refused(workspace: Workspace, issue: Path, words: str) -> None:
    with pytest.raises(RefusedError):
        say(workspace, issue, words)
    assert not comments_path(issue).exists()


def test_there_are_only_so_many(workspace: Workspace, issue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_comments, "MOST_COMMENTS", 2)
    say(workspace, issue, "하나", "가" * 999)
    say(workspace, issue, "둘")
    with pytest.raises(RefusedError):
        say(workspace, issue, "셋")
    assert [len(one.about) for one in read_comments(issue)] == [MAX_ABOUT, 0]


def test_each_part_of_a_comment_is_a_line_so_that_git_merges_those_of_two(workspace: Workspace, issue: Path) -> None:
    say(workspace, issue, "하나")
    text = comments_path(issue).read_text(encoding="utf-8")
    assert json.loads(text)["comments"][0]["words"] == "하나"
    assert len(text.splitlines()) == 11
