"""The audience is judged once: every command says the same of it, and no letter is larger than what is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.catalogue import Said, Verbatim
from newsletter.check.audience import AudienceSummary, Oddity
from newsletter.check.finding import Finding, hints_once
from newsletter.check.formats import Format, FormatOptions, write_findings
from newsletter.errors import InputError
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.check import check
from newsletter.workflow.dry_run import dry_run
from newsletter.workflow.send_due import send_due
from newsletter.workflow.steps.compose import LetterComposer
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.survey import sizes_alone, survey_rows
from newsletter.workflow.subscribers import suppress
from tests.support import editions
from tests.support.books import begun_long_ago
from tests.support.checks import ko
from tests.support.letters import issue_of, workspace_at
from tests.workflow.conftest import ISSUE, Reload, write_issue

VALUES = st.dictionaries(
    st.sampled_from(["fields.소속", "fields.word", "fields.page"]),
    st.one_of(st.text(max_size=300), st.from_regex(r"https://[a-z]{1,9}\.kr/[&<\"a-z 가-힣]{0,60}", fullmatch=True)),
)
PEOPLE = st.lists(st.tuples(st.text(max_size=200), VALUES), min_size=1, max_size=8)


def somebody(number: int, name: str, values: dict[str, str]) -> Subscriber:
    fields = {key.removeprefix("fields."): value for key, value in values.items()}
    address = f"reader{number}@example.com"
    return Subscriber(address, address, name=name, language="ko", fields=fields, line=number + 2)


@given(PEOPLE)
def test_the_sizes_are_those_of_the_largest_message_to_the_octet(people: list[tuple[str, dict[str, str]]]) -> None:
    root = Path("/nowhere")
    settings = workspace_at(root).settings
    made = {"ko": editions.edition(), "en": editions.plain_edition()}
    issue = issue_of(root)
    readers = [somebody(number, *one) for number, one in enumerate(people)]
    summary = survey_rows(readers, sizes_alone(issue, made, settings), issue, made, settings, None)
    composer = LetterComposer.to_try(settings, issue.slug, made)
    messages = [composer.message(one, "ko").data for one in readers]
    pages = [composer.parts(one, "ko").html for one in readers]
    extent = summary.extents["ko"]
    assert summary.failed.total == 0
    nobody = sizes_alone(issue, made, settings).extents["ko"]
    assert extent.mail.octets == max([nobody.mail.octets, *map(len, messages)])
    assert extent.html.octets == max([nobody.plain, *(len(page.replace("\n", "\r\n").encode()) for page in pages)])
    lines = (line for message in messages for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n"))
    assert extent.header.octets == max([nobody.header.octets, *map(len, lines)])
    for size, true in (
        (extent.html, [len(p.replace("\n", "\r\n").encode()) for p in pages]),
        (extent.mail, map(len, messages)),
    ):
        if size.line:
            assert list(true)[size.line - 2] == size.octets


def greeting(root: Path, *rows: str) -> None:
    path = root / "issues" / "2026-11.yaml"
    path.write_text(ISSUE.replace(' | default("구독자")', ""), encoding="utf-8")
    (root / "subscribers.csv").write_text("email,name\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def refusal(call: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as caught:
        call()
    return [str(problem) for problem in caught.value.problems]


def test_check_send_dry_run_and_due_refuse_with_the_same_words_and_place(
    open_workspace: Reload, tmp_path: Path
) -> None:
    workspace = open_workspace()
    write_issue(tmp_path)
    greeting(tmp_path, "hong@example.com,홍길동", "jane@example.org,", "kim@example.net,")
    proposal = propose(workspace, "2026-11")
    keep(workspace, proposal, by="reviewer")
    report = check(workspace, "2026-11")
    found = [str(one) for one in hints_once(report.errors)]
    assert [line.split(": ")[0] for line in found] == ["subscribers.csv:3", "subscribers.csv:4"]
    assert write_findings(Format.TEXT, [report], FormatOptions("en")).startswith("\n\n".join(found))
    assert "\n".join(found).count("default(") == 1, "what to do is said once"
    assert refusal(lambda: prepare(workspace, "2026-11")) == found
    assert refusal(lambda: dry_run(workspace, "2026-11", tmp_path / "out", lambda _done, _all: None)) == found
    lines = [ko(one.without_severity()) for one in hints_once(report.errors)]
    assert lines
    assert all(line in ko(proposal.summary()) for line in lines)


def test_due_says_the_same_too(open_workspace: Reload, tmp_path: Path) -> None:
    from datetime import timedelta

    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    suppress(workspace, "gone@example.com", "asked")
    begun_long_ago(tmp_path)
    write_issue(tmp_path, due=timedelta(hours=1))
    path = tmp_path / "issues" / "2026-11.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(' | default("구독자")', ""), encoding="utf-8")
    said: list[Said] = []
    code = send_due(workspace, say=said.append, warn=said.append, advance=lambda _done, _all: None)
    assert code == 65
    [error] = check(workspace, "2026-11").errors
    assert any(str(error) in str(words) for words in said)


def test_who_is_suppressed_is_nobodys_missing_value(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    write_issue(tmp_path)
    greeting(tmp_path, "hong@example.com,홍길동", "jane@example.org,")
    assert check(workspace, "2026-11").audience.suppressed is None
    suppress(workspace, "jane@example.org", "asked")
    report = check(workspace, "2026-11")
    assert report.errors == ()
    assert (report.audience.people, report.audience.suppressed, report.audience.to_mail) == (2, 1, 1)
    assert prepare(workspace, "2026-11").audience == report.audience


def test_the_same_address_twice_is_counted_and_told_by_its_lines(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    rows = [
        "hong@example.com,홍길동",
        "HONG@example.com,",
        "jane@example.org,Jane Doe",
        "no address,",
        " hong@EXAMPLE.com,",
    ]
    greeting(tmp_path, *rows)
    audience = check(workspace, "2026-11").audience
    assert (audience.people, audience.rows) == (2, 5)
    assert [line for line, _ in audience.duplicates.first] == [3, 6]
    assert "(left out: 2 duplicates on lines 3, 6, 1 bad)" in str(check(workspace, "2026-11").summary())


def test_an_approval_is_of_the_letter_and_not_of_the_list(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    write_issue(tmp_path)
    greeting(tmp_path, "hong@example.com,홍길동")
    (tmp_path / "subscribers.csv").write_text("email,이름\n", encoding="utf-8")
    assert "아무도" not in str(propose(workspace, "2026-11").summary())
    (tmp_path / "subscribers.csv").write_bytes(b"\xff\xfe")
    assert "UTF-16" in str(propose(workspace, "2026-11").summary())
    (tmp_path / "subscribers.csv").unlink()
    assert keep(workspace, propose(workspace, "2026-11"), by="reviewer").is_dir()


def summary_of(rows: Iterator[Subscriber | BadRow]) -> AudienceSummary:
    root = Path("/nowhere")
    settings, issue, made = workspace_at(root).settings, issue_of(root), {"ko": editions.edition()}
    return survey_rows(rows, sizes_alone(issue, made, settings), issue, made, settings, None)


def test_however_many_words_the_columns_have_no_more_than_some_are_kept() -> None:
    def rows() -> Iterator[Subscriber | BadRow]:
        for n in range(2_500):
            address = f"a{n}@example.com"
            tags = frozenset({f"t{n}"})
            yield Subscriber(address, address, language=f"x{n}", tags=tags, fields={"word": "N/A"}, line=2 * n)
            yield BadRow(2 * n + 1, Verbatim(f"reason {n}"))

    summary = summary_of(rows())
    kept = (summary.tags, summary.tagged, summary.strange_languages, summary.reasons)
    assert [len(words) for words in kept] == [1_000] * 4
    odd = summary.odd[Oddity.EMPTY_WORD, "fields.word"]
    assert (odd.total, len(odd.first)) == (2_500, 20)


def test_an_edition_that_nothing_can_be_made_of_is_one_finding_and_not_one_for_each_row() -> None:
    root = Path("/nowhere")
    settings, issue = workspace_at(root, links={"pages_url": ""}).settings, issue_of(root)
    made = {"ko": editions.edition()}
    people = iter([somebody(number, "홍길동", {}) for number in range(5)])
    summary = survey_rows(people, sizes_alone(issue, made, settings), issue, made, settings, None)
    assert summary.people == 5
    [(line, why)] = summary.failed.first
    assert line == 0
    assert "unsubscribe" in str(why)


def test_findings_name_no_more_than_twenty_rows_of_each_fault(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    write_issue(tmp_path)
    greeting(tmp_path, *(f"a{number}@example.com," for number in range(100)))
    found: tuple[Finding, ...] = check(workspace, "2026-11").errors
    assert len(found) == 21
    assert (found[-1].line, ko(found[-1].message)) == (22, "여기서부터 80줄이 더 그렇습니다.")


def test_who_only_looks_is_told_whose_subscribers_were_tried(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    csv, example = tmp_path / "subscribers.csv", tmp_path / "subscribers.example.csv"
    csv.rename(example)
    told = str(check(workspace, "2026-11").summary())
    assert told.endswith("It goes to 3 subscribers of subscribers.example.csv (there is no subscribers.csv)")
    example.unlink()
    assert str(check(workspace, "2026-11").summary()).endswith("There is no subscribers.csv, so no merge was tried")
