"""A letter in the reader's language: its words, its chrome, and the `lang` of what is in another."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newsletter.check.finding import Finding
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import languages_of, variants
from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from newsletter.settings.workspace import Workspace
from tests.support.issue_files import write_issue
from tests.support.letters import issue_of, picture_bytes, story, workspace_at
from tests.support.spoken import assert_told_in_both

KOREAN = {
    "title": "신성장동력",
    "subject": "한국어 제목",
    "preheader": "한국어 머리말",
    "hero": {"src": "a.png", "alt": "한국어 그림", "caption": "한국어 설명"},
    "intro": "한국어 여는 글",
    "sections": [
        story(
            heading="한국어 이야기",
            body="한국어 본문",
            research=[{"title": "한국어 보고서", "url": "https://e.example.org/ko", "summary": "한국어 요약"}],
            button={"label": "한국어 단추", "url": "https://e.example.org/ko/more"},
        ),
        {"type": "figures", "items": [{"value": "1개", "label": "한국어 셈"}]},
        {"type": "quote", "text": "한국어 인용", "source": "한국어 출처"},
        {
            "type": "events",
            "items": [{"title": "한국어 모임", "starts_at": "2026-12-01T14:00", "place": "한국어 장소"}],
        },
        {"type": "notice", "heading": "한국어 알림", "body": "한국어 알리는 글"},
    ],
    "closing": "한국어 닫는 글",
    "publish_at": "2026-11-01T09:00",
}
ENGLISH = {
    "title": "Engines",
    "subject": "English subject",
    "preheader": "English preheader",
    "hero": {"alt": "English picture", "caption": "English caption"},
    "intro": "English intro",
    "sections": [
        {
            "heading": "English story",
            "body": "English body",
            "research": [{"title": "English report", "url": "https://e.example.org/en", "summary": "English summary"}],
            "button": {"label": "English button", "url": "https://e.example.org/en/more"},
        },
        {"items": [{"value": "1", "label": "English count"}]},
        {"text": "English quote", "source": "English source"},
        {"items": [{"title": "English meeting", "place": "English place"}]},
        {"heading": "English notice", "body": "English words"},
    ],
    "closing": "English closing",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("workspace")
    (root / "a.png").write_bytes(picture_bytes(40, 20))
    return workspace_at(root)


def editions(workspace: Workspace, translations: dict[str, object], **parts: object) -> dict[str, Edition]:
    issue = issue_of(workspace.root, **{**KOREAN, **parts}, translations=translations)
    found = [render(issue, workspace, variant) for variant in variants(issue, languages_of(issue, "ko"))]
    return {edition.variant: edition for edition in found}


class _Spoken(HTMLParser):
    """Every text of a page, and every alternative text, with the language a screen reader would say it in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self._language()
        if given.get("alt"):
            self.said.append((language, given["alt"] or ""))
        if tag not in {"img", "meta", "br"}:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append((self._language(), " ".join(data.split())))

    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""


def spoken(html: str, language: str) -> str:
    """All that is said in a language."""
    return " / ".join(words for said, words in _Spoken(html).said if said == language)


def without_footer(text: str) -> str:
    return text.partition("=" * 72)[2].partition("=" * 72)[0]


def test_a_whole_translation_leaves_no_word_of_the_other_language(workspace: Workspace) -> None:
    english = editions(workspace, {"en": ENGLISH})["en"]
    assert english.subject == "English subject"
    assert english.language == "en"
    assert "한국어" not in english.subject + english.html + english.text
    assert not re.search("[가-힣]", without_footer(english.text))
    for words in re.findall("English \\w+", repr(ENGLISH)):
        assert words in english.subject + english.html, words
        assert words in english.subject + english.text + "English preheader", words
    assert "https://e.example.org/en/more" in english.html
    assert "https://e.example.org/ko" not in english.html + english.text


def test_the_outermost_lang_is_that_of_the_words(workspace: Workspace) -> None:
    found = editions(workspace, {"en": ENGLISH, "de": {"title": "Motoren"}})
    outermost = {
        name: re.findall(r'<(?:html|div)[^>]* lang="(\w+)"', edition.html)[:2] for name, edition in found.items()
    }
    assert outermost == {"ko": ["ko", "ko"], "en": ["en", "en"], "de": ["de", "de"]}
    untranslated = editions(workspace, {})["en"]
    assert re.findall(r'<html lang="(\w+)"', untranslated.html) == ["ko"]


