"""Whom a return suppresses, and whom it never does: real messages through the real reader, on both databases."""

from pathlib import Path

from newsletter.returns.model import Kind
from newsletter.returns.summary import ReturnsSummary
from newsletter.workflow.returns import read_returns
from newsletter.workflow.steps.return_sources import NamedSources
from tests.returns_command.conftest import Scene, maildir

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
