"""`newsletter subscribers`: who is mailed, who never again, and the way back."""

import pytest

from newsletter.errors import UsageError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.serve import leaving
from newsletter.workflow.subscribers import subscriber_rows, suppress, unsuppress
from tests.workflow.conftest import Reload


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return open_workspace()


def cells(workspace: Workspace, *, only_suppressed: bool = False) -> list[tuple[str, ...]]:
    return [row.cells("en") for row in subscriber_rows(workspace, only_suppressed=only_suppressed)]


def test_everybody_is_listed_with_line_and_name(workspace: Workspace) -> None:
    assert cells(workspace) == [
        ("2", "hong@example.com", "홍길동", ""),
        ("3", "jane@example.org", "Jane Doe", ""),
        ("4", "kim@example.net", "", ""),
    ]


def test_a_suppressed_address_is_listed_with_its_reason_until_it_is_taken_back(workspace: Workspace) -> None:
    assert "asked by phone" in str(suppress(workspace, "JANE@example.org", "asked by phone"))
    assert cells(workspace, only_suppressed=True) == [("3", "jane@example.org", "Jane Doe", "asked by phone")]
    assert "may be mailed again" in str(unsuppress(workspace, "jane@example.org"))
    assert cells(workspace, only_suppressed=True) == []
    assert "was not suppressed" in str(unsuppress(workspace, "jane@example.org"))


def test_who_left_by_a_click_is_found_by_the_hash(workspace: Workspace) -> None:
    with leaving(workspace) as public:
        token = public.read_token(public.links.token("kim@example.net"))
        assert token is not None
        public.let_go([token])
        assert public.readers([token])[token].left
    assert cells(workspace, only_suppressed=True) == [("4", "kim@example.net", "", "unsubscribed")]
    unsuppress(workspace, "kim@example.net")
    assert cells(workspace, only_suppressed=True) == []


def test_a_suppressed_address_in_no_file_is_listed_too(workspace: Workspace) -> None:
    suppress(workspace, "gone@example.com", "manual")
    assert cells(workspace, only_suppressed=True) == [("", "gone@example.com", "", "manual")]


def test_a_second_row_of_an_address_is_marked_in_the_word_that_scripts_look_for(workspace: Workspace) -> None:
    with (workspace.root / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("HONG@example.com,홍길동\n")
    again = [row.cells("ko") for row in subscriber_rows(workspace, only_suppressed=False)][-1]
    assert again == ("5", "HONG@example.com", "홍길동", "duplicate")


def test_what_is_no_address_is_a_usage_error(workspace: Workspace) -> None:
    with pytest.raises(UsageError):
        suppress(workspace, "Jane Doe <jane@example.org>", "manual")


def test_links_outlive_a_ledger_that_is_lost_while_the_pages_run(workspace: Workspace) -> None:
    with leaving(workspace) as public:
        for path in workspace.state.glob("ledger.db*"):
            path.unlink()
        token = public.read_token(public.links.token("kim@example.net"))
        assert token is not None
        public.let_go([token])
        assert public.readers([token])[token].left
    assert cells(workspace, only_suppressed=True) == [("4", "kim@example.net", "", "unsubscribed")]
