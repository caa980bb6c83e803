"""A window of the desk in a process of its own, which changes an issue as fast as it can while others do, too.

    python -m tests.support.desk_window ROOT NAME COUNT

It tells on standard output which sections it has put in, and which of its own it has taken out.
"""

import random
import sys
from pathlib import Path

from newsletter.desk.change import InsertItem, IssueChange, MoveItem, RemoveItem, SetValue
from newsletter.desk.merging.in_translations import value_at
from newsletter.desk.saving.issue_store import EditConflictError, OpenedIssue
from newsletter.desk.text.edit import data_in
from newsletter.issue.tree import Data
from tests.support.desk_store import Desk


def headings(opened: OpenedIssue) -> list[str]:
    return _headings(opened.data or "")


def headings_in(text: str) -> list[str]:
    return _headings(data_in(text))


def _headings(data: Data) -> list[str]:
    sections = value_at(data, ("sections",)) or []
    assert isinstance(sections, list)
    return [str(value_at(one, ("heading",)) or "") for one in sections]


def write_in_a_window(root: str, window: str, count: int) -> None:
    """Sections are put in, moved, and, once there are some, written in and taken out, only by who has put them in."""
    desk, chance = Desk(Path(root)), random.Random(f"{window} {count}")
    opened = desk.open(window)
    for number in range(count):
        there = headings(opened)
        own = [index for index, heading in enumerate(there) if heading.startswith(f"{window}-")]
        to = chance.randrange(len(there))
        name, body = f"{window}-{number}", f"{window} {number}\n"
        new = InsertItem(("sections",), to, {"type": "notice", "heading": name, "body": body})
        changes: list[IssueChange | None] = [
            new,
            SetValue(("closing" if window == "a" else "title",), f"{window} {number}"),
            MoveItem(("sections",), chance.randrange(len(there)), to),
            SetValue(("sections", chance.choice(own), "body"), body) if own else None,
            RemoveItem(("sections",), own[0]) if len(own) > 6 else None,
        ]
        change = chance.choice([change for change in changes if change]) if own else new
        try:
            opened = desk.change(opened, change, window=window)
        except EditConflictError as conflict:
            opened = conflict.now
        if isinstance(change, InsertItem):
            assert f"{window}-{number}" in headings(opened)
            sys.stdout.write(f"put in {window}-{number}\n")
        elif isinstance(change, RemoveItem) and there[own[0]] not in headings(opened):
            sys.stdout.write(f"took out {there[own[0]]}\n")


if __name__ == "__main__":
    write_in_a_window(sys.argv[1], sys.argv[2], int(sys.argv[3]))
