"""New values as lines of a file: texts, lists and mappings, with the habits of the file. Touches: nothing.

What a text is for, the model of the issue knows by its place: a paragraph may stand under `|`, words that look like a
number are quoted, a number is not. Limits: lists of short words stand in brackets, whatever the file's habit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.issue.model import Issue, model_at
from newsletter.issue.part import DeclaredKey, Part, declared_keys
from newsletter.issue.sections.section import Section
from newsletter.issue.texts import TextKind
from newsletter.issue.tree import Data, DataPath

from .habits import Habits
from .scalars import can_be_plain, in_quotes, reads_as_no_text, under_bar

_WIDEST = 100
"""Characters of a list in brackets, or of a paragraph that stands behind its key."""


@dataclass(frozen=True, slots=True)
class Writer:
    habits: Habits
    data: Data
    """As they shall be: from them comes the type of each section."""
    issue: type[Part] = Issue
    only_quotes: bool = False
    """Nothing under `|`: the last resort, which always reads back."""

    def entry(self, key: str, value: Data, path: DataPath, column: int) -> str:
        """`key: value`, its further lines at `column` (from 0) and deeper; `path` is the value's place."""
        return self._key(key) + ":" + self.behind(value, path, column)

    def behind(self, value: Data, path: DataPath, column: int) -> str:
        """What comes behind `key:`, with a blank or on lines of its own."""
        if isinstance(value, str):
            return " " + self.text(value, path, column)
        if not value or (isinstance(value, list) and self._fits_brackets(value, path)):
            return " " + self.in_brackets(value, path)
        if path[-1] in self.habits.in_braces and (line := self._line_in_brackets(value, path)):
            return " " + line
        deeper = column + (self.habits.dash if isinstance(value, list) else self.habits.mapping)
        return "\n" + " " * deeper + self.lines(value, path, deeper)

    def lines(self, value: Data, path: DataPath, column: int) -> str:
        """The items or entries of a list or mapping that holds something, each from `column` on."""
        if isinstance(value, dict):
            parts = [self.entry(key, one, (*path, key), column) for key, one in value.items()]
        else:
            parts = [self.item(one, (*path, index), column) for index, one in enumerate(value)]
        between = "\n\n" if path[-1:] == ("sections",) else "\n"
        return (between + " " * column).join(parts)

    def item(self, value: Data, path: DataPath, column: int, *, in_brackets: bool = False) -> str:
        """`- value`, its further lines deeper than `column`."""
        if isinstance(value, str):
            return "- " + self.text(value, path, column)
        if not value or (isinstance(value, list) and self._fits_brackets(value, path)):
            return "- " + self.in_brackets(value, path)
        in_brackets = in_brackets or bool(self.habits.in_braces.intersection(map(str, path[-2:-1])))
        if in_brackets and (line := self._line_in_brackets(value, path)):
            return "- " + line
        dash = "-" + " " * (self.habits.behind_dash - 1)
        return dash + self.lines(value, path, column + self.habits.behind_dash)

    def text(self, text: str, path: DataPath, column: int) -> str:
        """A text behind a key or dash at `column`: on its line, or under `|` with all its lines."""
        kind = self.kind(path)
        is_long = kind is TextKind.MARKDOWN and len(text) > _WIDEST and not can_be_plain(text)
        if ("\n" in text or is_long) and not self.only_quotes:
            indent = column + self.habits.text
            if found := under_bar(text, indent, self.habits.text):
                header, lines = found
                return "\n".join([header, *lines])
        return self.on_line(text, path)

    def on_line(self, text: str, path: DataPath, *, in_brackets: bool = False) -> str:
        """Plain or in quotes."""
        is_text = self.kind(path) is not None or not self._is_known(path)
        if can_be_plain(text, in_brackets=in_brackets) and not (is_text and reads_as_no_text(text)):
            return text
        return in_quotes(text, self.habits.quote)

    def in_brackets(self, value: Data, path: DataPath) -> str:
        """The whole value on one line."""
        if isinstance(value, str):
            return self.on_line(value, path, in_brackets=True)
        if isinstance(value, list):
            return f"[{', '.join(self.in_brackets(one, (*path, index)) for index, one in enumerate(value))}]"
        blank = " " if self.habits.is_spaced and value else ""
        entries = (self.entry_in_brackets(key, one, (*path, key)) for key, one in value.items())
        return f"{{{blank}{', '.join(entries)}{blank}}}"

    def entry_in_brackets(self, key: str, value: Data, path: DataPath) -> str:
        return f"{self._key(key)}: {self.in_brackets(value, path)}"

    def kind(self, path: DataPath) -> TextKind | None:
        """What a text at a place is for; None where it is none, or where nobody knows."""
        key = self._declared(path)
        return key.kind if key else None

    def order(self, path: DataPath) -> list[str]:
        """The keys of the mapping at a place in the order of the schema; what a section is stands first."""
        model = self._model(path)
        return sorted(declared_keys(model), key=lambda name: name != "type") if model else []

    def _is_known(self, path: DataPath) -> bool:
        return self._declared(path) is not None

    def _declared(self, path: DataPath) -> DeclaredKey | None:
        *around, name = path or ("",)
        while around and isinstance(name, int):
            *around, name = around
        model = self._model(tuple(around))
        return declared_keys(model).get(str(name)) if model else None

    def _model(self, path: DataPath) -> type[Part] | None:
        """What the mapping at a place is; of a section whose type nobody knows, what all sections are."""
        found = model_at(path, self._type(path), self.issue)
        return Section if found is None and len(path) == 2 and path[0] == "sections" else found

    def _type(self, path: DataPath) -> str:
        """The type of the section that a place is in, or that its words are of."""
        inside = path[2:] if path[:1] == ("translations",) else path
        if len(inside) < 2 or inside[0] != "sections" or not isinstance(self.data, Mapping):
            return ""
        sections, index = self.data.get("sections", ""), inside[1]
        if not isinstance(sections, list) or not isinstance(index, int) or index >= len(sections):
            return ""
        section = sections[index]
        type_ = section.get("type", "") if isinstance(section, dict) else ""
        return type_.strip() if isinstance(type_, str) else ""

    def _key(self, key: str) -> str:
        return key if can_be_plain(key, in_brackets=True) else in_quotes(key, self.habits.quote)

    def _fits_brackets(self, value: list[Data], path: DataPath) -> bool:
        """Short words are listed in a line: `[홍길동, Jane Doe]`."""
        if any(not isinstance(one, str) or "\n" in one for one in value):
            return False
        kind = self.kind(path)
        return (kind is None or not kind.is_markdown) and len(self.in_brackets(value, path)) <= _WIDEST

    def _line_in_brackets(self, value: Data, path: DataPath) -> str:
        """A mapping as the line that others like it are; empty where it would not be one to read."""
        holds = value.values() if isinstance(value, dict) else [[]]
        if any(not isinstance(one, str) or "\n" in one for one in holds):
            return ""
        line = self.in_brackets(value, path)
        return line if len(line) <= _WIDEST else ""
