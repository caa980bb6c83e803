"""`newsletter schedule …` where the crontab is somebody else's business, too; and the dates that it shows.

Here `crontab` is a program of the test, which does what crons other than Debian's do; Debian's own is in
tests/schedule/test_real_cron.py.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.catalogue import Said
from newsletter.errors import RunAgainError
from newsletter.schedule.crontab_program import CrontabProgram
from newsletter.schedule.systemd import Systemd
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.schedule import install, overview, usual_way
from newsletter.workflow.steps.installed_job import Way
from tests.cli.conftest import ISSUE, Call, make_workspace
from tests.support.terminal import at_terminal

PROGRAM = """#!/bin/sh
set -e
[ "$LC_ALL" = C ] || exit 9
env | grep -q ^NEWSLETTER_ && exit 9
case "$1" in
-l) [ -e "$TABLE" ] || { echo 'no crontab for root' >&2; exit 1; }; cat "$TABLE";;
-r) rm "$TABLE";;
-) cat > "$TABLE";;
esac
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "letters")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file behind a `crontab` on the path."""
    put_program(tmp_path, monkeypatch, PROGRAM)
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


def put_program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    program = folder / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def workspace_of(root: Path) -> Workspace:
    return find_workspace(root, explicit=None, environ={})


def test_what_somebody_writes_meanwhile_is_kept_and_asked_about_anew(small: Path, table: Path) -> None:
    asked: list[str] = []

    def agree(change: Said) -> None:
        asked.append(str(change))
        if len(asked) == 1:
            table.write_text("@daily mine\n", encoding="utf-8")

    said: list[Said] = []
    install(workspace_of(small), way=Way.CRON, user=None, agree=agree, say=said.append)
    assert [words.splitlines()[2][:10] for words in asked] == ["@@ -0,0 +1", "@@ -1,0 +2"]
    assert table.read_text(encoding="utf-8").startswith("@daily mine\n# BEGIN newsletter ")
    assert any("meanwhile" in str(words) for words in said)


def test_who_never_comes_to_an_end_is_not_written_over(small: Path, table: Path) -> None:
    def agree(_: Said) -> None:
        with table.open("a", encoding="utf-8") as file:
            file.write("@daily mine\n")

    with pytest.raises(RunAgainError):
        install(workspace_of(small), way=Way.CRON, user=None, agree=agree, say=lambda _: None)
    assert set(table.read_text(encoding="utf-8").splitlines()) == {"@daily mine"}


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("예", 0), ("n", 77), ("", 77)])
def test_a_person_sees_the_difference_and_is_asked(small: Path, table: Path, answer: str, code: int) -> None:
    with at_terminal("schedule", "install", "--cron", cwd=small) as terminal:
        terminal.type(f"{answer}\n")
        shown = terminal.read_to_end()
        assert terminal.process.wait(60) == code
    assert "+*/10 * * * *" in shown
    assert table.exists() is (code == 0)


def test_without_a_terminal_and_yes_nothing_is_done(call: Call, small: Path, table: Path) -> None:
    ended = call("schedule", "install", cwd=small)
    assert (ended.code, "--yes" in ended.err, table.exists()) == (64, True, False)
    assert call("schedule", "install", "--cron", "--systemd", "--yes", cwd=small).code == 64


def test_a_block_of_a_workspace_that_moved_and_a_line_by_hand_are_told_and_left(
    call: Call, small: Path, table: Path
) -> None:
    moved = '# BEGIN newsletter "/srv/away"\n* * * * * x --due\n# END newsletter "/srv/away"\r\n'
    by_hand = f"*/10 * * * * newsletter --workspace {small} --quiet send --due"
    table.write_bytes(f"{moved}{by_hand}".encode())
    ended = call("schedule", "install", "--yes", cwd=small)
    assert ended.code == 0, ended.err
    assert table.read_bytes().decode().startswith(f"{moved}{by_hand}\n# BEGIN newsletter ")
    assert "Line 1 of the crontab" in ended.err
    assert "Line 4 of the crontab" in ended.err
    assert call("schedule", "remove", "--cron", "--yes", cwd=small).code == 0
    assert table.read_bytes().decode() == f"{moved}{by_hand}\n"


def test_half_a_block_is_told_by_every_command(call: Call, small: Path, table: Path) -> None:
    assert call("schedule", "install", "--yes", cwd=small).code == 0
    half = table.read_text(encoding="utf-8").replace("# END", "# end")
    table.write_text(f"@daily mine\n{half}", encoding="utf-8")
    for words in (("install", "--yes"), ("remove", "--yes")):
        ended = call("schedule", *words, cwd=small)
        assert (ended.code, "crontab:2:" in ended.err) == (65, True), ended.err
    shown = call("schedule", "show", cwd=small)
    assert (shown.code, "crontab:2:" in shown.err) == (0, True), shown.err
    assert table.read_text(encoding="utf-8") == f"@daily mine\n{half}"


FAILS = [
    ("echo 'You (hong) are not allowed to use this program (crontab)' >&2; exit 1", 77),
    ("echo 'must be privileged to use -u' >&2; exit 1", 77),
    ("echo 'crontabs: Permission denied' >&2; exit 1", 77),
    ("echo 'cannot connect to the daemon' >&2; exit 1", 69),
    ("printf '\\033[31mred\\033[0m' >&2; exit 3", 69),
    ("exec sleep 60", 69),
    ('[ "$1" = -l ] && exit 0; echo "No space left on device" >&2; exit 1', 73),
    ('[ "$1" = -l ] && exit 0; cat > /dev/null', 73),
]


@pytest.mark.parametrize(("script", "code"), FAILS)
def test_a_crontab_that_cannot_be_had_is_told_with_the_line_to_paste(
    call: Call, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int
) -> None:
    monkeypatch.setattr("newsletter.schedule.crontab_program._TIMEOUT", 1)
    put_program(tmp_path, monkeypatch, f"#!/bin/sh\n{script}\n")
    ended = call("schedule", "install", "--cron", "--yes", cwd=small)
    assert ended.code == code, ended.err
    assert "\n*/10 * * * * LANG=" in ended.err or "crontab -l" in ended.err
    assert "\033" not in ended.err


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("has_systemd", [True, False])
def test_no_cron_at_all_is_told_with_how_to_get_it_and_systemd_where_it_runs(
    call: Call, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, has_systemd: bool
) -> None:
    monkeypatch.setattr(Systemd, "is_there", staticmethod(lambda: has_systemd))
    ended = call("schedule", "install", "--cron", "--yes", cwd=small, PATH=str(tmp_path), NEWSLETTER_LANG=language)
    assert ended.code == 69
    assert "\n*/10 * * * * LANG=" in ended.err
    assert "apt install cron" in ended.err
    assert "crontab -e" not in ended.err
    assert ("newsletter schedule install --systemd" in ended.err) is has_systemd
    assert call("schedule", "show", cwd=small, PATH=str(tmp_path)).code == 0


@pytest.mark.parametrize(
    ("has_crontab", "has_systemd", "way"),
    [(True, True, Way.CRON), (False, True, Way.SYSTEMD), (False, False, Way.CRON), (True, False, Way.CRON)],
)
def test_cron_comes_first_since_it_mails_what_waits(
    monkeypatch: pytest.MonkeyPatch, has_crontab: bool, has_systemd: bool, way: Way
) -> None:
    monkeypatch.setattr(CrontabProgram, "is_there", staticmethod(lambda: has_crontab))
    monkeypatch.setattr(Systemd, "is_there", staticmethod(lambda: has_systemd))
    assert usual_way() is way


def test_a_busy_box_without_a_table_has_none(call: Call, small: Path, tmp_path: Path, table: Path) -> None:
    words = "crontab: can't open 'root': No such file or directory"
    (tmp_path / "bin" / "crontab").write_text(PROGRAM.replace("'no crontab for root'", f'"{words}"'), encoding="utf-8")
    assert call("schedule", "install", "--yes", cwd=small).code == 0
    assert table.is_file()
    assert call("schedule", "remove", "--cron", "--yes", cwd=small).code == 0
    assert not table.exists()


def test_a_secret_of_the_environment_stops_it_and_is_never_shown(call: Call, small: Path, table: Path) -> None:
    ended = call("schedule", "install", "--yes", cwd=small, NEWSLETTER_SMTP__PASSWORD="hunter2")
    assert (ended.code, table.exists()) == (78, False)
    shown = call("schedule", "show", cwd=small, NEWSLETTER_SMTP__PASSWORD="hunter2")
    assert "NEWSLETTER_SMTP__PASSWORD " in shown.err
    assert "hunter2" not in ended.err + shown.err + shown.out


NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


def test_the_next_twelve_months_and_what_will_be_late(small: Path, table: Path) -> None:  # noqa: ARG001
    settings = (small / "newsletter.toml").read_text(encoding="utf-8")
    settings = settings.replace("require_approval = false", 'every = "first monday 09:00"')
    (small / "newsletter.toml").write_text(settings, encoding="utf-8")
    issues = small / "issues"
    dated = {
        "2026-11": "2026-11-30T09:00",  # not approved, and its time has passed
        "2026-12": "2026-12-07T09:00",  # not approved
        "2027-01": "2027-01-06T09:00",  # two days later than the schedule has it
        "2027-02": "",
        "ancient": "2021-07-26T08:56",
        "special": "2027-03-15T09:00",
    }
    for path in issues.glob("*.yaml"):
        path.unlink()
    for slug, at in dated.items():
        more = f"publish_at: {at}\n" if at else ""
        (issues / f"{slug}.yaml").write_text(f"{ISSUE}{more}", encoding="utf-8")
    (issues / "2027-04.yaml").write_text("{", encoding="utf-8")
    keep(workspace_of(small), propose(workspace_of(small), "special"), by="Jane Doe")
    rows = overview(workspace_of(small), now=NOW).rows
    assert [(row.at.isoformat()[:10], row.slug, row.standing, row.late) for row in rows][:7] == [
        ("2026-11-30", "2026-11", "draft", "is late"),
        ("2026-12-07", "2026-12", "draft", "will be late"),
        ("2027-01-06", "2027-01", "draft", "after its date"),
        ("2027-02-01", "2027-02", "draft", "has no date"),
        ("2027-03-01", "2027-03", None, None),
        ("2027-03-15", "special", "approved", None),
        ("2027-04-05", "2027-04", "broken", None),
    ]
    assert [row.slug for row in rows][7:] == [f"2027-{month:02}" for month in range(5, 13)][: len(rows) - 7]
    for language in ("ko", "en"):
        assert all(row.slug in row.said("Asia/Seoul").in_language(language) for row in rows)


def test_what_was_sent_before_its_date_is_not_missed_on_it(call: Call, small: Path) -> None:
    settings = (small / "newsletter.toml").read_text(encoding="utf-8")
    (small / "newsletter.toml").write_text(f'{settings}every = "first monday 09:00"\n', encoding="utf-8")
    coming = overview(workspace_of(small)).rows[0].slug
    (small / "issues" / "2026-11.yaml").rename(small / "issues" / f"{coming}.yaml")
    begun = call("send", coming, "--yes", cwd=small)
    assert begun.code == 69, "nobody is there, but it is planned"
    assert coming not in {row.slug for row in overview(workspace_of(small)).rows if row.standing is None}
    (small / "issues" / f"{coming}.yaml").write_text("{", encoding="utf-8")
    assert [row.standing for row in overview(workspace_of(small)).rows if row.slug == coming] == ["planned"]


def test_scripts_get_line_places_and_dates_as_one_object(call: Call, small: Path, table: Path) -> None:
    assert table.parent.is_dir()
    assert call("schedule", "install", "--yes", cwd=small).code == 0
    ended = call("schedule", "show", "--json", cwd=small)
    told = json.loads(ended.out)
    assert told["line"] == call("--quiet", "schedule", "show", cwd=small).out.removesuffix("\n")
    assert [(one["way"], one["current"]) for one in told["installed"]] == [("cron", True)]
    assert sys.executable.rpartition("/")[0] in told["line"]


def test_a_run_keeps_in_its_log_what_it_says_and_how_it_ended(call: Call, small: Path, tmp_path: Path) -> None:
    log = tmp_path / "cron.log"
    assert call("--quiet", "send", "--due", "--log", str(log), cwd=small).code == 0
    (small / "issues" / "2026-11.yaml").write_text("{", encoding="utf-8")
    ended = call("--quiet", "send", "--due", "--log", str(log), cwd=small, NEWSLETTER_LANG="ko")
    assert ended.code == 65
    entries = [line.partition("Z ")[2] for line in log.read_text(encoding="utf-8").splitlines() if line[0] == "2"]
    assert (entries[0], entries[-1]) == ("ended with exit code 0", "ended with exit code 65")
    assert "issues/2026-11.yaml" in entries[1], "in English, whatever the language is"
    assert call("send", "2026-11", "--log", str(log), cwd=small).code == 64


def test_a_log_that_cannot_be_written_stops_nothing_and_is_told_to_who_looks(call: Call, small: Path) -> None:
    nowhere = str(small / "none" / "cron.log")
    assert call("--quiet", "send", "--due", "--log", nowhere, cwd=small) == (
        ended := call("--quiet", "send", "--due", cwd=small)
    )
    assert (ended.code, ended.err) == (0, "")
    assert "none/cron.log" in call("send", "--due", "--log", nowhere, cwd=small).err
