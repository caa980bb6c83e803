"""An issue may carry its words in other languages: what of them is refused, with its place, and what is put in."""

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Problem
from newsletter.issue.sections.section import Section
from newsletter.issue.sections.story import Story
from newsletter.issue.texts import OneLine
from newsletter.issue.translated_parts import words_for
from newsletter.issue.translation import translate
from tests.support.issue_files import problems_of, read_issue
from tests.support.letters import issue_of, story

ISSUE = """title: 제목
subject: 메일 제목
intro: 안녕하세요.
hero: { src: a.png, alt: 그림, credit: 홍길동 }
sections:
  - type: story
    heading: 가
    body: 나
    research: [{ title: 보고서, url: "https://e.example.org/ko", authors: [홍길동] }]
    button: { label: 보기, url: "https://e.example.org" }
  - type: figures
    items: [{ value: 1개, label: 하나 }, { value: 2개, label: 둘 }]
  - type: events
    items: [{ title: 모임, starts_at: 2026-12-01T14:00, place: 여기 }]
  - type: quote
    text: 인용
    source: 누구
  - type: notice
    body: 다
translations:
"""


def test_what_is_translated_is_put_in_and_the_rest_stays(tmp_path: Path) -> None:
    english = """  en:
    title: Title
    hero: { alt: A picture }
    sections:
      - heading: A
        research: [{ title: Report, url: "https://e.example.org/en" }]
        button: { label: Look }
      - items: [{}, { label: two }]
      - items: [{ title: Meeting }]
      -
      - body: Notice
"""
    found = translate(read_issue(tmp_path, ISSUE + english), "en", "ko")
    issue = found.issue
    assert (issue.title, issue.subject, issue.intro) == ("Title", "메일 제목", "안녕하세요.")
    assert issue.hero is not None
    assert (issue.hero.src, issue.hero.alt, issue.hero.credit) == ("a.png", "A picture", "홍길동")
    shown = [section.model_dump(mode="json", exclude_defaults=True) for section in issue.sections]
    assert shown[0]["heading"] == "A"
    assert shown[0]["body"] == "나"
    assert shown[0]["research"] == [{"title": "Report", "url": "https://e.example.org/en", "authors": ["홍길동"]}]
    assert shown[0]["button"]["label"] == "Look"
    assert shown[1]["items"] == [{"value": "1개", "label": "하나"}, {"value": "2개", "label": "two"}]
    assert (shown[2]["items"][0]["title"], shown[2]["items"][0]["place"]) == ("Meeting", "여기")
    assert (shown[3]["text"], shown[4]["body"]) == ("인용", "Notice")
    assert {"title", "hero.alt", "sections[0].research[0].title", "sections[1].items[1].label"} <= found.taken
    assert {"subject", "intro", "hero.credit", "sections[0].body", "sections[3].text"} <= found.kept
    assert not found.taken & found.kept
    assert (found.place("title"), found.place("intro")) == ("translations.en.title", "intro")
    assert issue.slug == "2026-11"


def test_without_a_translation_the_words_are_the_newsletters_own(tmp_path: Path) -> None:
    issue = read_issue(tmp_path, ISSUE + "  de: { title: Titel }\n")
    assert translate(issue, "en", "ko").issue is issue
    assert translate(issue, "en", "ko").language == "ko"
    assert translate(issue, "de", "ko").language == "de"


def the_problem(root: Path, lines: str) -> Problem:
    [problem] = problems_of(root, ISSUE + lines)
    return problem


@pytest.mark.parametrize(
    ("lines", "column", "path", "words"),
    [
        ("  en: { tilte: x }\n", 9, "en.tilte", "did you mean `title`"),
        ("  en: { number: 7 }\n", 9, "en.number", "unknown key"),
        ("  en: { title: [x] }\n", 16, "en.title", "must be text"),
        ('  en: { subject: "a {{ b }}" }\n', 21, "en.subject", "unknown merge field"),
        ("  en: text\n", 7, "en", "keys and values"),
        ("  Klingon: { title: x }\n", 3, "Klingon", "language code"),
        ("  English: { title: x }\n", 3, "English", "did you mean `en`"),
        ("  zh_TW: { title: x }\n", 3, "zh_TW", "did you mean `zh-TW`"),
        ("  AR-eg: { title: x }\n", 3, "AR-eg", "did you mean `ar-EG`"),
        ("  en: { hero: { src: b.png } }\n", 17, "en.hero.src", "unknown key"),
        ("  en: { sections: [{ type: story }] }\n", 22, "en.sections[0].type", "unknown key"),
        ("  en: { sections: [{ text: x }] }\n", 22, "en.sections[0].text", "a story, which has no"),
        ("  en: { sections: [{ bdoy: x }] }\n", 22, "en.sections[0].bdoy", "did you mean `body`"),
        ("  en: { sections: [{ image: { alt: x } }] }\n", 22, "en.sections[0].image", "no image"),
        ("  en: { sections: [{},{},{},{},{},{}] }\n", 35, "en.sections[5]", "the issue has 5"),
        ("  en: { sections: [{ research: [{},{}] }] }\n", 36, "en.sections[0].research[1]", "has 1"),
        ("  en: { sections: [{},{ items: [{},{},{}] }] }\n", 39, "en.sections[1].items[2]", "has 2"),
        ("  en: { sections: [{},{ items: [{ place: x }] }] }\n", 35, "en.sections[1].items[0].place", "`label`"),
    ],
)  # fmt: skip
def test_what_translates_nothing_is_refused_at_its_place(
    tmp_path: Path, lines: str, column: int, path: str, words: str
) -> None:
    problem = the_problem(tmp_path, lines)
    assert (problem.line, problem.column, problem.path) == (21, column, f"translations.{path}")
    assert words in str(problem.message)


def test_a_broken_section_does_not_hide_what_is_wrong_with_its_translation(tmp_path: Path) -> None:
    text = "title: a\nsections:\n  - { type: stroy, body: x }\n  - { type: notice, body: x }\n"
    text += "translations:\n  en: { sections: [{ text: x }, { text: x }] }\n"
    assert [problem.path for problem in problems_of(tmp_path, text)] == [
        "sections[0].type",
        "translations.en.sections[1].text",
    ]


def test_a_key_means_the_same_in_every_type_of_section() -> None:
    """A translation knows it by its name alone."""

    class Riddle(Section):
        type: Literal["riddle"]
        body: OneLine

    with pytest.raises(TypeError, match="`body`"):
        words_for("SectionWords", (Story, Riddle))


WORDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["T", ""]),
        "intro": st.just("I"),
        "sections": st.lists(
            st.fixed_dictionaries({}, optional={"heading": st.just("H"), "body": st.just("B"), "source": st.just("S")}),
            max_size=4,
        ),
    },
)


@given(words=WORDS)
def test_a_translation_never_changes_which_sections_there_are(words: dict[str, object]) -> None:
    issue = issue_of(Path("/w"), sections=[story(), story(only_for=["x"])], translations={"en": words})
    found = translate(issue, "en", "ko")
    assert [(one.type, one.only_for) for one in found.issue.sections] == [("story", ()), ("story", ("x",))]
    assert not found.taken & found.kept
    assert {"sections[0].body", "sections[1].body", "title"} <= found.taken | found.kept
