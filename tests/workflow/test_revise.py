"""What a correction may change while an issue is being sent, and what it may not."""

from pathlib import Path

import pytest

from newsletter.errors import RefusedError, UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.add_subscriber import PersonToAdd, add_subscriber
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.revise import prepare_revision, revise
from newsletter.workflow.send import find_started, send
from newsletter.workflow.steps.prepare import prepare
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import ISSUE, Reload

SLUG = "2026-11"
UNAPPROVED = {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}


def nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


def rewrite(workspace: Workspace, text: str) -> None:
    (workspace.root / "issues" / f"{SLUG}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def begun(open_workspace: Reload) -> Workspace:
    """An issue of which the first of three readers has got it, without approval."""
    workspace = open_workspace(**UNAPPROVED)
    send(workspace, prepare(workspace, SLUG), advance=nothing, first=1)
    return workspace


def resumed(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.READ) as ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, SLUG)
        assert record is not None
        ledger.resume(record.id, record.planned_at)
    started = find_started(workspace, SLUG)
    assert started is not None
    send(workspace, started, advance=nothing)


def html_of(room: Mailroom, recipient: str) -> str:
    body = room.letter_to(recipient).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_the_rest_gets_the_corrected_letter(begun: Workspace, room: Mailroom) -> None:
    rewrite(begun, ISSUE.replace("미래 산업", "내일의 산업"))
    revision = prepare_revision(begun, SLUG)
    assert "2 subscribers would get" in str(revision.summary(begun.settings))
    assert "1 subscriber keeps" in str(revision.summary(begun.settings))
    assert "newsletter resume 2026-11" in str(revise(begun, revision))
    resumed(begun)
    assert len(room.mail) == 3
    got = {recipient: html_of(room, recipient) for recipient, _ in room.mail}
    assert {recipient: "내일의 산업" in html for recipient, html in got.items()} == {
        "hong@example.com": False,
        "jane@example.org": True,
        "kim@example.net": True,
    }
    assert [recipient for recipient, html in got.items() if "Jane Doe" in html] == ["jane@example.org"]


def test_a_correction_needs_a_reviewers_yes_as_a_send_does(open_workspace: Reload) -> None:
    workspace = open_workspace()
    keep(workspace, propose(workspace, SLUG), by="홍길동")
    send(workspace, prepare(workspace, SLUG), advance=nothing, first=1)
    rewrite(workspace, ISSUE.replace("미래 산업", "내일의 산업"))
    with pytest.raises(RefusedError, match="approve"):
        prepare_revision(workspace, SLUG)
    keep(workspace, propose(workspace, SLUG), by="홍길동")
    revise(workspace, prepare_revision(workspace, SLUG))


def test_a_merge_field_that_was_not_kept_is_refused(begun: Workspace) -> None:
    rewrite(begun, ISSUE + "closing: |\n  {{ subscriber.email }}\n")
    with pytest.raises(RefusedError, match=r"merges subscriber\.email"):
        prepare_revision(begun, SLUG)


def test_a_value_that_somebody_lacks_is_refused(begun: Workspace) -> None:
    rewrite(begun, ISSUE.replace('{{ subscriber.name | default("구독자") }}', "{{ subscriber.name }}"))
    with pytest.raises(RefusedError, match="line 4"):
        prepare_revision(begun, SLUG)


@pytest.mark.parametrize("has_file", [True, False])
def test_a_value_that_a_sign_up_lacks_is_refused_by_the_address(open_workspace: Reload, has_file: bool) -> None:
    """Nobody who signed up stands on a line; nor on one of a file that was put away since."""
    workspace = open_workspace(**UNAPPROVED)
    workspace.csv.write_text("email,name\nhong@example.com,홍길동\njane@example.org,Jane Doe\n", encoding="utf-8")
    add_subscriber(workspace, PersonToAdd("lee@example.com", "desk"))
    send(workspace, prepare(workspace, SLUG), advance=nothing, first=1)
    if not has_file:
        workspace.csv.unlink()
    rewrite(workspace, ISSUE.replace('{{ subscriber.name | default("구독자") }}', "{{ subscriber.name }}"))
    with pytest.raises(RefusedError, match=r"lee@example\.com") as caught:
        prepare_revision(workspace, SLUG)
    assert "line" not in str(caught.value)


def test_the_line_is_where_the_reader_stands_now(begun: Workspace) -> None:
    begun.csv.write_text("email,name\nkim@example.net,\nhong@example.com,홍길동\n", encoding="utf-8")
    rewrite(begun, ISSUE.replace('{{ subscriber.name | default("구독자") }}', "{{ subscriber.name }}"))
    with pytest.raises(RefusedError, match=r"line 2"):
        prepare_revision(begun, SLUG)


SECTIONS = """sections:
  - type: notice
    only_for: [{}]
    body: 하나
  - type: notice
    only_for: [{}]
    body: 둘
"""


def test_sections_that_would_move_between_readers_are_refused(open_workspace: Reload) -> None:
    """The names of the variants stay the same, and yet each reader would get the other's section."""
    workspace = open_workspace(**UNAPPROVED)
    people = "email,tags\nhong@example.com,시민\njane@example.org,의회\nkim@example.net,시민;의회\n"
    Path(workspace.csv).write_text(people, encoding="utf-8")
    plain = ISSUE.replace('{{ subscriber.name | default("구독자") }}', "구독자")
    rewrite(workspace, plain + SECTIONS.format("시민", "의회"))
    send(workspace, prepare(workspace, SLUG), advance=nothing, first=1)
    rewrite(workspace, plain.replace("미래 산업", "내일의 산업") + SECTIONS.format("의회", "시민"))
    with pytest.raises(RefusedError, match="1 subscriber who waits would now get other sections"):
        prepare_revision(workspace, SLUG)
    rewrite(workspace, plain.replace("미래 산업", "내일의 산업") + SECTIONS.format("시민", "의회"))
    revise(workspace, prepare_revision(workspace, SLUG))


def test_what_was_never_planned_and_what_everybody_has_is_refused(open_workspace: Reload) -> None:
    workspace = open_workspace(**UNAPPROVED)
    with pytest.raises(UsageError, match="never planned"):
        prepare_revision(workspace, SLUG)
    send(workspace, prepare(workspace, SLUG), advance=nothing)
    with pytest.raises(RefusedError, match="Nobody waits"):
        prepare_revision(workspace, SLUG)
