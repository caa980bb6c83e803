"""What the keys of single types of sections may say, and what is said where they may not."""

from pathlib import Path

import pytest

from newsletter.issue.sections.callout import Callout
from newsletter.issue.sections.registry import RESERVED_TYPES, SECTION_TYPES
from tests.support.issue_files import problems_of, read_issue


def issue_with(sections: str) -> str:
    return f"title: 제목\nintro: 글\nsections:\n{sections}\n"


def told(root: Path, sections: str) -> list[tuple[str, int | None, str]]:
    """Place, line and words of all that is wrong."""
    found = problems_of(root, issue_with(sections))
    return [(problem.path, problem.line, str(problem.message)) for problem in found]


@pytest.mark.parametrize("type_", ["briefs", "people", "jobs"])
def test_a_list_has_one_entry_at_least(tmp_path: Path, type_: str) -> None:
    assert told(tmp_path, f"  - {{ type: {type_}, items: [] }}") == [("sections[0].items", 4, "must not be empty")]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "needs at least 2"), (2, ""), (5, ""), (6, "must not have more than 5")]
)
def test_a_question_has_two_to_five_answers(tmp_path: Path, count: int, words: str) -> None:
    answers = ", ".join(["{ label: 답, url: 'mailto:a@example.org' }"] * count)
    found = told(tmp_path, f"  - {{ type: feedback, question: 물음, answers: [{answers}] }}")
    assert [place for place, _, _ in found] == (["sections[0].answers"] if words else [])
    assert all(words in said for _, _, said in found)


@pytest.mark.parametrize(("count", "words"), [(1, "needs at least 2"), (4, ""), (5, "must not have more than 4")])
def test_a_gallery_has_two_to_four_pictures(tmp_path: Path, count: int, words: str) -> None:
    images = ", ".join(["{ src: a.png, alt: 그림 }"] * count)
    found = told(tmp_path, f"  - {{ type: gallery, images: [{images}] }}")
    assert [place for place, _, _ in found] == (["sections[0].images"] if words else [])
    assert all(words in said for _, _, said in found)


def test_an_enumeration_names_its_values(tmp_path: Path) -> None:
    [(place, line, words)] = told(tmp_path, "  - type: callout\n    tone: loud\n    body: 글")
    assert (place, line) == ("sections[0].tone", 5)
    assert all(f"`{tone}`" in words for tone in ("info", "warning", "thanks"))


def test_a_tone_that_is_left_out_or_empty_is_that_of_information(tmp_path: Path) -> None:
    text = "  - { type: callout, body: 글 }\n  - { type: callout, tone: , body: 글 }"
    tones = [
        section.tone for section in read_issue(tmp_path, issue_with(text)).sections if isinstance(section, Callout)
    ]
    assert tones == ["info", "info"]


@pytest.mark.parametrize(
    ("section", "meant"),
    [
        ("{ type: 단신, items: [] }", "briefs"),
        ("{ type: 사람, items: [] }", "people"),
        ("{ type: jobs, items: [{ title: 사서, 마감: 2026-12-31 }] }", "deadline"),
        ("{ type: jobs, items: [{ title: 사서, company: 연구원 }] }", "employer"),
        ("{ type: events, items: [{ title: 포럼, starts_at: 2026-12-15, until: 2026-12-16 }] }", "ends_at"),
        ("{ type: people, items: [{ title: 홍길동, name: 홍길동 }] }", "name"),
        ("{ type: gallery, photos: [], images: [{ src: a.png, alt: ㄱ }, { src: a.png, alt: ㄴ }] }", "images"),
    ],
)
def test_what_was_probably_meant_is_asked(tmp_path: Path, section: str, meant: str) -> None:
    assert f"did you mean `{meant}`?" in " ".join(words for _, _, words in told(tmp_path, f"  - {section}"))


@pytest.mark.parametrize("type_", sorted(RESERVED_TYPES))
def test_a_reserved_type_says_so_and_names_the_others(tmp_path: Path, type_: str) -> None:
    [(place, line, words)] = told(tmp_path, f"  - type: {type_}")
    assert (place, line) == ("sections[0].type", 4)
    assert "reserved" in words
    assert all(known in words for known in SECTION_TYPES)
    assert type_ not in SECTION_TYPES


@pytest.mark.parametrize("dividers", ["  - type: divider", "  - type: divider\n  - { type: divider, heading: 둘째 }"])
def test_dividers_alone_are_no_issue(tmp_path: Path, dividers: str) -> None:
    [problem] = problems_of(tmp_path, f"title: 제목\nsections:\n{dividers}\n")
    assert "has no text yet" in str(problem.message)
    assert problems_of(tmp_path, f"title: 제목\nsections:\n{dividers}\n  - {{ type: notice, body: 글 }}\n") == []


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "good"),
    [
        ("2026-12-15", "2026-12-15", True),
        ("2026-12-15", "2026-12-14", False),
        ("2026-12-15T14:00", "2026-12-15", True),
        ("2026-12-15T14:00", "2026-12-15T14:00", True),
        ("2026-12-15T14:00", "2026-12-15T13:59", False),
        ("2026-12-15", "2026-12-15T10:00", True),
        ("2026-12-15", "2026-12-14T23:00", False),
        # Eleven at night in London is the next morning in Seoul, where a day alone is meant.
        ("2026-12-15T23:00Z", "2026-12-15", False),
        ("2026-12-15T23:00Z", "2026-12-16", True),
    ],
)
def test_nothing_ends_before_it_begins(tmp_path: Path, starts_at: str, ends_at: str, *, good: bool) -> None:
    items = f"      - title: 포럼\n        starts_at: {starts_at}\n        ends_at: {ends_at}"
    found = told(tmp_path, f"  - type: events\n    items:\n{items}")
    assert found == ([] if good else [("sections[0].items[0].ends_at", 8, "lies before `starts_at`")])
