"""An approval is files: what is sent are those bytes, and what changed since is named."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import InputError, RefusedError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.status import status
from newsletter.workflow.steps.approval import valid_approval
from newsletter.workflow.steps.approval_seal import sealed
from newsletter.workflow.steps.letter import open_letter, render_all
from tests.support.books import begun_long_ago
from tests.support.letters import picture_bytes
from tests.workflow.conftest import Cron, Reload, write_issue

FOLDER = Path("issues/2026-11.approved")


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    workspace = open_workspace()
    (workspace.root / "issues" / "assets").mkdir()
    (workspace.root / "issues" / "assets" / "x.png").write_bytes(picture_bytes(64, 32))
    write_issue(workspace.root, more="hero: { src: assets/x.png, alt: 강변 }\n")
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    return workspace


def approved(workspace: Workspace) -> dict[str, object]:
    return dict(valid_approval(open_letter(workspace, "2026-11"), workspace).editions)


def test_what_is_read_back_is_what_was_rendered(workspace: Workspace) -> None:
    assert approved(workspace) == render_all(open_letter(workspace, "2026-11"), workspace)


def test_the_files_are_for_people_and_for_git(workspace: Workspace) -> None:
    folder = workspace.root / FOLDER
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pictures = {name for name in names if name.startswith("pictures/")}
    assert names - pictures == {"manifest.json", ".gitattributes", "ko.html", "ko.txt", "en.html", "en.txt"}
    assert len(pictures) == 1
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["approved_by"] == "Jane Doe"
    assert "신성장동력" in (folder / "manifest.json").read_text(encoding="utf-8")


def test_a_comment_is_no_change(workspace: Workspace) -> None:
    path = workspace.root / "issues" / "2026-11.yaml"
    path.write_text("# 메모\n" + path.read_text(encoding="utf-8") + "\n# 끝\n", encoding="utf-8", newline="\r\n")
    assert approved(workspace)


@pytest.mark.parametrize("name", ["ko.html", "ko.txt", "manifest.json"])
def test_a_touched_file_is_refused(workspace: Workspace, name: str) -> None:
    path = workspace.root / FOLDER / name
    path.write_bytes(path.read_bytes()[1:])
    with pytest.raises(RefusedError, match=name):
        approved(workspace)


def test_a_lost_file_is_refused(workspace: Workspace) -> None:
    shutil.rmtree(workspace.root / FOLDER / "pictures")
    with pytest.raises(RefusedError, match="pictures"):
        approved(workspace)


def edit_manifest(workspace: Workspace, edit: Callable[[dict[str, Any]], object], *, seal: bool = False) -> None:
    path = workspace.root / FOLDER / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    edit(manifest)
    path.write_text(json.dumps(sealed(manifest) if seal else manifest), encoding="utf-8")


def test_a_manifest_cannot_name_files_outside(workspace: Workspace) -> None:
    edit_manifest(workspace, lambda it: it["files"].update({"../../newsletter.toml": "0" * 64}), seal=True)
    with pytest.raises(RefusedError, match="outside"):
        approved(workspace)


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "editions.ko.subject": lambda it: it["editions"][0].update(subject="[서울이슈큐레이터] 다른 제목"),
    "editions.ko.holes": lambda it: it["editions"][0]["holes"][0].update(default="고객"),
    "editions.ko.pictures": lambda it: it["editions"][0]["pictures"][0].update(media_type="text/html"),
    "editions.ko.language": lambda it: it["editions"][0].update(language="en"),
    "editions.ko.reply_to": lambda it: it["editions"][0].update(reply_to="a@example.com"),
    "editions.ko.content": lambda it: it["editions"][0].update(content="0" * 64),
    "editions.en.subject": lambda it: it["editions"][1].pop("subject"),
    "editions": lambda it: it["editions"].pop(),
    "files": lambda it: it["files"].pop("en.txt"),
    "inputs": lambda it: it["inputs"]["newsletter.toml"]["sender"].update(address="press@news.example.org"),
    "approved_by": lambda it: it.update(approved_by="홍길동"),
    "approved_at": lambda it: it.update(approved_at="2026-01-01T00:00:00+00:00"),
    "note": lambda it: it.update(note="x"),
}


@pytest.mark.parametrize("entry", EDITS)
def test_no_entry_of_the_manifest_can_be_edited(workspace: Workspace, entry: str) -> None:
    edit_manifest(workspace, EDITS[entry])
    with pytest.raises(RefusedError, match="edited since the approval") as refused:
        approved(workspace)
    named = str(refused.value.message).partition("the approval: ")[2]
    assert entry in named.rstrip(".").split(", ")
    assert refused.value.exit_code == 77


@pytest.mark.parametrize("seal", [None, [], {}, "x", {"editions": 1}])
def test_a_seal_that_is_none_is_refused(workspace: Workspace, seal: object) -> None:
    edit_manifest(workspace, lambda it: it.update(seal=seal))
    with pytest.raises(RefusedError):
        approved(workspace)


def test_how_the_manifest_is_written_down_is_no_edit(workspace: Workspace) -> None:
    edit_manifest(workspace, lambda it: it.update(approved_by=it.pop("approved_by")))
    assert approved(workspace)


def test_an_approval_from_before_there_was_a_seal_is_given_again(workspace: Workspace) -> None:
    edit_manifest(workspace, lambda it: (it.pop("seal"), it.update(format=1)))
    with pytest.raises(RefusedError, match="newsletter approve 2026-11"):
        approved(workspace)
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    assert approved(workspace)


def test_changes_are_named(workspace: Workspace, open_workspace: Reload) -> None:
    (workspace.root / "issues" / "assets" / "x.png").write_bytes(picture_bytes(64, 33))
    with pytest.raises(RefusedError, match=r"assets/x\.png"):
        approved(workspace)
    workspace.templates.mkdir(parents=True)
    (workspace.templates / "_story.html.j2").write_text("{{ section.heading }}", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"templates/email/_story\.html\.j2"):
        approved(workspace)
    with pytest.raises(RefusedError, match=r"newsletter\.toml: sender\.address"):
        approved(open_workspace(NEWSLETTER_SENDER__ADDRESS="other@news.example.org"))


def test_what_is_at_its_default_is_not_kept_so_that_a_new_key_changes_nothing(workspace: Workspace) -> None:
    manifest = json.loads((workspace.root / FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert "advertising" not in manifest["inputs"]["issues/2026-11.yaml"]
    assert "theme" not in manifest["inputs"]["newsletter.toml"]


def test_another_theme_is_a_change(workspace: Workspace, open_workspace: Reload) -> None:
    assert approved(workspace)
    with pytest.raises(RefusedError, match=r"newsletter\.toml: theme\.width"):
        approved(open_workspace(NEWSLETTER_THEME__WIDTH="560"))


def test_approving_again_replaces_the_folder(workspace: Workspace) -> None:
    path = workspace.root / "issues" / "2026-11.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("신성장동력", "청년정책"), encoding="utf-8")
    proposal = propose(workspace, "2026-11")
    assert proposal.changes == ("issues/2026-11.yaml: title",)
    keep(workspace, proposal, by="홍길동")
    assert approved(workspace)
    assert [path.name for path in (workspace.root / "issues").iterdir() if path.name.startswith(".")] == []


def test_an_issue_with_errors_is_not_approved(workspace: Workspace) -> None:
    write_issue(workspace.root, more="intro2: x\n")
    with pytest.raises(InputError, match="intro2"):
        propose(workspace, "2026-11")


def test_an_editors_lock_in_the_templates_is_no_template(workspace: Workspace) -> None:
    workspace.templates.mkdir(parents=True)
    (workspace.templates / ".#_footer.html.j2").symlink_to("nobody@nowhere.1234")
    assert approved(workspace)


@pytest.mark.parametrize(
    ("publish_at", "days_ago", "said"),
    [
        ("", 0, ("sent only by hand: newsletter send 2026-11",)),
        ("publish_at: 2999-01-01T09:00:00+09:00\n", None, ("and due 2999-01-01 09:00 KST",)),
        ("publish_at: {now}\n", 0, ("due since", "newsletter send --due")),
        ("publish_at: {now}\n", 30, ("not sent by itself any more", "newsletter send 2026-11")),
    ],
)
def test_status_says_what_stands_between_an_approved_issue_and_its_sending(
    workspace: Workspace, publish_at: str, days_ago: int | None, said: tuple[str, ...]
) -> None:
    begun_long_ago(workspace.root)
    when = datetime.now(UTC) - timedelta(days=days_ago or 0, minutes=1)
    write_issue(workspace.root, more=publish_at.format(now=when.isoformat(timespec="seconds")))
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    told = status(workspace, "2026-11").to_text()
    assert told.startswith("2026-11: never planned\nIt is approved")
    assert [words for words in said if words not in told] == []


@pytest.mark.parametrize("begun", [False, True])
def test_status_promises_nothing_of_what_was_due_before_the_ledger(workspace: Workspace, begun: bool) -> None:
    if begun:
        open_ledger(workspace, Purpose.BEGINNING).close()
    write_issue(workspace.root, due=timedelta(minutes=1))
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    told = status(workspace, "2026-11").to_text()
    assert "not sent by itself. To send it: newsletter send 2026-11" in told
    assert "--due" not in told


def test_status_asks_for_the_ledger_that_cron_will_need(workspace: Workspace) -> None:
    write_issue(workspace.root, due=timedelta(days=-1))
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    assert "newsletter ledger init" in status(workspace, "2026-11").to_text()
    open_ledger(workspace, Purpose.BEGINNING).close()
    assert "newsletter ledger init" not in status(workspace, "2026-11").to_text()


def test_status_says_that_the_ledger_was_lost(cron: Cron) -> None:
    write_issue(cron.workspace.root, due=timedelta(minutes=1))
    keep(cron.workspace, propose(cron.workspace, "2026-11"), by="Jane Doe")
    assert cron.run() == 0
    for path in cron.workspace.state.glob("ledger.db*"):
        path.unlink()
    assert "Restore it" in status(cron.workspace, "2026-11").to_text()


def test_status_says_what_became_of_an_approval(workspace: Workspace) -> None:
    write_issue(workspace.root, more="# other words\nhero: { src: assets/x.png, alt: 강 }\n")
    assert status(workspace, "2026-11").to_text().splitlines() == [
        "2026-11: never planned",
        "issues/2026-11.yaml has changed since Jane Doe approved it:",
        "  issues/2026-11.yaml: hero.alt",
        "To approve it: newsletter approve 2026-11",
    ]
    (workspace.root / FOLDER / "manifest.json").write_text("x", encoding="utf-8")
    told = status(workspace, "2026-11").to_text("ko")
    assert ("승인 기록으로 읽을 수 없습니다." in told, "Error" in told, ".." in told) == (True, False, False)


def test_what_is_approved_is_told_with_the_letter_or_without(workspace: Workspace) -> None:
    proposal = propose(workspace, "2026-11")
    rows, whole = str(proposal.summary(whole=False)), str(proposal.summary())
    assert whole.startswith(rows)
    assert ("안녕하세요" in rows, "안녕하세요" in whole) == (False, True)
