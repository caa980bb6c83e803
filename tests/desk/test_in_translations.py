"""Whatever becomes of the order of an issue's lists, the words of each entry still stand beside it, comments along."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.merging.in_translations import value_at, with_translations
from newsletter.desk.merging.merging import changed_text
from newsletter.desk.text.edit import data_in
from newsletter.issue.translation import misfits
from newsletter.issue.tree import Data, DataPath
from tests.support.desk_store import TEXT

LISTS: tuple[DataPath, ...] = (
    ("sections",),
    ("sections", 0, "research"),
    ("sections", 1, "items"),
    ("sections", 2, "rows"),
)
COUNTS = {"sections": 4, "research": 3, "items": 2, "rows": 3}


def issue(translated: int) -> str:
    """Each entry has a number of its own, and the first `translated` of a list the same one, in English."""
    text = "title: t\nsections:\n"
    numbers = iter(range(100))
    english = ""
    for index, (type_, key) in enumerate(
        (("story", "research"), ("figures", "items"), ("table", "rows"), ("notice", ""))
    ):
        number = next(numbers)
        text += f"  # of {number}\n  - type: {type_}\n    heading: h{number}\n"
        words = f"      # words of {number}\n      - heading: H{number}\n"
        if key:
            text += f"    {key}:\n"
            words += f"        {key}:\n"
            for place in range(COUNTS[key]):
                number = next(numbers)
                text += f"      - [c{number}]\n" if key == "rows" else f"      - {{{_name(key)}: h{number}}}\n"
                if place < translated:
                    words += (
                        f"          - [C{number}]\n" if key == "rows" else f"          - {{{_name(key)}: H{number}}}\n"
                    )
        english += words if index <= translated else ""
    return f"{text}translations:\n  en:\n    sections:\n{english}  ja:\n    title: T\n"


def _name(key: str) -> str:
    return "title" if key == "research" else "label"


@st.composite
def moves(draw: st.DrawFn, data: Data) -> IssueChange:
    path = draw(st.sampled_from([path for path in LISTS if value_at(data, path)]))
    items = value_at(data, path)
    assert isinstance(items, list)
    index, to = draw(st.integers(0, len(items) - 1)), draw(st.integers(0, len(items) - 1))
    new: Data = ["c"] if path[-1] == "rows" else {"type": "divider"} if len(path) == 1 else {"title": "h"}
    kinds: list[IssueChange] = [
        InsertItem(path, to, new),
        MoveItem(path, index, to),
        CopyItem(path, index, to + 1),
        RemoveItem(path, index),
    ]
    return draw(st.sampled_from(kinds))


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data(), translated=st.integers(1, 3))
def test_words_stand_beside_what_they_translate(data: st.DataObject, translated: int) -> None:
    text = issue(translated)
    for _ in range(data.draw(st.integers(1, 4))):
        text = changed_text(text, [data.draw(moves(data_in(text)))])
    found = data_in(text)
    assert list(misfits(found)) == []
    stand_beside(value_at(found, ("sections",)), value_at(found, ("translations", "en", "sections")))
    assert value_at(found, ("translations", "ja")) == {"title": "T"}
    for number, line in enumerate(lines := text.split("\n")):
        if "# words of" in line:
            assert lines[number + 1].strip() == f"- heading: H{line.rpartition(' ')[2]}"


def stand_beside(own: Data | None, words: Data | None) -> None:
    """What is said in the words is what the issue says there, in capitals."""
    if isinstance(words, str):
        assert words == "" or words == str(own).upper()
    elif isinstance(words, list):
        assert isinstance(own, list)
        for index, one in enumerate(words):
            stand_beside(own[index], one)
    elif words:
        assert isinstance(own, dict)
        for key, one in words.items():
            stand_beside(own.get(key), one)


def test_words_are_moved_with_their_comments_and_the_rest_is_passed_over() -> None:
    text = changed_text(TEXT, [MoveItem(("sections",), 0, 2)])
    assert text.endswith(
        "      - body: Two\n      - {}\n      # of the first\n      - heading: One\n"
        "        research:\n          - title: Report\n"
    )


@pytest.mark.parametrize(
    ("place", "before"),
    [
        (("sections", 2, "text"), "      - body: Two\n      - text: words\n"),
        (("sections", 0, "research", 1, "title"), "          - title: Report\n          - title: words\n"),
    ],
)
def test_words_for_an_entry_that_had_none_stand_at_its_place(place: DataPath, before: str) -> None:
    text = changed_text(TEXT, [SetValue(("translations", "en", *place), "words")])
    assert before in text
    assert list(misfits(data_in(text))) == []


def test_words_in_a_new_language_stand_at_their_place() -> None:
    text = changed_text(TEXT, [SetValue(("translations", "ja", "sections", 1, "body"), "二")])
    assert value_at(data_in(text), ("translations", "ja")) == {"sections": [{}, {"body": "二"}]}


def test_words_of_a_part_go_with_it_and_those_of_a_text_stay() -> None:
    gone = changed_text(TEXT, [RemoveKey(("sections", 0, "research")), RemoveKey(("sections", 0, "heading"))])
    assert value_at(data_in(gone), ("translations", "en", "sections", 0)) == {"heading": "One"}


def test_a_list_of_texts_is_translated_as_a_whole() -> None:
    text = TEXT.replace("intro:", "summary: [a, b]\nintro:").replace("title: Growth", "summary: [A, B, C]")
    assert with_translations(data_in(text), RemoveItem(("summary",), 0)) == [RemoveItem(("summary",), 0)]
