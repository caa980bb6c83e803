"""A list_id that the ledger does not know: what refuses it, what warns, and that leaving works all the same."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, RefusedError, UsageError
from newsletter.ledger.newsletters import UnknownNewsletterError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import propose
from newsletter.workflow.check import check
from newsletter.workflow.check_subscribers import check_subscribers
from newsletter.workflow.control import cancel, pause, resume
from newsletter.workflow.dry_run import dry_run
from newsletter.workflow.ledger import exported, make_ledger
from newsletter.workflow.rename_list import prepare_rename, rename
from newsletter.workflow.resolve import prepare_resolve
from newsletter.workflow.revise import prepare_revision
from newsletter.workflow.send import find_started
from newsletter.workflow.serve import Leaving, leaving
from newsletter.workflow.status import status
from newsletter.workflow.steps import pages_ledger
from newsletter.workflow.steps.approval_inputs import inputs_of
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.letter import open_letter
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.subscribers import subscriber_rows, suppress, unsuppress
from newsletter.workflow.who import Inquiry, who
from tests.support.mailroom import PATIENCE
from tests.support.spoken import assert_told_in_both
from tests.workflow.conftest import Cron, Reload, approve, write_issue

OLD, NEW = "issue-curator.news.example.org", "letter.city.example.org"
LIST_ID, FORMER = "NEWSLETTER_NEWSLETTER__LIST_ID", "NEWSLETTER_NEWSLETTER__FORMER_LIST_IDS"
KIM = "kim@example.net"

Named = Callable[..., Workspace]


@pytest.fixture
def named(open_workspace: Reload) -> Named:
    """The workspace under a list_id with former ones: `named(NEW, OLD)`; 2026-11 is planned as OLD."""
    first = open_workspace()
    approve(first)
    with open_ledger(first, Purpose.SENDING) as ledger:
        plan_dispatch(first, ledger, prepare(first, "2026-11"))
    write_issue(first.root, "2026-12")

    def under(list_id: str, *former: str) -> Workspace:
        return open_workspace(**{LIST_ID: list_id, FORMER: json.dumps(former)})

    return under


def of_readers(workspace: Workspace) -> Iterator[Callable[[], object]]:
    """Whatever has to know who left."""
    yield lambda: find_started(workspace, "2026-11")
    yield lambda: prepare(workspace, "2026-12")
    yield lambda: dry_run(workspace, "2026-12", None, lambda *_: None)
    yield lambda: suppress(workspace, KIM, "manual")
    yield lambda: unsuppress(workspace, KIM)
    yield lambda: list(subscriber_rows(workspace, only_suppressed=False))
    yield lambda: make_ledger(workspace)


def of_issues(workspace: Workspace) -> Iterator[Callable[[], object]]:
    """Whatever is about an issue that was planned."""
    yield lambda: list(exported(workspace, None, as_table=False))
    yield lambda: who(workspace, "2026-11", Inquiry.of("all", None, None, None)).__enter__()
    yield lambda: pause(workspace, "2026-11")
    yield lambda: prepare_revision(workspace, "2026-11")
    yield lambda: resume(workspace, "2026-11")
    yield lambda: cancel(workspace, "2026-11")


def assert_refused(steps: Iterator[Callable[[], object]], words: str) -> None:
    for number, step in enumerate(steps):
        with pytest.raises(RefusedError) as caught:
            step()
        told = f"{caught.value}"
        assert words in told, f"{number}: {told}"
        assert_told_in_both(caught.value)


def test_an_unknown_list_id_is_refused_whatever_is_wanted_of_it(named: Named) -> None:
    slip = named(NEW)
    for steps in (of_readers, of_issues):
        assert_refused(steps(slip), f"newsletter rename-list {OLD} {NEW}")
        assert_refused(steps(slip), f"{NEW} comes from {LIST_ID}")
    with pytest.raises(RefusedError):
        prepare_resolve(slip, "2026-11")
    with open_ledger(slip, Purpose.READ) as ledger:
        assert [one.list_id for one in ledger.newsletters()] == [OLD]


def test_a_former_list_id_that_is_not_written_down_is_refused_and_so_is_one_that_is_over(named: Named) -> None:
    rename(named(NEW), prepare_rename(named(NEW), OLD, NEW))
    assert_refused(of_readers(named(NEW)), f'former_list_ids = ["{OLD}"]')
    assert_refused(of_readers(named(OLD)), f'list_id = "{NEW}"')
    assert_refused(of_issues(named(OLD)), f'list_id = "{NEW}"')
    assert find_started(named(NEW, OLD), "2026-11") is not None
    # Nobody has to write anything down before an issue can be stopped.
    approve(named(NEW))
    assert status(named(NEW), "2026-11").record is not None
    for step in of_issues(named(NEW)):
        step()


def test_who_only_looks_is_told(named: Named) -> None:
    slip = named(NEW)
    words = f"newsletter rename-list {OLD} {NEW}"
    [found] = [one for one in check(slip, "2026-12").findings if one.rule == "list-id-unknown"]
    assert (found.file, words in str(found.hint)) == (LIST_ID, True)
    assert words in str(propose(slip, "2026-12").summary())
    assert [words in str(one.hint) for one in check_subscribers(slip)[1] if one.rule == "list-id-unknown"] == [True]
    report = status(slip, "2026-12")
    assert words in report.to_text("en")
    assert json.loads(report.to_json())["total"] == 0
    assert [one for one in check(named(OLD), "2026-12").findings if one.rule == "list-id-unknown"] == []


def test_cron_hears_of_it_though_nothing_is_due_and_then_daily(named: Named) -> None:
    cron = Cron(named(NEW))
    assert cron.run() == 77
    assert f"newsletter rename-list {OLD} {NEW}" in cron.warnings[0]
    assert (cron.run(), cron.warnings) == (77, [])
    renamed = named(NEW, OLD)
    rename(renamed, prepare_rename(renamed, OLD, NEW))
    cron.workspace = renamed
    assert cron.run() == 0


def clicked(pages: Leaving, token: str) -> None:
    read = pages.read_token(token)
    assert read is not None
    pages.let_go([read])
    assert pages.readers([read])[read].left


def test_nobody_who_leaves_is_lost_under_whatever_name_the_pages_run(named: Named) -> None:
    tokens = {list_id: links_of(named(list_id), create=True).token for list_id in (OLD, NEW)}
    with leaving(named(NEW)) as unknown, leaving(named(OLD)) as old:
        assert unknown.why_not_sent() is not None
        assert old.why_not_sent() is None
        clicked(unknown, tokens[OLD]("hong@example.com"))
        rename(named(NEW), prepare_rename(named(NEW), OLD, NEW))
        # Pages that nobody has restarted, with links of before and of after.
        clicked(old, tokens[OLD]("jane@example.org"))
        old.look_for_names()
        clicked(old, tokens[NEW](KIM))
        assert unknown.read_token(links_of(named("other.example.org"), create=True).token(KIM)) is None
    left = subscriber_rows(named(NEW, OLD), only_suppressed=True)
    assert [one.address for one in left] == ["hong@example.com", "jane@example.org", KIM]


def test_who_left_during_a_slip_has_left_when_it_is_mended(named: Named) -> None:
    with leaving(named(NEW)) as pages:
        clicked(pages, links_of(named(OLD), create=True).token(KIM))
    assert [one.address for one in subscriber_rows(named(OLD), only_suppressed=True)] == [KIM]


def test_a_click_counts_for_the_newsletter_whose_letter_it_was(named: Named) -> None:
    make_ledger(named(OLD), NEW)
    with leaving(named(OLD)) as pages:
        clicked(pages, links_of(named(NEW), create=True).token(KIM))
    assert [one.address for one in subscriber_rows(named(NEW), only_suppressed=True)] == [KIM]
    assert list(subscriber_rows(named(OLD), only_suppressed=True)) == []


def test_the_pages_look_for_names_by_themselves(named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_ledger, "_LOOK_EVERY", 0.01)
    token = links_of(named(NEW), create=True).token(KIM)
    with leaving(named(OLD)) as pages:
        assert pages.read_token(token) is None
        with open_people_ledger(named(OLD), Purpose.READ) as ledger:
            ledger.rename_newsletter(OLD, NEW, datetime.now(UTC))
        deadline = time.monotonic() + PATIENCE
        while pages.read_token(token) is None:
            assert time.monotonic() < deadline
        clicked(pages, token)


def test_a_link_of_a_former_name_counts_also_where_the_ledger_was_lost(open_workspace: Reload) -> None:
    token = links_of(open_workspace(), create=True).token(KIM)
    renamed = open_workspace(**{LIST_ID: NEW, FORMER: json.dumps([OLD])})
    with leaving(renamed) as pages:
        clicked(pages, token)
    with open_ledger(renamed, Purpose.READ) as ledger:
        assert [one.newsletter for one in ledger.suppressions(NEW)] == [NEW]
    assert "may be mailed" in str(unsuppress(renamed, KIM))


def test_what_is_to_be_written_is_told_until_it_stands_there(named: Named) -> None:
    told = str(rename(named(OLD), prepare_rename(named(OLD), OLD, NEW)))
    assert f'list_id = "{NEW}"' in told
    assert f'former_list_ids = ["{OLD}"]' in told
    third = named(NEW, OLD)
    told = str(rename(third, prepare_rename(third, NEW, "third.example.org")))
    assert f'former_list_ids = ["{OLD}", "{NEW}"]' in told
    back = named(OLD, NEW, "third.example.org")
    assert "former_list_ids" not in str(rename(back, prepare_rename(back, "third.example.org", OLD)))


def test_the_question_names_both_and_says_where_two_become_one(named: Named) -> None:
    workspace = named(OLD)
    suppress(workspace, KIM, "manual")
    summary = str(prepare_rename(workspace, OLD, NEW).summary())
    assert "1 issue, 1 suppressed address" in summary
    assert "become one" not in summary
    make_ledger(workspace, "second.example.org")
    suppress(named("second.example.org"), "jane@example.org", "manual")
    assert "become one newsletter" in str(prepare_rename(workspace, OLD, "second.example.org").summary())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nobody.example.org", NEW, f"It knows {OLD}"),
        (OLD, OLD.upper(), "called already"),
        (OLD, "no list id", "no list id: "),
        (OLD, "a.b\r\nBcc: jane@example.org", "must look like"),
        (OLD, "", "must look like"),
    ],
)
def test_what_is_no_rename_is_a_usage_error(named: Named, old: str, new: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        prepare_rename(named(OLD), old, new)


def test_former_list_ids_are_no_change_of_an_approved_letter(named: Named) -> None:
    before, now = named(OLD), named(OLD, NEW)
    assert inputs_of(open_letter(before, "2026-11"), before) == inputs_of(open_letter(now, "2026-11"), now)


def test_a_second_newsletter_is_added_by_its_list_id_and_a_slip_is_not(named: Named, tmp_path: Path) -> None:
    for _ in range(2):
        make_ledger(named(OLD), NEW)
    assert find_started(named(NEW), "2026-11") is None
    with pytest.raises(UsageError):
        make_ledger(named(OLD), "../../etc")
    rename(named(OLD), prepare_rename(named(OLD), OLD, "third.example.org"))
    with pytest.raises(UnknownNewsletterError):
        make_ledger(named(OLD), OLD)
    assert issubclass(UnknownNewsletterError, NewsletterError)
    assert not list(tmp_path.glob("etc"))
