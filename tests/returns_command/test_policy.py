"""Whom a return suppresses, and whom it never does: real messages through the real reader, on both databases."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.lock_file import alone
from newsletter.ledger.returns import EventKind
from newsletter.ledger.states import State
from newsletter.ledger.subscriptions import Subscription
from newsletter.returns.model import Kind
from newsletter.returns.summary import ReturnsSummary
from newsletter.workflow.returns import read_returns
from newsletter.workflow.steps.return_sources import NamedSources, sources_of
from tests.returns_command.conftest import FULL, OTHER, Scene, maildir, messages_in
from tests.support.books import LIST, NOW

HONG, JANE, KIM = "hong@example.com", "jane@example.org", "kim@example.net"
EVERYWHERE = "*"


def read(scene: Scene, root: Path, *messages: bytes) -> ReturnsSummary:
    folder = maildir(root / "in", *messages)
    return read_returns(scene.workspace, NamedSources(maildir=folder), advance=lambda *_: None)


def test_a_bounce_with_our_message_id_suppresses_everywhere(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG, JANE)
    summary = read(scene, tmp_path, scene.bounce(HONG, message_id=scene.message_id("2026-11", HONG)))
    assert scene.who_left() == {HONG: {(EVERYWHERE, "bad address")}}
    assert (summary.kinds[Kind.BOUNCE], dict(summary.suppressed), summary.unproven) == (1, {"bad address": 1}, 0)


def test_an_address_alone_suppresses_nobody_and_neither_does_a_made_up_proof(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG, JANE)
    of_jane = scene.message_id("2026-11", JANE)
    forged = [
        scene.bounce(HONG),
        scene.bounce(HONG, message_id=f"<2026-11.{'a' * 24}@news.example.org>"),
        scene.complaint(f"<2026-11.{'b' * 24}@news.example.org>", who=HONG),
        scene.leaving("AAEv3kQ0pXl2cZ8sT1bJ9w_y.Qm7RrJ4vN0aHc5L-e2XfUd8Kx"),
        scene.leaving(scene.links.token(HONG, proof=True)),
    ]
    summary = read(scene, tmp_path, *forged)
    assert (scene.who_left(), summary.unproven, summary.of_proofs) == ({}, 4, 1)
    read(scene, tmp_path / "jane", scene.bounce(HONG, message_id=of_jane))
    assert scene.who_left() == {JANE: {(EVERYWHERE, "bad address")}}, "whose letter it was counts, not who is named"


def test_a_complaint_of_a_reader_whom_nothing_names_is_found_by_the_message_id(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG, JANE, KIM)
    read(scene, tmp_path, scene.complaint(scene.message_id("2026-11", JANE)))
    assert scene.who_left() == {JANE: {(EVERYWHERE, "complained")}}


def test_a_complaint_of_one_who_got_no_letter_yet_holds_for_every_newsletter_by_address(
    scene: Scene, tmp_path: Path
) -> None:
    with scene.ledger() as book:
        book.subscribe(LIST, [Subscription(scene.links.address_hash(JANE), JANE, JANE)], NOW)
    report = scene.complaint("<elsewhere@example.net>").replace(
        b"From: no-reply@news.example.org\n",
        f"List-Unsubscribe: <https://news.example.org/u/{scene.links.token(JANE)}>\n".encode(),
    )
    read(scene, tmp_path, report)
    with scene.ledger() as book:
        assert book.is_suppressed(OTHER, JANE)


def test_a_mailto_holds_for_its_own_newsletter(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG, JANE)
    read(scene, tmp_path, scene.leaving(scene.links.token(JANE)))
    assert scene.who_left() == {JANE: {(LIST, "unsubscribed")}}


def test_who_asks_to_leave_in_a_letter_of_their_own_is_left_for_a_person(quick: Scene, tmp_path: Path) -> None:
    """No link is in it, so it suppresses nobody; a person has to see it."""
    quick.send("2026-11", HONG)
    asking = f"From: {HONG}\nTo: no-reply@news.example.org\nSubject: unsubscribe\n\nPlease.\n".encode()
    forged = quick.leaving("AAEv3kQ0pXl2cZ8sT1bJ9w_y.Qm7RrJ4vN0aHc5L-e2XfUd8Kx")
    summary = read(quick, tmp_path, asking, forged)
    assert (summary.kinds[Kind.UNSUBSCRIBE], quick.who_left()) == (2, {})
    assert messages_in(tmp_path / "in" / ".unparsed") == [asking]


def test_verp_alone_tells_whom_it_is_about(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG, JANE)
    to = f"bounce+{scene.links.token(JANE)}@news.example.org"
    read(scene, tmp_path, scene.bounce("forwarded@elsewhere.example.net", to=to))
    assert scene.who_left() == {JANE: {(EVERYWHERE, "bad address")}}


@pytest.mark.parametrize(
    "said", ["550 5.7.1 blocked by policy", "552 5.3.4 message too big", "550 5.7.26 unauthenticated email", FULL]
)
def test_what_is_ours_to_mend_is_an_event_and_suppresses_nobody(quick: Scene, tmp_path: Path, said: str) -> None:
    dispatch = quick.send("2026-11", HONG)
    read(quick, tmp_path, quick.bounce(HONG, said=said, message_id=quick.message_id("2026-11", HONG)))
    assert quick.who_left() == {}
    with quick.ledger() as book:
        assert book.events(dispatch)[EventKind.BOUNCED] == 1
        assert book.counts(dispatch)[State.SENT] == 1


def test_a_mailbox_that_is_full_for_three_issues_is_nobodys(scene: Scene, tmp_path: Path) -> None:
    left = []
    for number, refused in enumerate(((), (HONG,), ()), 1):
        slug = f"2026-0{number}"
        scene.send(slug, HONG, JANE, full=refused)
        if not refused:
            full = scene.bounce(HONG, said=FULL, message_id=scene.message_id(slug, HONG))
            read(scene, tmp_path / slug, full)
        left.append(scene.who_left())
    assert left == [{}, {}, {HONG: {(LIST, "mailbox full")}}]


def test_a_flood_of_bounces_is_held_back_and_a_complaint_is_not(quick: Scene, tmp_path: Path) -> None:
    readers = [f"reader{number}@example.com" for number in range(5)]
    quick.send("2026-11", *readers)
    returns = quick.workspace.settings.returns.model_copy(update={"per_hour": 2})
    workspace = replace(quick.workspace, settings=quick.workspace.settings.model_copy(update={"returns": returns}))
    flood = [quick.bounce(key, message_id=quick.message_id("2026-11", key)) for key in readers[:4]]
    complaint = quick.complaint(quick.message_id("2026-11", readers[4]))
    folder = maildir(tmp_path / "in", *flood, complaint)
    summary = read_returns(workspace, NamedSources(maildir=folder), advance=lambda *_: None)
    assert (summary.waiting, dict(summary.suppressed)) == (2, {"bad address": 2, "complained": 1})
    assert len(messages_in(folder)) == 2
    assert summary.held_back() is not None
    again = read_returns(quick.workspace, NamedSources(maildir=folder), advance=lambda *_: None)
    assert (again.waiting, len(quick.who_left()), messages_in(folder)) == (0, 5, [])


def test_an_hour_of_bounces_is_one_of_the_ledgers_clock(
    quick: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a machine that is two hours behind are of two hours ago for all others as well."""
    quick.send("2026-11", HONG, JANE)
    returns = quick.workspace.settings.returns.model_copy(update={"per_hour": 1})
    workspace = replace(quick.workspace, settings=quick.workspace.settings.model_copy(update={"returns": returns}))
    waiting = []
    for ahead, key in ((timedelta(), HONG), (timedelta(hours=2), JANE)):
        moment = datetime.now(UTC) + ahead
        monkeypatch.setattr("newsletter.ledger.ledger.Ledger.now", lambda _ledger, moment=moment: moment)
        folder = maildir(tmp_path / key, quick.bounce(key, message_id=quick.message_id("2026-11", key)))
        waiting.append(read_returns(workspace, NamedSources(maildir=folder), advance=lambda *_: None).waiting)
    assert waiting == [0, 0]


