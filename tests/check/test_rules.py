"""One broken letter, and more, for each rule, caught by exactly that rule; letters that are right stay silent."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import BadRow
from newsletter.catalogue import phrase
from newsletter.check.finding import Severity
from newsletter.check.rules import RULES
from tests.support.checks import findings_of, ko, of_rule
from tests.support.wild_html import wild_html

from .broken import (
    audience,
    disguise,
    file,
    inbox,
    legibility,
    links,
    markup,
    outside,
    pictures,
    sender,
    structure,
    styles,
    words,
)
from .cases import FILE, HONG, ROOT, Broken, Make, example, issue, written
from .good import issues, templates

FAMILIES = (
    audience,
    disguise,
    file,
    inbox,
    legibility,
    links,
    markup,
    outside,
    pictures,
    sender,
    structure,
    styles,
    words,
)
BROKEN: list[Broken] = [letter for family in FAMILIES for letter in family.LETTERS]
GOOD: list[Make] = [*issues.LETTERS, *templates.LETTERS]


@pytest.mark.parametrize("letter", BROKEN, ids=lambda letter: letter.rule)
def test_a_broken_letter_is_caught_by_exactly_its_rule(tmp_path: Path, letter: Broken) -> None:
    findings = letter.make(tmp_path)
    told = [str(finding) for finding in findings]
    assert (letter.rule, letter.severity) in {(finding.rule, finding.severity.value) for finding in findings}, told
    assert {finding.rule for finding in findings} <= {letter.rule} | letter.also, told
    assert all(ko(finding.message) and ko(finding.why) for finding in findings)
    assert not any("“”" in one or one.endswith(": ") for one in (str(finding.message) for finding in findings)), told


def test_a_quotation_that_is_cut_says_so(tmp_path: Path) -> None:
    text = f"title: 신성장동력\npreheader: 한 줄\nintro: TODO {'가' * 40}\n"
    [found] = of_rule(findings_of(tmp_path, text), "placeholder-left")
    assert ko(found.message).endswith(f"TODO {'가' * 34}…")


def test_every_rule_has_a_broken_letter() -> None:
    assert {letter.rule for letter in BROKEN} == set(RULES)


@pytest.mark.parametrize("letter", GOOD, ids=range(len(GOOD)))
def test_what_is_right_is_not_complained_of(tmp_path: Path, letter: Make) -> None:
    assert [str(finding) for finding in letter(tmp_path)] == []


def test_the_example_is_clean_for_all_its_subscribers() -> None:
    rows = tuple(read_subscribers(ROOT / "subscribers.example.csv"))
    assert replace(example(), audience=rows).findings() == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(wild_html())
def test_no_page_makes_a_rule_stumble(html: str) -> None:
    case = example()
    replace(case, editions=(replace(case.editions[0], html=html),), audience=()).findings()
    case.html("</body>", f"{html}</body>").findings()


def test_all_rules_look_over_the_example_within_a_second() -> None:
    case = example()
    case.findings()  # what is read once: caniemail's data, the texts of the rules
    begun = time.process_time()  # of ours alone, however busy the machine is
    case.findings()
    assert time.process_time() - begun < 1


def test_a_finding_names_the_line_of_the_issue_or_of_the_subscribers() -> None:
    lines = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
    [finding] = example().edition(subject="RE: 책").findings()
    assert finding.file == FILE
    assert finding.line is not None
    assert lines[finding.line - 1].startswith("subject:")
    [finding] = example().to(replace(HONG, name="#N/A")).findings()
    assert (finding.file, finding.line) == ("subscribers.csv", 8)


def test_a_heavy_picture_is_named_where_the_issue_has_it() -> None:
    lines = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
    small, large = example().editions[0].pictures[:2]
    findings = example().edition(pictures=(small, replace(large, data=b"x" * 1_700_000))).findings()
    by_rule = {finding.rule: finding for finding in findings}
    assert ko(by_rule["size-message"].message) == "편지 한 통이 2.3 MB입니다. 2 MB를 넘지 않는 것이 좋습니다."
    assert ko(by_rule["size-message"].hint) == f"가장 큰 그림: {large.filename}, 1660 KB"
    for rule in ("size-message", "img-bytes"):
        line = by_rule[rule].line
        assert line is not None
        assert large.filename.rpartition("-")[0] in lines[line - 1]


def test_a_rule_is_known_by_its_former_id() -> None:
    small, large = example().editions[0].pictures[:2]
    heavy = example().edition(pictures=(small, replace(large, data=b"x" * 1_700_000)))
    told = {one.rule: one.severity for one in heavy.set("check", severity={"mail-bytes": "error"}).findings()}
    assert told["size-message"] is Severity.ERROR
    assert "size-message" not in {one.rule for one in heavy.set("check", ignore={"mail-bytes": "a map"}).findings()}


def test_messages_are_in_the_newsletters_language(tmp_path: Path) -> None:
    text = issue(subject="'RE: 신성장동력'")
    [korean] = written(text)(tmp_path)
    [english] = written(text, language="en")(tmp_path)
    assert ko(korean.message) == "제목이 답장이나 전달한 메일처럼 보입니다."
    assert str(english.message) == "The subject pretends to be a reply or a forwarded mail."


def test_only_the_first_of_many_rows_are_named_and_the_rest_counted() -> None:
    findings = (
        example()
        .to(*(BadRow(line, phrase("audience.address.has_no_at")) for line in range(2, 102)), *[HONG] * 9_900)
        .findings()
    )
    assert len(findings) == 21
    assert any("80" in ko(finding.message) for finding in findings)


def test_errors_come_first_and_a_finding_of_two_editions_is_said_once() -> None:
    both = tuple(
        replace(edition, html=edition.html.replace("</body>", "<script></script></body>"))
        for edition in example().editions
    )
    findings = (
        replace(example(), editions=both).to(BadRow(3, phrase("audience.address.has_no_at")), *[HONG] * 99).findings()
    )
    assert [(finding.rule, finding.severity) for finding in findings] == [
        ("script-tag", Severity.ERROR),
        ("bad-row", Severity.WARNING),
    ]
    assert [place.variant for place in findings[0].letters] == ["ko", "en"]
