"""`new SLUG --from ISSUE`: what repeats stays byte for byte, what is new each time is asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.check.finding import Severity
from newsletter.errors import InputError, UsageError
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.check import check_file
from newsletter.workflow.new_from_issue import new_from_issue
from tests.cli.conftest import make_workspace

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LAST = """# Ours.
title: Growth   # the theme
number: 7
subject: "[Letter] Growth"
publish_at: 2026-11-02T09:00:00+09:00
tags: [economy]
summary:
  - first
intro: |
  Dear {{ subscriber.name | default("reader") }},

  this month it is about growth.

sections:
  # The lead.
  - type: story
    kicker: Topic
    heading: Trees
    image: { src: assets/a.png, alt: Trees, crop: "1:1", focus: "50 30" }
    body: |
      Old words.
    research:
      - { title: One, url: "https://example.org/1", year: 2020, authors: [Hong] }
      - { title: Two, url: "https://example.org/2" }
    button: { label: Read on, url: "https://example.org/read" }

  - type: events
    heading: Join us
    items:
      - { title: Forum, starts_at: 2026-12-15T14:00, place: Hall, url: "https://example.org/f" }
      - { title: Walk, starts_at: 2026-12-16 }

  - type: notice   # stays
    body: We are closed on Mondays.

  - type: table
    rows: [["District", "People"], ["Jongno", "1,234"], ["Jung", "99"]]
    unit: people
    source: City

  - type: quote
    text: Old wisdom.
    source: Somebody else

  - type: feedback
    question: How was it?
    answers: [{ label: Good, url: "https://example.org/g" }, { label: Bad, url: "https://example.org/b" }]
closing: |
  Thank you.
translations:
  ko:
    title: 성장
    intro: |
      새로운 글입니다.
    sections:
      - heading: 나무
        body: 옛 글
        research: [{ title: 하나 }, { title: 둘 }]
      - heading: 함께해요
        items: [{ title: 포럼 }, { title: 걷기 }]
"""
NEXT = """# Ours.
title: ""   # the theme
number: 8
intro: |
  Dear {{ subscriber.name | default("reader") }},

sections:
  # The lead.
  - type: story
    kicker: Topic
    heading: ""
    image: { src: "", alt: "", crop: "1:1", focus: "" }
    body: ""
    research:
      - { title: "", url: "", year: "" }
    button: { label: Read on, url: "" }

  - type: events
    heading: Join us
    items:
      - { title: "", starts_at: "", place: "", url: "" }

  - type: notice   # stays
    body: We are closed on Mondays.

  - type: table
    rows: [["District", "People"]]
    unit: people
    source: City

  - type: quote
    text: ""
    source: ""

  - type: feedback
    question: How was it?
    answers: [{ label: Good, url: "https://example.org/g" }, { label: Bad, url: "https://example.org/b" }]
closing: |
  Thank you.
translations:
  ko:
    title: ""
    intro: ""
    sections:
      - heading: ""
        body: ""
        research: [{ title: "" }]
      - heading: 함께해요
        items: [{ title: "" }]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = make_workspace(tmp_path / "letters")
    settings = root / "newsletter.toml"
    settings.write_text(f'{settings.read_text()}every = "first monday 09:00"\n', encoding="utf-8")
    (root / "issues" / "2026-11.yaml").write_text(LAST, encoding="utf-8")
    return find_workspace(root, explicit=None, environ={})


def text(path: Path) -> str:
    return path.read_bytes().decode()


def test_what_repeats_stays_and_what_is_new_stands_empty(workspace: Workspace) -> None:
    made = new_from_issue(workspace, "spring", "2026-11", now=NOW)
    assert text(made.path) == NEXT
    assert "stands empty" in made.told[0].in_language("en")


def test_check_asks_for_each_thing_that_is_new(workspace: Workspace) -> None:
    made = new_from_issue(workspace, "spring", "2026-11", now=NOW)
    findings = check_file(workspace, made.path, lambda *_: None).findings
    asked = {one.message.in_language("en").partition(":")[0] for one in findings if one.severity is Severity.ERROR}
    assert asked == {
        "title",
        "sections[0].image.src",
        "sections[0].image.alt",
        "sections[0].body",
        "sections[0].research[0].title",
        "sections[0].button.url",
        "sections[1].items[0].title",
        "sections[1].items[0].starts_at",
        "sections[3].rows",
        "sections[4].text",
    }


def test_the_issue_of_the_next_date_is_dated(workspace: Workspace) -> None:
    made = new_from_issue(workspace, "2026-12", "2026-11", now=NOW)
    assert "publish_at: 2026-12-07T09:00:00+09:00\n" in text(made.path)


def test_with_its_words_only_number_and_date_change(workspace: Workspace) -> None:
    made = new_from_issue(workspace, "spring", "2026-11", with_texts=True, now=NOW)
    assert text(made.path) == LAST.replace("number: 7", "number: 8").replace(
        "publish_at: 2026-11-02T09:00:00+09:00\n", ""
    )
    assert "(77)" in made.told[0].in_language("en")


def test_line_ends_stay_what_they_were(workspace: Workspace) -> None:
    (workspace.issues / "2026-11.yaml").write_bytes(LAST.replace("\n", "\r\n").encode())
    made = new_from_issue(workspace, "spring", "2026-11", now=NOW)
    assert made.path.read_bytes() == NEXT.replace("\n", "\r\n").encode()


def test_nothing_is_written_over_and_nothing_is_made_of_what_cannot_be_read(workspace: Workspace) -> None:
    with pytest.raises(UsageError):
        new_from_issue(workspace, "2026-11", "2026-11", now=NOW)
    with pytest.raises(UsageError):
        new_from_issue(workspace, "spring", "2025-01", now=NOW)
    (workspace.issues / "2026-11.yaml").write_text("title: {", encoding="utf-8")
    with pytest.raises(InputError):
        new_from_issue(workspace, "spring", "2026-11", now=NOW)
    assert not (workspace.issues / "spring.yaml").exists()
