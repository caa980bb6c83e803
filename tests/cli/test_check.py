"""`newsletter check` as a script and a pull request see it: a real process, its exit code, its two streams."""

import json
import subprocess
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from tests.support.cli import COMMAND, environment, loaded_anew, newsletter
from tests.support.repository import ROOT


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "letters"
    made = newsletter("init", str(folder), cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    (folder.parent / ".git").mkdir()
    issue = folder / "issues" / "2020-01.yaml"
    issue.write_text("title: a\npreheader: b\nsections:\n  - { type: notice, body: TODO }\n", encoding="utf-8")
    return folder


def test_findings_are_data_and_the_summary_is_words(workspace: Path) -> None:
    ended = newsletter("check", "2020-01", cwd=workspace)
    assert ended.returncode == 65, ended.stderr
    assert ended.stdout.startswith("issues/2020-01.yaml:4:27: ")
    assert ended.stderr.startswith("2020-01: 1 error")
    assert newsletter("check", "2020-01", "--quiet", cwd=workspace).stderr == ""


def test_json_is_all_that_a_script_gets(workspace: Path) -> None:
    ended = newsletter("check", "2020-01", "--json", cwd=workspace)
    assert (ended.returncode, ended.stderr) == (65, "")
    report = json.loads(ended.stdout)
    assert [one["rule"] for one in report["findings"] if one["severity"] == "error"] == ["placeholder-left"]
    assert set(report) == {"issue", "findings", "ignored"}
    keys = {"rule", "severity", "message", "file", "line", "column", "hint", "why", "source", "html"}
    assert all(set(one) == keys for one in report["findings"])


def test_a_pull_request_gets_annotations_for_every_issue(workspace: Path) -> None:
    ended = newsletter("check", "--all", "--format", "github", cwd=workspace)
    assert ended.returncode == 65
    assert "::error file=letters/issues/2020-01.yaml,line=4,col=27,title=placeholder-left::" in ended.stdout


def test_code_scanning_gets_one_log(workspace: Path) -> None:
    ended = newsletter("check", "--all", "--format", "sarif", cwd=workspace)
    [run] = json.loads(ended.stdout)["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert "letters/issues/2020-01.yaml" in places


@pytest.mark.parametrize("form", ["text", "sarif", "github"])
def test_what_people_read_of_it_follows_the_language_asked_for(workspace: Path, form: str) -> None:
    said = {
        language: newsletter("check", "2020-01", "--format", form, "--lang", language, cwd=workspace).stdout
        for language in ("ko", "en")
    }
    assert ("남아 있습니다: TODO" in said["ko"], "is left: TODO" in said["ko"]) == (True, False)
    assert ("남아 있습니다: TODO" in said["en"], "is left: TODO" in said["en"]) == (False, True)


@pytest.mark.parametrize(
    "words", [("--all", "2020-01"), ("--format", "xml"), ("--json", "--format", "sarif"), ("2019-01",)]
)
def test_words_that_make_no_sense_end_with_64(workspace: Path, words: tuple[str, ...]) -> None:
    assert newsletter("check", *words, cwd=workspace).returncode == 64


def test_a_rule_that_is_none_ends_with_78(workspace: Path) -> None:
    ended = newsletter("check", cwd=workspace, NEWSLETTER_CHECK__IGNORE='{"xyzzy": "why"}')
    assert ended.returncode == 78
    assert "NEWSLETTER_CHECK__IGNORE" in ended.stderr


def test_the_example_is_checked_in_two_seconds_of_a_processor() -> None:
    # 1.5 s were measured, 0.5 of them imports; twice the promise, for a processor that has other work besides.
    before = getrusage(RUSAGE_CHILDREN)
    ended = loaded_anew("check", "2021-07", cwd=ROOT)
    after = getrusage(RUSAGE_CHILDREN)
    assert ended.returncode == 0, ended.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 4


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", ">&- 2>&- <&-"])
def test_a_closed_stream_changes_nothing(workspace: Path, closed: str) -> None:
    command = f'"{COMMAND[0]}" -m newsletter check 2020-01 {closed}'
    ended = subprocess.run(
        ["/bin/sh", "-c", command], cwd=workspace, env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 65, ended.stderr
    assert ("1 error" in ended.stdout, "issues/2020-01.yaml:4" in ended.stderr) == (False, False)
