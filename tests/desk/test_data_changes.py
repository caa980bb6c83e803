"""What makes one state of an issue of another is found as changes, which lead there and touch nothing else."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsletter.desk.change import InsertItem, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.merging.data_changes import changes_between
from newsletter.desk.merging.merging import changed_text
from newsletter.desk.text.edit import data_in
from newsletter.issue.tree import Data
from tests.support.desk_store import TEXT
from tests.support.issue_edits import changes, issues

ISSUES = issues()


def found(*made: object) -> list[object]:
    return [*changes_between(data_in(TEXT), data_in(changed_text(TEXT, made)))]  # type: ignore[arg-type]


def test_one_change_is_found_as_that_change() -> None:
    for change in (
        SetValue(("sections", 0, "body"), "새 글\n"),
        SetValue(("translations", "en", "sections", 0, "heading"), "First"),
        MoveItem(("sections",), 2, 0),
        RemoveItem(("sections",), 1),
        InsertItem(("sections",), 1, {"type": "divider"}),
    ):
        assert found(change) == [change]


def test_a_section_that_has_moved_is_changed_inside() -> None:
    made = [MoveItem(("sections",), 2, 0), SetValue(("sections", 1, "heading"), "첫째")]
    assert found(*made) == made


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_they_lead_to_what_was_wanted(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in sorted(ISSUES) if "/" in name]))  # the others run out of lists
    text = ISSUES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        change = data.draw(changes(data_in(text)))
        # Whoever changes the lists of a translation by hand breaks the order that it has from the issue's own.
        assume(change.path[:1] != ("translations",) or isinstance(change, SetValue | RemoveKey))
        text = changed_text(text, [change])
    made = changed_text(ISSUES[name], changes_between(data_in(ISSUES[name]), data_in(text)))
    assert said(data_in(made)) == said(data_in(text))


def said(data: Data) -> Data:
    """Without what says nothing: the entries that a translation passes over at its end, what is left empty."""
    if isinstance(data, dict):
        return {key: kept for key, value in data.items() if (kept := said(value))}
    if isinstance(data, list):
        items = [said(one) for one in data]
        while items and not items[-1]:
            items.pop()
        return items
    return data
