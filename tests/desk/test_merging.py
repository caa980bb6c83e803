"""What was meant for one text of an issue is made in another that it has become meanwhile; nothing of either is lost.

`pytest tests/desk/test_merging.py --edits 10000 --timeout 0` puts 2,500 pairs of changes together.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.merging.line_merge import merged_lines
from newsletter.desk.merging.merging import Contested, ContestedError, changed_text, merged_text
from newsletter.desk.text.edit import data_in
from newsletter.issue.tree import Data, DataPath
from tests.support.desk_store import TEXT
from tests.support.issue_edits import changes, data_of, issues

ISSUES = issues()
DATA = {name: data_of(text) for name, text in ISSUES.items()}


def merged(theirs: str, *mine: IssueChange) -> str:
    return merged_text(TEXT, theirs, mine)


def contested(theirs: str, *mine: IssueChange) -> tuple[Contested, ...]:
    with pytest.raises(ContestedError) as caught:
        merged(theirs, *mine)
    return caught.value.places


def changed(*changes: IssueChange, text: str = TEXT) -> str:
    return changed_text(text, changes)


BODY: DataPath = ("sections", 0, "body")


def test_different_places_are_both_kept_and_theirs_to_the_byte() -> None:
    theirs = TEXT.replace("closing: 끝", "closing:   '마침'  # new")
    assert merged(theirs, SetValue(("title",), "새 제목")) == theirs.replace("신성장동력", "새 제목")


def test_a_section_is_changed_where_it_is_by_now() -> None:
    moved = changed(MoveItem(("sections",), 0, 2), InsertItem(("sections",), 0, {"type": "divider"}))
    assert data_in(merged(moved, SetValue(BODY, "새 글\n")))["sections"][3]["body"] == "새 글\n"  # type: ignore[call-overload,index]
    assert merged(moved, SetValue(BODY, "새 글\n")) == moved.replace("첫째 글", "새 글")


def test_words_of_a_translation_go_with_their_section() -> None:
    moved = changed(MoveItem(("sections",), 0, 2))
    place: DataPath = ("translations", "en", "sections", 0, "heading")
    assert merged(moved, SetValue(place, "First")) == moved.replace("heading: One", "heading: First")


def test_what_both_put_in_is_both_there() -> None:
    mine, theirs = (InsertItem(("sections",), 1, {"type": "notice", "body": body}) for body in ("내 것", "남의 것"))
    text = merged(changed(theirs), mine)
    bodies = [section.get("body") for section in data_in(text)["sections"]]  # type: ignore[call-overload,index,union-attr]
    assert bodies == ["첫째 글\n", "내 것", "남의 것", "둘", None]


def test_later_changes_go_into_what_was_put_in_before() -> None:
    theirs = changed(RemoveItem(("sections",), 1))
    mine = InsertItem(("sections",), 2, {"type": "notice", "body": "a"})
    text = merged(theirs, mine, SetValue(("sections", 2, "body"), "b"))
    assert data_in(text)["sections"][1] == {"type": "notice", "body": "b"}  # type: ignore[call-overload,index]


def test_the_same_place_is_told_with_all_three() -> None:
    theirs = TEXT.replace("첫째 글", "남의 글")
    assert contested(theirs, SetValue(("title",), "새 제목"), SetValue(BODY, "내 글\n")) == (
        Contested(BODY, "첫째 글\n", "내 글\n", "남의 글\n", there=BODY),
    )
    assert merged(theirs, SetValue(BODY, "남의 글\n")) == theirs


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (RemoveItem(("sections",), 0), SetValue(BODY, "내 글\n")),
        (RemoveItem(("sections",), 0), SetValue(("translations", "en", "sections", 0, "heading"), "First")),
        (RemoveItem(("sections",), 0), SetValue(("sections", 0, "button"), {"label": "a", "url": "b"})),
        (RemoveItem(("sections",), 0), InsertItem(("sections", 0, "research"), 0, {"title": "a"})),
        (RemoveItem(("sections",), 0), CopyItem(("sections", 0, "research"), 0, 1)),
        (SetValue(BODY, "남의 글\n"), RemoveItem(("sections",), 0)),
        (SetValue(BODY, "남의 글\n"), RemoveKey(BODY)),
        (SetValue(("translations", "en", "sections", 0, "heading"), "First"), RemoveItem(("sections",), 0)),
        (RemoveKey(("translations",)), SetValue(("translations", "en", "title"), "More")),
        (RemoveKey(("translations",)), SetValue(("translations", "en", "closing"), "End")),
    ],
)
def test_nobodys_words_go_down_with_what_another_takes_out(theirs: IssueChange, mine: IssueChange) -> None:
    assert contested(changed(theirs), mine)


@pytest.mark.parametrize("mine", [MoveItem(("sections",), 1, 0), RemoveItem(("sections",), 1)])
def test_what_is_gone_already_need_not_go(mine: IssueChange) -> None:
    theirs = changed(RemoveItem(("sections",), 1))
    assert merged(theirs, mine) == theirs


def test_a_copy_of_what_is_gone_is_there_all_the_same() -> None:
    text = merged(changed(RemoveItem(("sections",), 1)), CopyItem(("sections",), 1, 3))
    assert data_in(text)["sections"][2] == {"type": "notice", "body": "둘"}  # type: ignore[call-overload,index]


def test_two_changes_are_put_together_whatever_they_are(request: pytest.FixtureRequest) -> None:
    @settings(max_examples=request.config.getoption("--edits") // 4, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(ISSUES)))
        mine, theirs = data.draw(changes(DATA[name])), data.draw(changes(DATA[name]))
        # Whoever changes the lists of a translation by hand breaks the order that it has from the issue's own.
        assume(not any(_is_of_translated_list(change) for change in (mine, theirs)))
        assert_nothing_is_lost(ISSUES[name], mine, theirs)

    holds()


def assert_nothing_is_lost(text: str, mine: IssueChange, theirs: IssueChange) -> None:
    """What one of them said is there, and what one took away is not; or it is told that both cannot be."""
    one, other = changed_text(text, [mine]), changed_text(text, [theirs])
    try:
        result = merged_text(text, other, [mine])
    except ContestedError as error:
        told = [place.path[: len(mine.path)] for place in error.places]
    else:
        told = []
    if told:
        assert _lie_in_each_other(mine.path, theirs.path)
        assert told == [mine.path]
        return
    before, after = texts(data_in(text)), texts(data_in(result))
    if one == text:
        assert result == other
    if other == text:
        assert result == one
    if mine == theirs or isinstance(mine, CopyItem):
        assert not texts(data_in(other)) - after
        return
    wanted = Counter(before)
    for changed_by_one in (one, other):
        wanted.update(texts(data_in(changed_by_one)))
        wanted.subtract(before)
    assert after == +wanted


def texts(data: Data) -> Counter[str]:
    if isinstance(data, str):
        return Counter([data] if data else [])
    return sum(map(texts, data.values() if isinstance(data, dict) else data), Counter())


def _is_of_translated_list(change: IssueChange) -> bool:
    return change.path[:1] == ("translations",) and not isinstance(change, SetValue | RemoveKey)


def _lie_in_each_other(one: DataPath, other: DataPath) -> bool:
    one, other = (path[2:] if path[:1] == ("translations",) else path for path in (one, other))
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def test_lines_apart_are_put_together_and_others_are_not() -> None:
    base = "a\nb\nc\nd\n"
    assert merged_lines(base, "A\nb\nc\nd\n", "a\nb\nc\nD\n") == "A\nb\nc\nD\n"
    assert merged_lines(base, "A\nb\nc\nd\n", "A\nb\nc\nD\n") == "A\nb\nc\nD\n"
    assert merged_lines(base, base, "x\n") == "x\n"
    assert merged_lines(base, "A\nb\nc\nd\n", "x\nb\nc\nd\n") is None
    assert merged_lines(base, "A\nb\nc\nd\n", "a\nB\nc\nd\n") is None
    assert merged_lines(base, "a\nb\nnew\nc\nd\n", "b\nc\nd\nend") == "b\nnew\nc\nd\nend"


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abc"), max_size=6), st.data())
def test_lines_of_both_are_there(base: list[str], data: st.DataObject) -> None:
    mine, theirs = list(base), list(base)
    mine.insert(data.draw(st.integers(0, len(base))), "mine")
    theirs.insert(data.draw(st.integers(0, len(base))), "theirs")
    one, two, three = ("".join(f"{line}\n" for line in lines) for lines in (base, mine, theirs))
    found = merged_lines(one, two, three)
    assert found is None or sorted(found.split()) == sorted([*base, "mine", "theirs"])
