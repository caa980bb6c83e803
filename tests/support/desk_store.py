"""An issue in a workspace of its own, and the store that the desk writes it with."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.desk.change import IssueChange
from newsletter.desk.saving.issue_store import IssueStore, OpenedIssue
from newsletter.ledger.lock_file import locked

TEXT = """\
# of the issue
title: 신성장동력   # its title
intro: |
  안녕하세요.
sections:
  # of the story
  - type: story
    heading: 하나
    body: |
      첫째 글
    research:
      - title: 보고서
        url: https://www.example.org/1
      - title: 논문
        url: https://www.example.org/2

  - type: notice
    body: 둘

  - type: quote
    text: 셋

closing: 끝
translations:
  en:
    title: Growth
    sections:
      # of the first
      - heading: One
        research:
          - title: Report
      - body: Two
"""


@dataclass(frozen=True)
class Desk:
    """One issue of a workspace at `root`."""

    root: Path

    @property
    def issue(self) -> Path:
        return self.root / "issues" / "2026-12.yaml"

    @property
    def shelf(self) -> Path:
        return self.root / ".newsletter" / "desk" / "2026-12"

    @property
    def store(self) -> IssueStore:
        """A new one, as after a restart."""
        return IssueStore(self.root, self.root / ".newsletter" / "desk", locked)

    @property
    def text(self) -> str:
        return self.issue.read_bytes().decode()

    def open(self, window: str = "") -> OpenedIssue:
        return self.store.open(self.issue, window)

    def change(self, seen: OpenedIssue, *changes: IssueChange, window: str = "w", group: str = "") -> OpenedIssue:
        return self.store.change(self.issue, seen.version, changes, window, group)

    def saved_elsewhere(self, old: str, new: str) -> None:
        """As an editor saves: beside it, then a rename."""
        text = self.text
        assert old in text
        beside = self.issue.with_name("beside")
        beside.write_bytes(text.replace(old, new).encode())
        beside.replace(self.issue)


def make_desk(root: Path, text: str = TEXT) -> Desk:
    desk = Desk(root)
    desk.issue.parent.mkdir(parents=True)
    desk.issue.write_bytes(text.encode())
    return desk
