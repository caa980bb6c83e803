"""What has to be changed in a copy of an issue so that it can be written anew as the next one. Touches: nothing.

What is new each time stands empty afterwards, so that `check` asks for it and nothing old goes out unseen: titles,
stories, cards, pictures, dates, addresses, figures. What repeats stays: which sections there are and in which
order, the headings of those that are no stories, words on buttons, notices and questions, units and sources, the
greeting with a reader's name, the closing. Of a list of cards, events or notes the first is left, as a form to fill in.
Limits: of sections that a workspace declares itself only the heading is known to repeat.
"""

from collections.abc import Iterator

from newsletter.desk.merging.in_translations import TRANSLATIONS, languages_in, value_at
from newsletter.issue.model import Issue, model_at
from newsletter.issue.part import DeclaredKey, Part, declared_keys
from newsletter.issue.sections.section import Button
from newsletter.issue.tree import Data, DataPath

from .change import IssueChange, RemoveItem, RemoveKey, SetValue

_OF_THE_ISSUE = frozenset({"author", "closing", "accent", "line_breaks", "contents", "advertising", TRANSLATIONS})
"""Keys of an issue that stay."""
_OF_A_SECTION = frozenset({"kicker", "columns", "tone", "only_for", "anchor"})
_OF_DATA = frozenset({"unit", "source"})
"""Of a table or chart: where the figures come from each time."""
_WHOLE = frozenset({"notice", "feedback", "divider"})
"""Types of sections that say the same in every issue."""
_NOT_TEXT = frozenset({"starts_at", "ends_at", "deadline", "year", "doi", "focus"})
"""Further values that belong to one thing alone; words that say what something is, such as a layout, do not."""


def changes_for_next(data: Data, issue: type[Part] = Issue) -> list[IssueChange]:
    """In the order in which they are to be made; what follows from them in translations is in_translations.py's."""
    if not isinstance(data, dict):
        return []
    removals = list(_removals(data, issue))
    places: list[DataPath] = [(), *((TRANSLATIONS, language) for language in languages_in(data))]
    emptied = [change for place in places for change in _of_issue(data, place, issue)]
    gone = [(*one.path, one.index) for one in removals]
    return [*removals, *(one for one in emptied if not any(_is_in(one.path, path) for path in gone))]


def next_number(data: Data) -> list[IssueChange]:
    """The number counted up, where the issue has one."""
    number = value_at(data, ("number",))
    is_number = isinstance(number, str) and number.strip().isdecimal()
    return [SetValue(("number",), str(int(str(number)) + 1))] if is_number else []


def _removals(data: Data, issue: type[Part]) -> Iterator[RemoveItem]:
    """All but the first of a list, from its end; of rows the header is left."""
    sections = value_at(data, ("sections",))
    for at, section in enumerate(sections if isinstance(sections, list) else []):
        kind = _type(section)
        if kind in _WHOLE or not isinstance(section, dict):
            continue
        model = model_at(("sections", at), kind, issue)
        for key, declared in declared_keys(model).items() if model else ():
            items = section.get(key)
            if isinstance(items, list) and ((declared.parts and declared.many) or declared.nested):
                kept = len(items) if key in {"images", "buttons"} else 1
                yield from (RemoveItem(("sections", at, key), index) for index in reversed(range(kept, len(items))))


def _of_issue(data: Data, place: DataPath, issue: type[Part]) -> Iterator[IssueChange]:
    """The issue's own words, or those of one language."""
    words = value_at(data, place)
    if not isinstance(words, dict):
        return
    title = words.get("title")
    for key, declared in declared_keys(issue).items():
        value, path = words.get(key), (*place, key)
        if not value or key in _OF_THE_ISSUE or key in {"number", "publish_at", "sections"}:
            continue
        if key == "subject" and isinstance(title, str) and title and title in str(value):
            yield RemoveKey(path)  # it is made of the newsletter's name and the title
        elif key == "intro" and isinstance(value, str):
            yield SetValue(path, _greeting(value))
        elif key == "tags":
            yield RemoveKey(path)
        else:
            yield from _emptied(value, path, declared)
    sections, own = words.get("sections"), value_at(data, ("sections",))
    for at, section in enumerate(sections if isinstance(sections, list) else []):
        kind = _type(own[at]) if isinstance(own, list) and at < len(own) else ""
        if kind not in _WHOLE and (model := model_at(("sections", at), kind, issue)):
            kept = _OF_A_SECTION if kind == "story" else _OF_A_SECTION | {"heading"}
            kept |= _OF_DATA if kind in {"table", "chart"} else frozenset()
            yield from _emptied_part(section, (*place, "sections", at), model, kept)


def _emptied_part(data: Data, path: DataPath, model: type[Part], kept: frozenset[str]) -> Iterator[IssueChange]:
    if not isinstance(data, dict):
        return
    for key, declared in declared_keys(model).items():
        value = data.get(key)
        if not value or key in kept or (model is Button and key == "label"):
            continue
        if key in _NOT_TEXT and isinstance(value, str):
            yield SetValue((*path, key), "")
        else:
            yield from _emptied(value, (*path, key), declared)


def _emptied(value: Data, path: DataPath, declared: DeclaredKey) -> Iterator[IssueChange]:
    if declared.nested:
        return  # the header of a table
    if declared.parts:
        model = declared.parts[0]
        inside = [((*path, at), one) for at, one in enumerate(value)] if isinstance(value, list) else [(path, value)]
        for where, one in inside:
            yield from _emptied_part(one, where, model, frozenset())
    elif declared.kind and isinstance(value, list):
        yield RemoveKey(path)
    elif declared.kind and isinstance(value, str):
        yield SetValue(path, "")


def _greeting(intro: str) -> str:
    """Its first paragraph, where a reader is named in it."""
    first = intro.lstrip("\n").partition("\n\n")[0].rstrip("\n")
    return f"{first}\n" if "{{" in first else ""


def _type(section: Data) -> str:
    kind = section.get("type") if isinstance(section, dict) else ""
    return kind.strip() if isinstance(kind, str) else ""


def _is_in(path: DataPath, outer: DataPath) -> bool:
    """Whether a place is in one that is gone, or in the words for it."""
    inside = path[2:] if path[:1] == (TRANSLATIONS,) else path
    return inside[: len(outer)] == outer
