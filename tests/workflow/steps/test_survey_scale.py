"""A long subscriber file is tried in a stream: memory does not grow with it, and it is told how far it is."""

import tracemalloc
from pathlib import Path

from newsletter.audience.read import read_layout, read_subscribers
from newsletter.edition.edition import Edition
from newsletter.workflow.steps.people import MailingList
from newsletter.workflow.steps.survey import sizes_alone, survey, survey_rows
from tests.support import editions
from tests.support.letters import issue_of, workspace_at

FEW, MANY = 600, 3_000


def subscribers(path: Path, rows: int) -> Path:
    """Good rows, with and without a value, bad ones and one address again and again."""
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,language,tags,word,page\n")
        for number in range(rows):
            file.write(
                f"reader{number}@example.com,홍길동{number},ko,시민,서울 {number},https://example.org/{number}\n"
            )
            file.write(f"bad {number},,,,,\n" if number % 2 else "reader0@example.com,,kr,,#N/A,nowhere\n")
    return path


def peak_of(tmp_path: Path, rows: int) -> int:
    path = subscribers(tmp_path / f"{rows}.csv", rows)
    settings, issue = workspace_at(tmp_path).settings, issue_of(tmp_path)
    made: dict[str, Edition] = {"ko": editions.edition(), "en": editions.plain_edition()}
    layout = read_layout(path)  # reads the file in blocks of a megabyte, which would hide the rest
    tracemalloc.start()
    try:
        rows_of_it = read_subscribers(path, layout)
        summary = survey_rows(rows_of_it, sizes_alone(issue, made, settings), issue, made, settings, None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (summary.people, summary.bad.total, summary.duplicates.total) == (rows, rows // 2, rows // 2)
    return peak


def test_five_times_the_rows_need_no_more_memory(tmp_path: Path) -> None:
    peak_of(tmp_path, 50)  # what is remembered once, and for good
    few = peak_of(tmp_path, FEW)
    # The good rows of the difference alone would be over a megabyte.
    assert peak_of(tmp_path, MANY) < few + 100 * 1024


def test_how_far_it_is_is_told_in_lines_and_ends_with_the_last(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "subscribers.csv", FEW)
    settings, issue = workspace_at(tmp_path).settings, issue_of(tmp_path)
    told: list[tuple[int, int]] = []
    survey(
        issue,
        {"ko": editions.edition()},
        settings,
        MailingList(path),
        None,
        lambda done, total: told.append((done, total)),
    )
    assert {total for _, total in told} == {2 * FEW + 1}
    assert told == sorted(told)
    assert told[-1] == (2 * FEW + 1, 2 * FEW + 1)
    assert len(told) < 2 * FEW / 100
