"""A workspace brings the letter's own words in another language: all of them, or it is told which ones are missing."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from newsletter.catalogue import table
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.edition.letter_words import built_in_words
from newsletter.edition.own_words import letter_words, read_words
from newsletter.edition.render import render
from newsletter.edition.strange_templates import strange_templates
from newsletter.edition.variants import variants
from newsletter.errors import InputError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.approval_inputs import inputs_of
from newsletter.workflow.steps.letter import Letter
from tests.support.letters import issue_of, story, workspace_at
from tests.support.spoken import assert_told_in_both

ENGLISH = built_in_words("en").texts
ARABIC = {key: f"ع {text}" for key, text in ENGLISH.items()} | {
    "months": "يناير، فبراير، مارس، أبريل، مايو، يونيو، يوليو، أغسطس، سبتمبر، أكتوبر، نوفمبر، ديسمبر",
    "full_date": "{day} {month} {year}",
    "unsubscribe": "إلغاء الاشتراك",
    "why": "تصلكم هذه الرسالة لأنكم طلبتم {newsletter}.",
}


def written(words: dict[str, str]) -> str:
    return "".join(f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in words.items())


def words_file(root: Path, text: str, language: str = "ar") -> Path:
    path = root / "templates" / "email" / "words" / f"{language}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def arabic(workspace: Workspace, language: str = "ar") -> Edition:
    issue = issue_of(
        workspace.root,
        sections=[story(research=[{"title": "보고서", "url": "https://example.org"}])],
        publish_at="2026-11-01T09:00",
        translations={language: {"title": "كل"}},
    )
    return render(issue, workspace, variants(issue, [language])[0])


@pytest.mark.parametrize("language", ["ar", "ar-EG"])
def test_a_whole_file_gives_all_the_chrome(tmp_path: Path, language: str) -> None:
    words_file(tmp_path, written(ARABIC))
    workspace = workspace_at(tmp_path)
    edition = arabic(workspace, language)
    for said in ("إلغاء الاشتراك", "تصلكم هذه الرسالة", "نوفمبر 2026", ARABIC["no_reply"]):
        assert said in re.sub("<[^>]*>", "", edition.html), said
        assert said in edition.text or said == "نوفمبر 2026"
    assert "1 نوفمبر 2026" in edition.text
    assert "수신 거부" not in edition.html + edition.text
    assert not re.search(r'<td class="ground"[^>]* lang=', edition.html)
    issue = issue_of(tmp_path, translations={language: {"title": "كل"}})
    assert "no-reply-notice" not in {one.rule for one in check_issue(issue, [edition], workspace, "issues/x.yaml")}


def test_without_a_file_the_chrome_is_the_newsletters_and_says_so(tmp_path: Path) -> None:
    html = arabic(workspace_at(tmp_path)).html
    assert "수신 거부" in html
    assert re.search(r'<td class="ground"[^>]* lang="ko" dir="ltr"', html)


@pytest.mark.parametrize(
    ("names", "language", "taken"),
    [
        (["ar"], "ar-EG", "ar"),
        (["ar", "ar-EG"], "ar-EG", "ar-EG"),
        (["ar-EG"], "ar", ""),
        (["zh-Hant"], "zh-Hant-TW", "zh-Hant"),
        (["ko"], "ko", "ko"),
        (["ko"], "ja", "ko"),
        (["en"], "en-GB", "en"),
        (["ja"], "ko", ""),
        (["Arabic words"], "ar", ""),
    ],
)
def test_the_nearest_file_counts(tmp_path: Path, names: list[str], language: str, taken: str) -> None:
    for name in names:
        words_file(tmp_path, written({**ENGLISH, "website": name}), name)
    found = letter_words(language, "ko", tmp_path / "templates" / "email")
    assert found.texts["website"] == (taken or ("Website" if language == "en-GB" else "누리집"))


def test_what_is_ours_is_as_the_dates_were_said() -> None:
    day = datetime(2021, 8, 3, 14)  # noqa: DTZ001 - as the newsletter's clock shows it
    ko, en = built_in_words("ko"), built_in_words("en")
    assert (ko.month_and_year(day), en.month_and_year(day)) == ("2021년 8월", "August 2021")
    assert (ko.day_and_time(day, whole_day=False), en.day_and_time(day, whole_day=False)) == (
        "2021년 8월 3일 (화) 14:00",
        "Tue, 3 August 2021, 14:00",
    )
    assert (ko.day_and_time(day, whole_day=True), en.day_and_time(day, whole_day=True)) == (
        "2021년 8월 3일 (화)",
        "Tue, 3 August 2021",
    )
    assert (ko.short_month(day), en.short_month(day), ko.weekday(day), en.weekday(day)) == ("8월", "Aug", "화", "Tue")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_our_own_words_are_such_a_file(tmp_path: Path, language: str) -> None:
    texts = {key: entry[language] for key, entry in table("newsletter.edition", "words", "letter.toml").items()}
    assert read_words(words_file(tmp_path, written(texts)), "x") == texts


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unsubscribe": None}, r"words/ar\.toml: these keys are missing: unsubscribe\n.*\n  unsubscribe = \"Unsub"),
        ({"bogus": "x"}, r"words/ar\.toml:\d+:1: bogus: unknown key"),
        ({"unsubscirbe": "x"}, r"did you mean `unsubscribe`"),
        ({"why": "لأنكم"}, r"why: must hold \{newsletter\}"),
        ({"why": "{newsletter} {name}"}, r"why: nothing can be filled in for \{name\}"),
        ({"why": "{newsletter.__class__}"}, r"why: nothing can be filled in"),
        ({"why": "{newsletter!r} {newsletter}"}, r"why: nothing can be filled in for \{newsletter!r\}"),
        ({"why": "{newsletter"}, r"why: a brace is opened"),
        ({"why": "{newsletter} {}"}, r"why: nothing can be filled in for \{\}"),
        ({"website": "  "}, r"website: must not be empty"),
        ({"website": "x\u202ey"}, r"website: holds a character that nobody sees"),
        ({"months": "a, b"}, r"months: must be 12 words .* there are 2"),
        ({"weekdays": "a,b,c,d,e,f,"}, r"weekdays: must be 7 words"),
        ({"full_date": "{year}"}, ""),
        ({"full_date": "{time}"}, r"full_date: nothing can be filled in for \{time\}"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(tmp_path: Path, change: dict[str, str | None], told: str) -> None:
    words = {key: text for key, text in {**ARABIC, **change}.items() if text is not None}
    path = words_file(tmp_path, written(words))
    if not told:
        assert arabic(workspace_at(tmp_path)).html
        return
    with pytest.raises(InputError) as caught:
        arabic(workspace_at(tmp_path))
    assert re.search(told, str(caught.value)), str(caught.value)
    assert_told_in_both(caught.value)
    path.unlink()
    assert arabic(workspace_at(tmp_path)).html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "these keys are missing: number, web_version"),
        (b"number = 7\n", "number: must be text"),
        (b"number = [\n", r"words/ar\.toml:"),
        ("number = '서울'".encode("cp949"), "UTF-8"),
        (b"\xef\xbb\xbfnumber = '{number}'\r\n", "these keys are missing: web_version"),
        (b"[number]\nen = 'x'\n", "number: must be text"),
    ],
)
def test_a_file_that_is_none_is_told_as_such(tmp_path: Path, text: bytes, told: str) -> None:
    path = words_file(tmp_path, "")
    path.write_bytes(text)
    with pytest.raises(InputError, match=told) as caught:
        arabic(workspace_at(tmp_path))
    assert "templates/email/words/ar.toml" in str(caught.value)


def test_the_lines_to_paste_make_the_file_whole(tmp_path: Path) -> None:
    path = words_file(tmp_path, "")
    with pytest.raises(InputError) as caught:
        arabic(workspace_at(tmp_path))
    pasted = "\n".join(line.strip() for line in str(caught.value).splitlines() if line.startswith("  "))
    path.write_text(pasted, encoding="utf-8")
    assert "Unsubscribe" in arabic(workspace_at(tmp_path)).html


def test_words_are_what_an_approval_was_given_to(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    letter = Letter(issue_of(tmp_path), tmp_path / "issues" / "2026-11.yaml", "issues/2026-11.yaml")
    before = inputs_of(letter, workspace)["templates"]
    words_file(tmp_path, written(ARABIC))
    assert before == {}
    assert list(inputs_of(letter, workspace)["templates"]) == ["templates/email/words/ar.toml"]


def test_a_file_with_no_languages_name_is_told(tmp_path: Path) -> None:
    for name in ("ar", "zh-Hant", "Arabic words"):
        words_file(tmp_path, "", name)
    (tmp_path / "templates" / "email" / "words" / "ja.tml").write_text("", encoding="utf-8")
    assert strange_templates(tmp_path).names == ("words/Arabic words.toml", "words/ja.tml")
