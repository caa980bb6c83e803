"""Workspaces and issues made of a few lines, for the tests of editions. Touches: the test's own folder."""

import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from newsletter.issue.model import Issue
from newsletter.issue.texts import FileContext
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

SETTINGS: dict[str, dict[str, Any]] = {
    "newsletter": {
        "name": "서울이슈큐레이터",
        "tagline": "시민의 관심이슈에 정책연구로 답합니다",
        "list_id": "issue-curator.news.example.org",
    },
    "sender": {"name": "서울연구원", "address": "no-reply@news.example.org"},
    "institute": {
        "name": "서울연구원",
        "postal_address": "06756 서울시 서초구 남부순환로340길 57 (서초동)",
        "phones": [{"label": "대표전화", "number": "02-2149-1234"}],
        "copyright": "Copyright 2019 Seoul Institute. All Rights Reserved.",
        "website": "https://www.example.org/",
    },
    "links": {"pages_url": "https://news.example.org"},
    "check": {"ignore": {"example-address": "the letters of the tests are sent to nobody"}},
}


def workspace_at(root: Path, **tables: dict[str, Any]) -> Workspace:
    """A workspace in `root` with the settings above; `tables` change single keys: `links={"pages_url": ""}`."""
    names = SETTINGS.keys() | tables.keys()
    data = {name: SETTINGS.get(name, {}) | tables.get(name, {}) for name in names}
    return Workspace(root, Settings.model_validate(data))


def issue_of(root: Path, **parts: object) -> Issue:
    """An issue as if read from `issues/2026-11.yaml` of `root`; without `parts` it has a title and a line of text."""
    context = FileContext(root / "issues" / "2026-11.yaml", ZoneInfo("Asia/Seoul"))
    return Issue.model_validate({"title": "신성장동력", "intro": "안녕하세요."} | parts, context=context)


def story(**parts: object) -> dict[str, object]:
    return {"type": "story", "heading": "상암 DMC", "body": "본문입니다."} | parts


def picture_bytes(width: int, height: int, format_name: str = "PNG", mode: str = "RGB", **save: object) -> bytes:
    """A small picture with a gradient, so that resizing has something to do."""
    gradient = Image.linear_gradient("L").resize((width, height))
    out = io.BytesIO()
    gradient.convert(mode).save(out, format_name, **save)
    return out.getvalue()
