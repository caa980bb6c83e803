"""A workspace whose issues were sent, by the files in git that say so. Touches: the test's own folder."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from newsletter.ledger.states import State
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.letter import open_letter
from newsletter.workflow.steps.sent_issues import digest_of_issue
from newsletter.workflow.steps.site import Built, build_site
from tests.support.letters import picture_bytes

ADDRESS = "https://news.example.org/archive"
SETTINGS = f"""[newsletter]
name = "서울이슈큐레이터"
tagline = "시민의 관심이슈에 정책연구로 답합니다"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
[links]
archive_url = "{ADDRESS}"
"""
ISSUE = """title: {title}
publish_at: {year}-07-26T08:56:00+09:00
number: 7
author: 홍길동
tags: [경제, AI 정책]
hero: {{ src: river.png, alt: 강 }}
intro: |
  {{{{ subscriber.name | default("구독자") }}}}님, 안녕하세요.
sections:
  - {{ type: story, heading: 첫째, body: 하나 }}
  - {{ type: story, heading: 연구자에게만, body: 비밀, only_for: [연구] }}
  - {{ type: story, heading: 셋째, body: 셋 }}
"""


def archive_workspace(root: Path, *slugs: str, settings: str = SETTINGS) -> Workspace:
    """An issue a slug, sent in the year that the slug begins with."""
    (root / "issues").mkdir(parents=True)
    (root / "newsletter.toml").write_text(settings, encoding="utf-8")
    (root / "issues" / "river.png").write_bytes(picture_bytes(900, 600))
    for slug in slugs:
        write_issue(root, slug)
        was_sent(root, slug)
    return workspace_in(root)


def workspace_in(root: Path) -> Workspace:
    return find_workspace(root, explicit=root, environ={})


def write_issue(root: Path, slug: str, text: str = "") -> Path:
    path = root / "issues" / f"{slug}.yaml"
    path.write_text(text or ISSUE.format(title=f"{slug}의 주제", year=slug[:4]), encoding="utf-8")
    return path


def was_sent(root: Path, slug: str, **states: int) -> None:
    """To three readers, or as said, with the words that its file has now."""
    workspace = workspace_in(root)
    letter = open_letter(workspace, slug)
    told = {
        "issue": slug,
        "newsletter": workspace.settings.newsletter.list_id,
        "edition": digest_of_issue(letter.issue, workspace),
        "planned_at": (letter.issue.publish_at or datetime.fromisoformat("2021-07-26T09:00+09:00")).isoformat(),
        "states": {state.value: (states or {"sent": 3}).get(state.value, 0) for state in State},
    }
    (root / "issues" / f"{slug}.sent.json").write_text(json.dumps(told), encoding="utf-8")


def built(workspace: Workspace, folder: Path, *, base_url: str = "", drafts: bool = False) -> Built:
    """Without a ledger."""
    nothing = lambda _done, _total: None  # noqa: E731
    return build_site(workspace, folder, None, base_url=base_url, drafts=drafts, making=nothing, writing=nothing)


def files_in(folder: Path) -> Mapping[str, bytes]:
    """All files below it, by their path with slashes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
