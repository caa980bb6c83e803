"""What is wrong with the subscribers' file for this issue is told once, with what was probably meant."""

from pathlib import Path

from newsletter.check.finding import Finding, Severity
from tests.support.checks import findings_of, ko, of_rule

HEAD = "title: 신성장동력\npreheader: 한 줄\n"
ASKS = HEAD + "intro: |\n  {{ subscriber.name | default('구독자') }}님,\n  {{ subscriber.fields.소속팀 }}에서.\n"


def people(header: str, row: str, count: int) -> str:
    return f"email,{header}\n" + "".join(f"a{number}@example.com,{row}\n" for number in range(count))


def missing(root: Path, csv: str, language: str = "ko") -> list[Finding]:
    return of_rule(findings_of(root, ASKS, csv, language=language), "merge-missing")


def test_a_column_that_is_not_there_is_told_once_where_the_issue_asks_for_it(tmp_path: Path) -> None:
    [found] = missing(tmp_path, people("name,소속", "홍길동,서울시", 30))
    assert (found.file, found.line, found.column) == ("issues/2026-11.yaml", 5, 3)
    assert ko(found.message) == "subscribers.csv의 첫 줄에 ‘소속팀’ 칸이 없습니다. 혹시 ‘소속’ 아닌가요?"
    assert ko(found.hint) == "있는 칸: email, name, 소속"
    assert found.excerpt.endswith("{{ subscriber.fields.소속팀 }}에서.\n      ^")
    [english] = missing(tmp_path, people("name,소속", "홍길동,서울시", 30), language="en")
    assert "Did you mean “소속”?" in str(english.message)


def test_empty_cells_of_a_column_that_is_there_are_told_by_their_rows(tmp_path: Path) -> None:
    found = missing(tmp_path, people("소속팀", "", 30))
    assert [(one.file, one.line) for one in found] == [
        *(("subscribers.csv", line) for line in range(2, 22)),
        ("subscribers.csv", 22),
    ]
    assert "10줄" in ko(found[-1].message)


def test_a_language_no_edition_is_in_is_told_once_with_its_first_row(tmp_path: Path) -> None:
    csv = "email,language\na@example.com,ko\nb@example.com,kr\nc@example.com,KR\nd@example.com,de\ne@example.com,\n"
    translated = HEAD + "intro: 글\ntranslations:\n  de: { intro: Text }\n"
    [found] = of_rule(findings_of(tmp_path, translated, csv), "language-unknown")
    assert (found.severity, found.file, found.line) == (Severity.WARNING, "subscribers.csv", 3)
    assert "‘kr’" in ko(found.message)
    assert "2줄" in ko(found.message)
    assert ko(found.hint) == "쓸 수 있는 값: ko, en, de. 혹시 ‘ko’ 아닌가요?"


def test_a_tag_that_nobody_has_is_told_at_its_place_with_the_one_that_was_meant(tmp_path: Path) -> None:
    text = HEAD + "sections:\n  - { type: notice, body: 글, only_for: [시민, 연구자들] }\n"
    [found] = of_rule(findings_of(tmp_path, text, "email,tags\na@example.com,시민;연구자\n"), "tag-unknown")
    assert (found.severity, found.file, found.line) == (Severity.WARNING, "issues/2026-11.yaml", 4)
    assert ko(found.message) == "‘연구자들’ 태그가 있는 구독자가 없습니다. 혹시 ‘연구자’ 아닌가요?"
    assert of_rule(findings_of(tmp_path, text), "tag-unknown") == []


def test_a_template_that_no_letter_is_made_of_is_told_with_the_name_that_was_meant(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True)
    (folder / "_foter.html.j2").write_text("{# _foter.html.j2 #}", encoding="utf-8")
    (folder / "_footer.html.j2").write_text("{% include '_mine.html.j2' %}", encoding="utf-8")
    (folder / "_mine.html.j2").write_text(
        "서울연구원 06756 서울시 서초구 남부순환로340길 57 (서초동) 02-2149-1234 ", encoding="utf-8"
    )
    (folder / "notes.md").write_text("x", encoding="utf-8")
    [found] = of_rule(findings_of(tmp_path, HEAD + "intro: 글\n"), "template-unknown")
    assert (found.severity, found.file) == (Severity.WARNING, "templates/email/_foter.html.j2")
    assert "_footer.html.j2" in ko(found.message)


def test_a_translation_into_no_language_is_told_with_what_was_meant(tmp_path: Path) -> None:
    text = "title: a\nintro: b\ntranslations:\n  ja: { title: c }\n  jp: { title: c }\n  zh-Hanz: { title: c }\n"
    found = of_rule(findings_of(tmp_path, text, "email\na@example.com\n"), "language-unknown")
    assert [(one.line, str(one.message).count("Did you mean “ja”?")) for one in found] == [(5, 1), (6, 0)]
    assert "‘ja’ 아닌가요?" in ko(found[0].message)
