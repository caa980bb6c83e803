"""Letters as files, proofs and dry runs: what they write, and that they change nothing."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.errors import InputError, RefusedError, UnavailableError, UsageError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.dry_run import dry_run
from newsletter.workflow.render import render_files
from newsletter.workflow.send import find_started, send
from newsletter.workflow.send_proof import send_proof
from newsletter.workflow.status import status
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.prepare import prepare
from tests.support.checks import ko
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, write_issue


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def mail(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def token(letter: EmailMessage) -> str:
    return str(letter["List-Unsubscribe"]).strip("<>").rpartition("/")[2]


def test_render_writes_three_files_as_one_subscriber_gets_them(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    paths = render_files(workspace, "2026-11", out, "HONG@example.com")
    assert [path.name for path in paths] == ["2026-11.html", "2026-11.txt", "2026-11.eml"]
    assert "홍길동님" in paths[0].read_text(encoding="utf-8")
    assert "홍길동님" in paths[1].read_text(encoding="utf-8")
    assert mail(paths[2])["To"].addresses[0].addr_spec == "hong@example.com"


def test_render_without_a_subscriber_merges_the_defaults(workspace: Workspace, tmp_path: Path) -> None:
    html, text, _eml = render_files(workspace, "2026-11", tmp_path / "out", None)
    assert "구독자님" in html.read_text(encoding="utf-8")
    assert "구독자님" in text.read_text(encoding="utf-8")


def test_render_as_somebody_unknown_is_a_usage_error(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nobody@example"):
        render_files(workspace, "2026-11", tmp_path, "nobody@example.com")


def test_what_is_rendered_is_what_is_sent(workspace: Workspace, room: Mailroom, tmp_path: Path) -> None:
    eml = render_files(workspace, "2026-11", tmp_path / "out", "hong@example.com")[2]
    send(workspace, prepare(workspace, "2026-11"), advance=silent)
    written, sent = mail(eml), room.letter_to("hong@example.com")
    assert [(name, value) for name, value in written.items() if name != "Date"] == [
        (name, value) for name, value in sent.items() if name != "Date"
    ]
    assert [part.get_payload() for part in written.walk() if not part.is_multipart()] == [
        part.get_payload() for part in sent.walk() if not part.is_multipart()
    ]


def test_a_proof_is_marked_and_its_links_change_nothing(workspace: Workspace, room: Mailroom) -> None:
    assert "250" in str(send_proof(workspace, "2026-11", "Jane@Example.org"))
    letter = room.letter_to("Jane@example.org")
    assert str(letter["Subject"]).startswith("[시험 발송]")
    said = links_of(workspace, create=False).read(token(letter))
    assert said is not None
    assert said.proof
    assert status(workspace, "2026-11").total == 0


def test_a_proof_to_no_address_or_without_a_relay_is_refused(open_workspace: Reload) -> None:
    with pytest.raises(UsageError):
        send_proof(open_workspace(), "2026-11", "a@b@c")
    with pytest.raises(UnavailableError):
        send_proof(open_workspace(NEWSLETTER_SMTP__URL="smtp://127.0.0.1:1"), "2026-11", "a@example.com")


def test_a_dry_run_merges_all_and_leaves_no_trace(workspace: Workspace, room: Mailroom, tmp_path: Path) -> None:
    rows = "".join(f"reader{number}@example.com,\n" for number in range(25))
    (workspace.root / "subscribers.csv").write_text(f"email,name\n{rows}READER1@example.com,\n", encoding="utf-8")
    told: list[tuple[int, int]] = []
    result = dry_run(workspace, "2026-11", tmp_path / "out", lambda done, total: told.append((done, total)))
    assert (result.merged, len(result.files)) == (25, 20)
    assert "wrote the first 20." in str(result.summary())
    assert told[-1] == (27, 27)  # lines: the header, 25 people, one of them twice
    assert room.commands == []
    assert not (workspace.state / "ledger.db").exists()
    assert mail(result.files[19])["To"].addresses[0].addr_spec == "reader19@example.com"


def test_a_value_that_is_missing_names_the_row_before_anything_is_planned(workspace: Workspace) -> None:
    write_issue(workspace.root, more="author: x\n")
    path = workspace.root / "issues" / "2026-11.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('subscriber.name | default("구독자")', "subscriber.name"), encoding="utf-8")
    with pytest.raises(InputError, match=r"subscribers\.csv:4: .*\[merge-missing\]"):
        prepare(workspace, "2026-11")
    assert not (workspace.state / "ledger.db").exists()


def test_a_column_that_is_not_there_is_told_once_where_the_issue_asks_for_it(workspace: Workspace) -> None:
    path = workspace.root / "issues" / "2026-11.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('subscriber.name | default("구독자")', "subscriber.fields.names"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        prepare(workspace, "2026-11")
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("issues/2026-11.yaml", 4, 3)
    assert ko(problem.message) == (
        "subscribers.csv의 첫 줄에 ‘names’ 칸이 없습니다. 혹시 ‘name’ 아닌가요? [merge-missing]"
    )
    assert ko(problem.hint) == "있는 칸: email, name"


def test_too_many_bad_rows_stop_a_send_and_are_named(workspace: Workspace, open_workspace: Reload) -> None:
    with (workspace.root / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("no address,x\n")
    with pytest.raises(InputError, match=r"subscribers\.csv:5: "):
        prepare(workspace, "2026-11")
    lenient = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", NEWSLETTER_AUDIENCE__MAX_BAD_ROWS="25%")
    fresh = prepare(lenient, "2026-11")
    assert fresh.audience.to_mail == 3
    assert "\nsubscribers.csv:5: " in str(fresh.summary(lenient.settings))


def test_without_a_subscriber_file_nothing_is_sent(workspace: Workspace) -> None:
    (workspace.root / "subscribers.csv").rename(workspace.root / "subscribers.example.csv")
    with pytest.raises(InputError, match=r"subscribers\.csv"):
        prepare(workspace, "2026-11")


def test_a_row_that_changes_before_the_plan_freezes_nothing(workspace: Workspace) -> None:
    path = workspace.root / "issues" / "2026-11.yaml"
    text = path.read_text(encoding="utf-8").replace('subscriber.name | default("구독자")', "subscriber.name")
    path.write_text(text, encoding="utf-8")
    people = workspace.root / "subscribers.csv"
    named = people.read_text(encoding="utf-8").replace("kim@example.net,", "kim@example.net,김")
    people.write_text(named, encoding="utf-8")
    fresh = prepare(workspace, "2026-11")
    people.write_text(named.replace("Jane Doe", ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"subscribers\.csv:3: "):
        send(workspace, fresh, advance=silent)
    assert status(workspace, "2026-11").record is None


def test_an_issue_that_is_a_link_out_of_the_workspace_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.yaml"
    outside.write_text("title: 밖\nintro: 밖\n", encoding="utf-8")
    (workspace.root / "issues" / "2020-01.yaml").symlink_to(outside)
    with pytest.raises(UsageError, match="out of the workspace"):
        render_files(workspace, "2020-01", tmp_path / "out", None)


def test_a_run_without_a_relay_tells_the_operator_nothing_and_says_so(open_workspace: Reload) -> None:
    workspace = open_workspace(
        NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false",
        NEWSLETTER_SMTP__URL="smtp://127.0.0.1:1",
        NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]',
    )
    ending = send(workspace, prepare(workspace, "2026-11"), advance=silent)
    assert ending.exit_code() == 69
    assert "nobody answers" in str(ending.headline())
    assert str(ending.warnings[0]) == "For the same reason the operator got no mail."


def test_how_it_ended_is_told_to_the_operator(open_workspace: Reload, room: Mailroom) -> None:
    room.replies = {"kim@example.net": "550 5.7.1 spam"}
    workspace = open_workspace(
        NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]'
    )
    send(workspace, prepare(workspace, "2026-11"), advance=silent)
    notice = room.letter_to("ops@example.org")
    assert notice["Subject"] == "[newsletter] 2026-11: 발송 끝남"
    assert "실패 1" in room.words_to("ops@example.org")


def test_a_canary_that_was_interrupted_is_paused_all_the_same(open_workspace: Reload, room: Mailroom) -> None:
    no_relay = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", NEWSLETTER_SMTP__URL="smtp://127.0.0.1:1")
    ending = send(no_relay, prepare(no_relay, "2026-11"), advance=silent, first=1)
    assert ending.exit_code() == 69
    assert ending.paused
    with pytest.raises(RefusedError, match="paused"):
        find_started(open_workspace(), "2026-11")
    assert room.mail == []


def test_a_value_that_makes_a_dead_link_names_the_row(workspace: Workspace) -> None:
    write_issue(workspace.root, more='sections: [{ type: notice, body: "[보기]({{ subscriber.fields.page }})" }]\n')
    people = workspace.root / "subscribers.csv"
    people.write_text(
        "email,page\nhong@example.com,https://www.example.org/a\njane@example.org,javascript:alert(1)\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"subscribers\.csv:3: The cell “page” .*\[link-placeholder\]"):
        prepare(workspace, "2026-11")
    people.write_text("email,page\nhong@example.com,https://www.example.org/a\n", encoding="utf-8")
    assert prepare(workspace, "2026-11").audience.to_mail == 1