def test_a_source_that_another_process_reads_is_left_to_it(quick: Scene, tmp_path: Path) -> None:
    quick.send("2026-11", HONG)
    folder = maildir(tmp_path / "in", quick.bounce(HONG, message_id=quick.message_id("2026-11", HONG)))
    named = NamedSources(maildir=folder)
    (source,) = sources_of(quick.workspace, named)
    locks = quick.workspace.state / "returns" / "locks"
    with alone(locks / hashlib.sha256(source.name.encode()).hexdigest()[:16]):
        busy = read_returns(quick.workspace, named, advance=lambda *_: None)
    assert ([one.busy for one in busy.sources], len(messages_in(folder))) == ([True], 1)
    after = read_returns(quick.workspace, named, advance=lambda *_: None)
    assert ([one.busy for one in after.sources], messages_in(folder)) == ([False], [])


def test_what_could_not_be_moved_is_not_counted_as_moved(
    quick: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.send("2026-11", HONG)
    folder = maildir(tmp_path / "in", quick.bounce(HONG, message_id=quick.message_id("2026-11", HONG)))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    summary = read_returns(quick.workspace, NamedSources(maildir=folder), advance=lambda *_: None)
    assert ([one.exit_code for one in summary.failures], summary.as_json()["processed"]) == ([73], 0)
    monkeypatch.undo()
    again = read_returns(quick.workspace, NamedSources(maildir=folder), advance=lambda *_: None)
    assert (again.as_json()["processed"], again.again, len(quick.who_left())) == (1, 1, 1)


def test_the_same_message_again_is_counted_once(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", HONG)
    bounce = scene.bounce(HONG, message_id=scene.message_id("2026-11", HONG))
    first, second = (read(scene, tmp_path / name, bounce, bounce.replace(b"\n", b"\r\n")) for name in ("one", "two"))
    assert (first.kinds[Kind.BOUNCE], first.again, second.kinds[Kind.BOUNCE], second.again) == (1, 1, 0, 2)


def test_another_newsletter_of_the_ledger_is_read_and_a_complaint_holds_for_both(scene: Scene, tmp_path: Path) -> None:
    scene.send("2026-11", JANE)
    scene.send("letter-1", HONG, list_id=OTHER)
    read(scene, tmp_path, scene.complaint(scene.message_id("letter-1", HONG, OTHER)))
    assert scene.who_left() == {HONG: {(EVERYWHERE, "complained")}}
