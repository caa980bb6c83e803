"""What a page of the archive shows to everybody: the words of a reader without tags, at addresses that stay."""

import re
from pathlib import Path

from tests.support.archives import (
    ADDRESS,
    archive_workspace,
    built,
    files_in,
)


def page(folder: Path, path: str = "2021-07/") -> str:
    return (folder / path / "index.html").read_text(encoding="utf-8")


def test_a_page_is_what_a_reader_without_tags_gets(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    assert built(workspace, tmp_path / "site").problems == ()
    html = page(tmp_path / "site")
    assert "구독자님, 안녕하세요." in html
    assert "연구자에게만" not in html
    assert "비밀" not in html
    assert not re.search(r"merge[a-k]+|unsubscribe|mailto:|\{\{|cid:", html)
    assert "<dt>작성자</dt><dd>홍길동</dd>" in html
    assert '<time datetime="2021-07-26T08:56:00+09:00">2021년 7월 26일 (월) 08:56</time>' in html
    assert f'<link rel="canonical" href="{ADDRESS}/2021-07/">' in html


def test_the_same_input_gives_the_same_bytes_and_writes_nothing_again(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07", "2022-07")
    first = built(workspace, tmp_path / "one")
    again, other = built(workspace, tmp_path / "one"), built(workspace, tmp_path / "two")
    assert first.written.written == other.written.written > 5
    assert again.written.written == again.written.removed == 0
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
