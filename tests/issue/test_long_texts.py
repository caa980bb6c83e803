"""Texts too long for any letter are refused before anything slow looks at them."""

import time
from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from newsletter.issue.texts import LONGEST


def load(root: Path, text: str) -> None:
    path = root / "issues" / "2026-11.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    load_issue(path, workspace_root=root, timezone="Asia/Seoul")


@pytest.mark.parametrize("pattern", ["*_", "*a ", "[a](<b", "가"])
def test_one_text_is_bounded(tmp_path: Path, pattern: str) -> None:
    started = time.process_time()
    with pytest.raises(InputError, match=r"2026-11\.yaml:2:8: intro: has .* characters"):
        load(tmp_path, f'title: 제목\nintro: "{pattern * (LONGEST + 1)}"\n')
    assert time.process_time() - started < 1


def test_all_texts_together_are_bounded(tmp_path: Path) -> None:
    section = f"  - {{ type: notice, body: {'가나다 ' * 3000} }}\n"
    load(tmp_path, f"title: 제목\nsections:\n{section}")
    with pytest.raises(InputError, match=r"comes to 1\d\d KB"):
        load(tmp_path, f"title: 제목\nsections:\n{section * 4}")
