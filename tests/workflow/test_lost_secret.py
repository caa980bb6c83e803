"""A secret that is gone or another one is told before it does harm; what can be known of who left outlives it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newsletter.errors import SettingsError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from newsletter.workflow.new_secret import prepare_new_secret, take_new_secret
from newsletter.workflow.serve import leaving
from newsletter.workflow.steps.keys import SecretLostError, links_of
from newsletter.workflow.steps.lost_secret import why_secret_is_lost
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.subscribers import subscriber_rows, suppress
from tests.support.spoken import assert_english, assert_korean, assert_told_in_both
from tests.workflow.conftest import Reload, approve, write_issue

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
OLD, NEW = "the-secret-of-before", "another-secret-behind"
HONG, STRANGER = "hong@example.com", "stranger@example.com"

CALLS: dict[str, Callable[[Workspace], object]] = {
    "send": lambda workspace: prepare(workspace, "2026-12"),
    "serve": lambda workspace: click(workspace, HONG),
    "suppress": lambda workspace: suppress(workspace, HONG, "manual"),
}


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    """2026-11 went out from here; hong left by its link, and so did a stranger to this book."""
    opened = open_workspace()
    approve(opened)
    opened.secret_file.parent.mkdir(exist_ok=True)
    opened.secret_file.write_text(OLD, encoding="utf-8")
    with open_ledger(opened, Purpose.SENDING) as ledger:
        plan_dispatch(opened, ledger, prepare(opened, "2026-11"))
        ledger.lease(datetime.now(UTC)).close()
    for address in (HONG, STRANGER):
        click(opened, address)
    write_issue(opened.root, "2026-12")
    approve(opened, "2026-12")
    return opened


def click(workspace: Workspace, address: str) -> None:
    with leaving(workspace) as public:
        token = public.read_token(public.links.token(address))
        assert token
        public.let_go([token])


def left(workspace: Workspace) -> set[str]:
    return {row.address for row in subscriber_rows(workspace, only_suppressed=True) if "@" in row.address}


@pytest.mark.parametrize("call", CALLS)
def test_no_new_secret_takes_the_place_of_one_that_is_gone(workspace: Workspace, call: str) -> None:
    workspace.secret_file.unlink()
    with pytest.raises(SecretLostError) as raised:
        CALLS[call](workspace)
    assert not workspace.secret_file.exists()
    assert raised.value.exit_code == 78
    assert_told_in_both(raised.value)
    assert "newsletter ledger new-secret" in str(raised.value.hint)
    workspace.secret_file.write_text(OLD, encoding="utf-8")
    CALLS[call](workspace)


@pytest.mark.parametrize("call", ["send", "serve"])
def test_another_secret_is_refused_and_so_are_keys_in_another_order(workspace: Workspace, call: str) -> None:
    for text, refused, words in (
        (NEW, SecretLostError, "is another one"),
        (f"{NEW}\n{OLD}", SettingsError, "in the wrong order"),
        (f"{OLD}\n{NEW}", None, ""),
    ):
        workspace.secret_file.write_text(text, encoding="utf-8")
        why = why_secret_is_lost(workspace)
        if refused is None:
            assert why is None
            CALLS[call](workspace)
            continue
        assert words in str(why)
        with pytest.raises(refused, match=words):
            CALLS[call](workspace)


def test_a_book_of_before_knows_its_secret_by_its_letters(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.READ) as ledger:
        ledger.take_hash_key("", lambda _newsletter, key: key.encode()[:16], NOW)
    workspace.secret_file.write_text(NEW, encoding="utf-8")
    with pytest.raises(SecretLostError):
        prepare(workspace, "2026-12")


def test_who_left_stays_so_under_another_secret_as_far_as_it_can_be_known(workspace: Workspace) -> None:
    list_id = workspace.settings.newsletter.list_id
    before = links_of(workspace, create=False)
    with open_ledger(workspace, Purpose.READ) as ledger:
        ledger.subscribe(list_id, [Subscription(before.address_hash(HONG), HONG, HONG, language="en")], NOW)
    assert prepare_new_secret(workspace) is None, "there is nothing to do"
    workspace.secret_file.unlink()
    wanted = prepare_new_secret(workspace)
    assert wanted
    assert (wanted.left.kept, wanted.left.lost) == (1, 1)
    assert_korean(wanted.summary())
    assert "1 reader " in assert_english(wanted.summary())
    take_new_secret(workspace)
    after = links_of(workspace, create=False)
    assert after.key_ids != before.key_ids
    assert left(workspace) == {HONG}
    with open_ledger(workspace, Purpose.READ) as ledger:
        known = ledger.subscription(list_id, [after.address_hash(HONG)])
        assert known
        assert known.language == "en"
    with leaving(workspace) as public:
        assert public.read_token(before.token(HONG)) is None, "a link of before is dead"
        token = public.read_token(public.links.token(HONG))
        assert token
        assert public.readers([token])[token].may_return
        public.take_back([token])
    assert left(workspace) == set()
    assert prepare(workspace, "2026-12").audience.to_mail == 3