def test_a_whole_letter_marks_only_what_the_settings_say(workspace: Workspace) -> None:
    found = editions(workspace, {"en": ENGLISH})
    assert {language for language, _ in _Spoken(found["ko"].html).said} == {"ko"}
    korean = spoken(found["en"].html, "ko")
    assert "서울이슈큐레이터" in korean
    assert "02-2149-1234" in korean
    assert "English" not in korean


def test_what_a_translation_lacks_is_korean_and_says_so(workspace: Workspace) -> None:
    english = editions(workspace, {"en": {"title": "Engines", "closing": "English closing"}})["en"]
    korean = spoken(english.html, "ko")
    for words in re.findall("한국어 [가-힣 ]+", repr({**KOREAN, "subject": ""})):
        assert (words in korean) is (words != "한국어 닫는 글"), words
        assert words not in spoken(english.html, "en")
    assert "Engines / " in spoken(english.html, "en")
    assert "English closing" in spoken(english.html, "en")


def test_an_untranslated_heading_is_korean_in_the_contents_too(workspace: Workspace) -> None:
    stories = [story(heading=f"한국어 {nth} 이야기") for nth in ("첫째", "둘째", "셋째")]
    english = editions(workspace, {"en": {"title": "Engines"}}, sections=stories)["en"]
    assert spoken(english.html, "ko").count("둘째") == 2
    assert "둘째" not in spoken(english.html, "en")


def test_the_chrome_of_a_letter_in_korean_words_is_marked_where_it_is_english(workspace: Workspace) -> None:
    english = editions(workspace, {})["en"]
    for words in ("November 2026", "Report", "Dec", "Unsubscribe"):
        assert words in spoken(english.html, "en")
        assert words not in spoken(english.html, "ko")
    assert "한국어" not in spoken(english.html, "en")


def test_another_language_has_its_words_and_the_newsletters_chrome(workspace: Workspace) -> None:
    german = editions(workspace, {"de": {"title": "Motoren", "intro": "Guten Tag"}})["de"]
    assert german.language == "de"
    assert "Motoren" in german.text
    assert "수신 거부" in german.text
    assert "2026년 11월" in german.html
    issue = issue_of(workspace.root, **KOREAN, translations={"de": {"title": "Motoren"}})
    findings = check_issue(issue, [german], workspace, "issues/2026-11.yaml")
    assert "no-reply-notice" not in {finding.rule for finding in findings}


def test_a_subject_is_made_of_the_translated_title(workspace: Workspace) -> None:
    found = editions(workspace, {"en": {"title": "Engines"}}, subject="")
    assert found["en"].subject == "[서울이슈큐레이터] Engines"
    assert editions(workspace, {"en": {"title": "Engines"}})["en"].subject == "한국어 제목"


def test_each_translation_asks_for_its_own_fields(workspace: Workspace) -> None:
    found = editions(workspace, {"en": {"intro": "{{ subscriber.fields.team }}"}}, intro="{{ subscriber.name }}")
    assert found["ko"].required_keys() == {"name"}
    assert found["en"].required_keys() == {"fields.team"}


def test_an_error_in_a_translation_names_its_place(workspace: Workspace) -> None:
    english = {"sections": [{"body": "![x](https://e.example.org/x.png)"}]}
    with pytest.raises(InputError) as caught:
        editions(workspace, {"en": english})
    assert caught.value.problems[0].path == "translations.en.sections[0].body"


def test_a_translation_into_the_newsletters_own_language_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match=r"translations\.ko: the newsletter's language is ko already") as caught:
        editions(workspace, {"ko": {"title": "다른 제목"}})
    assert_told_in_both(caught.value)


def findings_of(root: Path, workspace: Workspace, text: str) -> list[Finding]:
    path = write_issue(root, text)
    issue = load_issue(path, workspace_root=root, timezone="Asia/Seoul")
    made = [render(issue, workspace, variant) for variant in variants(issue, languages_of(issue, "ko"))]
    return check_issue(issue, made, workspace, "issues/2026-11.yaml")


def test_the_rules_look_at_every_language_and_point_at_its_words(tmp_path: Path) -> None:
    text = "title: 제목\nsubject: 메일 제목\npreheader: 머리말\nintro: 안녕하세요.\ntranslations:\n  en:\n"
    text += "    subject: 'Re: TODO'\n    preheader: 'Re: TODO'\n    intro: '[here](https://www.si.re.kr)'\n"
    found = findings_of(tmp_path, workspace_at(tmp_path), text)
    assert {(finding.rule, finding.line) for finding in found} >= {
        ("subject-fake-re", 7),
        ("preheader-equals-subject", 8),
        ("placeholder-left", 7),
        ("link-text", 9),
    }
