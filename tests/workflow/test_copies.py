"""Promise 8 from the file to the inbox: a copy mails nobody; what is nearly one, whom somebody said yes for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.errors import RefusedError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.send import send
from newsletter.workflow.steps.prepare import prepare
from tests.support.letters import picture_bytes
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload

PARAGRAPH = " ".join(f"연구가 말하는 {number}번째 이야기입니다." for number in range(1, 31))
LETTER = f"""title: 신성장동력
preheader: 서울의 미래 산업을 다룬 연구를 소개합니다.
hero: {{ src: x.png, alt: 강변 }}
intro: |
  안녕하세요. Dear reader.

  {PARAGRAPH}
"""
SHORT = "title: 신성장동력\npreheader: 서울의 미래 산업을 다룬 연구를 소개합니다.\nintro: 짧은 글입니다.\n"

COPIES: dict[str, Callable[[str], str]] = {
    "as it was": lambda text: text,
    "an author": lambda text: text + "author: siadmin\n",
    "a date and a number": lambda text: text + "number: 8\npublish_at: 2026-12-01T09:00\n",
    "a comment": lambda text: "# 새 호\n" + text,
    "one blank more": lambda text: text.replace("연구가 말하는", "연구가  말하는", 1),
    "a wide blank": lambda text: text.replace("연구가 말하는", "연구가\u3000말하는", 1),
    "an invisible character": lambda text: text.replace("신성장동력", "신성\u200b장동력"),
    "soft hyphens": lambda text: text.replace("이야기", "이\u00ad야기"),
    "upper case": lambda text: text.replace("Dear reader", "DEAR READER"),
    "another preheader": lambda text: text.replace("소개합니다", "전합니다"),
    "emphasis": lambda text: text.replace("1번째", "**1번째**", 1),
    "an empty key": lambda text: text + "closing:\n",
    "another line": lambda text: text.replace("2번째", "2번째\n ", 1),
}
ALIKE: dict[str, Callable[[str], str]] = {
    "another subject": lambda text: text + "subject: 다시 보내 드립니다\n",
    "another title": lambda text: text.replace("신성장동력", "청년정책"),
    "one word": lambda text: text.replace("30번째", "서른번째"),
    "a closing": lambda text: text + "closing: 고맙습니다.\n",
    "a picture written anew": lambda text: text.replace("x.png", "y.png"),
    "a section for nobody": lambda text: text + "sections:\n- { type: notice, body: 알림입니다., only_for: [없음] }\n",
}


@pytest.fixture
def workspace(open_workspace: Reload, tmp_path: Path) -> Workspace:
    """With 2026-11, approved and sent to three."""
    for path in (tmp_path / "issues").iterdir():
        path.unlink()
    (tmp_path / "issues" / "x.png").write_bytes(picture_bytes(64, 32))
    (tmp_path / "issues" / "y.png").write_bytes(picture_bytes(64, 32, compress_level=1))
    workspace = open_workspace()
    write(workspace, "2026-11", LETTER)
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    send(workspace, prepare(workspace, "2026-11"), advance=lambda *_: None)
    return workspace


def write(workspace: Workspace, slug: str, text: str) -> None:
    (workspace.issues / f"{slug}.yaml").write_text(text, encoding="utf-8")


def without_approval(open_workspace: Reload) -> Workspace:
    return open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")


@pytest.mark.parametrize("change", COPIES)
def test_a_copy_is_neither_approved_nor_sent(
    workspace: Workspace, open_workspace: Reload, room: Mailroom, change: str
) -> None:
    write(workspace, "2026-12", COPIES[change](LETTER))
    with pytest.raises(RefusedError, match="2026-12 says the same as 2026-11"):
        propose(workspace, "2026-12")
    with pytest.raises(RefusedError, match="already sent as 2026-11"):
        prepare(without_approval(open_workspace), "2026-12", None, ["2026-11"])
    assert len(room.mail) == 3


@pytest.mark.parametrize("change", ALIKE)
def test_what_is_nearly_a_copy_waits_for_a_yes(
    workspace: Workspace, open_workspace: Reload, room: Mailroom, change: str
) -> None:
    write(workspace, "2026-12", ALIKE[change](LETTER))
    proposal = propose(workspace, "2026-12")
    assert [one.slug for one in proposal.unanswered([])] == ["2026-11"]
    assert proposal.unanswered(["2026-11"]) == []
    with pytest.raises(RefusedError, match="newsletter approve 2026-12 --although-like 2026-11"):
        keep(workspace, proposal, by="Jane Doe")
    with pytest.raises(RefusedError, match="newsletter approve 2026-12 --although-like 2026-11"):
        keep(workspace, proposal, by="Jane Doe", although_like=["2026-10"])
    fresh = prepare(without_approval(open_workspace), "2026-12")
    with pytest.raises(RefusedError, match="newsletter send 2026-12 --although-like 2026-11"):
        fresh.refuse_likeness()
    with pytest.raises(RefusedError, match="2026-11"):
        send(workspace, fresh, advance=lambda *_: None)
    assert len(room.mail) == 3
    keep(workspace, proposal, by="Jane Doe", although_like=["2026-11"])
    send(workspace, prepare(workspace, "2026-12"), advance=lambda *_: None)
    assert len(room.mail) == 6


def test_the_yes_is_sealed_and_holds_for_that_pair_alone(workspace: Workspace) -> None:
    write(workspace, "2026-12", ALIKE["one word"](LETTER))
    keep(workspace, propose(workspace, "2026-12"), by="Jane Doe", although_like=["2026-11"])
    path = workspace.issues / "2026-12.approved" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert list(manifest["although_like"]) == ["2026-11"]
    assert manifest["although_like"]["2026-11"] > 0.95
    path.write_text(json.dumps({**manifest, "although_like": {"2026-10": 1.0}}), encoding="utf-8")
    with pytest.raises(RefusedError, match="edited since the approval: although_like"):
        prepare(workspace, "2026-12")
    write(workspace, "2027-01", ALIKE["another title"](LETTER))
    keep(workspace, propose(workspace, "2027-01"), by="Jane Doe", although_like=["2026-10", "2026-11", "2026-12"])
    assert prepare(workspace, "2027-01").audience.to_mail == 3


def test_cron_sends_it_with_the_yes_and_tells_of_it_without(workspace: Workspace, room: Mailroom) -> None:
    """The other one was sent after this one was approved, so nobody was asked."""
    cron = Cron(workspace)
    soon = datetime.now(UTC) + timedelta(hours=1)
    words, due = ALIKE["one word"](LETTER), f"publish_at: {soon.isoformat()}\n"
    elsewhere = workspace.state.rename(workspace.root / "elsewhere")
    hidden = [path.rename(workspace.root / path.name) for path in workspace.issues.glob("2026-11.*")]
    write(workspace, "2026-12", words + due)
    keep(workspace, propose(workspace, "2026-12"), by="Jane Doe")
    elsewhere.rename(workspace.state)
    assert {"2026-11.yaml", "2026-11.approved"} <= {path.name for path in hidden}
    cron.now = soon + timedelta(minutes=1)
    assert cron.run() == 77
    assert "% of the words of 2026-12 are those of 2026-11" in cron.warnings[0]
    assert "newsletter approve 2026-12 --although-like 2026-11" in cron.warnings[0]
    assert len(room.mail) == 3
    keep(workspace, propose(workspace, "2026-12"), by="Jane Doe", although_like=["2026-11"])
    assert cron.run() == 0, cron.words
    assert len(room.mail) == 6


def test_where_no_ledger_is_at_hand_other_approvals_are_asked(workspace: Workspace) -> None:
    workspace.state.rename(workspace.root / "elsewhere")
    write(workspace, "2026-12", COPIES["an author"](LETTER))
    with pytest.raises(RefusedError, match="2026-12 says the same as 2026-11"):
        propose(workspace, "2026-12")
    write(workspace, "2026-12", ALIKE["one word"](LETTER))
    assert [one.slug for one in propose(workspace, "2026-12").alike] == ["2026-11"]


def test_an_approval_of_an_issue_that_was_renamed_before_it_was_sent_counts_for_nothing(workspace: Workspace) -> None:
    write(workspace, "2026-12", SHORT)
    keep(workspace, propose(workspace, "2026-12"), by="Jane Doe")
    (workspace.issues / "2026-12.yaml").rename(workspace.issues / "2027-01.yaml")
    assert propose(workspace, "2027-01").alike == ()


def test_the_same_issue_again_is_no_copy_of_itself(workspace: Workspace) -> None:
    write(workspace, "2026-11", ALIKE["one word"](LETTER))
    assert propose(workspace, "2026-11").alike == ()


def test_short_letters_that_differ_in_a_word_are_two(workspace: Workspace, room: Mailroom) -> None:
    for slug, text in (("2026-12", SHORT), ("2027-01", SHORT.replace("짧은", "다른"))):
        write(workspace, slug, text)
        keep(workspace, propose(workspace, slug), by="Jane Doe")
        send(workspace, prepare(workspace, slug), advance=lambda *_: None)
    assert len(room.mail) == 9
