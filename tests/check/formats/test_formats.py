"""Every format writes every finding, in the language asked for; the table has all that the folder has."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.catalogue import SILENCE, phrase
from newsletter.check import formats
from newsletter.check.finding import Finding, Severity
from newsletter.check.formats import Format, FormatOptions, write_findings
from newsletter.report.findings import CheckReport

FOUND = Finding(
    "link-text",
    Severity.WARNING,
    phrase("check.links.link-text.found", words="here"),
    "issues/2026-11.yaml",
    12,
    3,
    phrase("check.links.link-text.mend"),
)
REPORT = CheckReport("2026-11", (FOUND,))


def test_every_file_of_the_folder_is_a_format_and_every_format_has_one() -> None:
    files = {path.stem for path in Path(formats.__file__).parent.glob("*.py")} - {"__init__"}
    assert {form.module for form in Format} == files


@pytest.mark.parametrize("form", [Format.TEXT, Format.SARIF, Format.GITHUB])
def test_a_finding_is_told_in_the_language_asked_for(form: Format) -> None:
    korean, english = (write_findings(form, [REPORT], FormatOptions(language)) for language in ("ko", "en"))
    assert "‘here’만으로는 어디로 가는 링크인지 알 수 없습니다." in korean
    assert "“here” does not say where the link goes." in english
    assert "Put the link on words that name what it opens." in english


def test_only_lone_lines_of_one_rule_stand_close_together() -> None:
    lone, long = replace(FOUND, hint=SILENCE), replace(FOUND, excerpt="    here\n    ^")
    other = replace(lone, rule="link-http")
    found = [long, lone, lone, long, lone, other, other]
    told = write_findings(Format.TEXT, [CheckReport("2026-11", tuple(found))], FormatOptions("en"))
    blocks = [len(block.splitlines()) for block in told.split("\n\n")]
    assert blocks == [4, 2, 4, 1, 2]


def test_scripts_are_told_the_same_in_every_newsletter() -> None:
    korean, english = (write_findings(Format.JSON, [REPORT], FormatOptions(language)) for language in ("ko", "en"))
    assert korean == english
    assert "“here” does not say where the link goes." in english


@pytest.mark.parametrize("form", [Format.TEXT, Format.GITHUB])
def test_where_nothing_is_found_nothing_is_said(form: Format) -> None:
    assert write_findings(form, [CheckReport("2026-11", ())], FormatOptions("ko")) == ""
