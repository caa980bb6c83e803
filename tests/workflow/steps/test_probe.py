"""A check looks outside where that is asked for, and nowhere else."""

import json
import time
from pathlib import Path

import pytest

from newsletter.check.outside import VisitResult
from newsletter.errors import UnavailableError
from newsletter.report.findings import outside_words
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.letter import open_letter, render_all
from newsletter.workflow.steps.probe import Wanted, look_outside
from tests.support.faulty_site import faulty_site, status
from tests.workflow.conftest import Reload, write_issue

KNOWN = "https://www.si.re.kr/report"


def with_links(workspace: Workspace, *addresses: str) -> Workspace:
    links = " ".join(f"[보고서 {number}]({address})" for number, address in enumerate(addresses))
    write_issue(workspace.root, more=f'sections:\n  - {{ type: notice, body: "{links}" }}\n')
    return workspace


def remember(workspace: Workspace, *addresses: str) -> Path:
    path = workspace.state / "links.json"
    path.parent.mkdir(exist_ok=True)
    fine = {address: [int(time.time()) - 3600, 200, ""] for address in addresses}
    path.write_text(json.dumps({"version": 1, "fine": fine}), encoding="utf-8")
    return path


def test_links_inside_are_not_fetched_and_known_answers_are_not_asked_for(open_workspace: Reload) -> None:
    with faulty_site(lambda _: {"/": status(200)}) as site:
        inside = f"http://2130706433:{site.port}/"  # 127.0.0.1, as only a resolver knows
        workspace = with_links(open_workspace(), inside, KNOWN)
        remember(workspace, KNOWN, "https://www.si.re.kr/another-issue")
        letter = open_letter(workspace, "2026-11")
        outside = look_outside(workspace, letter, render_all(letter, workspace), Wanted(links=True))
    assert outside.links is not None
    assert {address: found.answer for address, found in outside.links.items()} == {
        inside: VisitResult.INSIDE,
        KNOWN: VisitResult.FINE,
    }
    assert site.asked == []
    assert [str(words) for words in outside_words(outside)] == ["2 links visited, or known from today"]


def test_spamassassin_gets_every_edition_and_no_secret_or_key_is_needed_for_it(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_DKIM__KEYS='[{"selector": "s1", "file": "the-operator-has-it.pem"}]')
    letter = open_letter(workspace, "2026-11")
    outside = look_outside(workspace, letter, render_all(letter, workspace), Wanted(spam=True))
    assert outside.spam is not None
    assert list(outside.spam) == ["ko", "en"]
    for report in outside.spam.values():
        assert report.points < 2
        assert {"HTML_MESSAGE", "MAILING_LIST_MULTI"} <= {test.name for test in report.tests}
    assert outside.links is None
    assert not workspace.secret_file.exists()


def test_without_spamassassin_nothing_is_visited_first(open_workspace: Reload, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace()
    letter = open_letter(workspace, "2026-11")
    editions = render_all(letter, workspace)
    monkeypatch.setenv("PATH", str(workspace.root))
    with pytest.raises(UnavailableError, match="not installed"):
        look_outside(workspace, letter, editions, Wanted(links=True, spam=True))
    assert not (workspace.state / "links.json").exists()
