"""What stands above the text of an older issue, between two lines of `---`: title, date, number, author, tags, slug.

Touches: nothing. It is read as strictly as an issue file: the same YAML, the same types, unknown keys are errors, every
problem has its place. Limits: it ends within the first 200 lines.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from newsletter.catalogue import phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.explain import explain, tidy

from .part import Part
from .places import IssueForm, model_problems, nearest
from .read import read_issue_text
from .scan import refuse_unsafe
from .texts import FileContext, LanguageCode, NameLine, Number, OneLine, Timestamp
from .tree import Data, Node

_LINE = "---"
_MOST_LINES = 200


class AboutIssue(Part):
    """What is known of an older issue beside its text."""

    title: OneLine
    date: Timestamp
    number: Number | None = None
    author: NameLine = ""
    tags: tuple[NameLine, ...] = ()
    summary: OneLine = ""
    slug: OneLine = ""
    """Empty: from the file's name."""
    language: LanguageCode | None = None
    """None: the newsletter's."""

    def to_text(self) -> str:
        """As it is kept, to be read again."""
        values = {
            "title": self.title,
            "date": self.date.isoformat(timespec="seconds"),
            "number": str(self.number or ""),
            "author": self.author,
            "summary": self.summary,
            "language": self.language or "",
        }
        lines = [f"{name}: {_quoted(value)}" for name, value in values.items() if value]
        tags = ["tags:", *(f"  - {_quoted(tag)}" for tag in self.tags)] if self.tags else []
        return "\n".join([_LINE, *lines, *tags, _LINE, ""])


@dataclass(frozen=True, slots=True)
class AboutAndText:
    about: AboutIssue
    text: str
    """Below it."""


def read_about(text: str, file: str, zone: tzinfo, known: Mapping[str, str] | None = None) -> AboutAndText:
    """The parts of a file; `known` is what else says something about it, in the same keys, and gives way.

    InputError names what is wrong, and with a hint what is not said anywhere.
    """
    head, body = parted(text)
    lines = ["", *head]
    data: dict[str, Data] = dict(known or {})
    root = None
    if head:
        refuse_unsafe("\n".join(lines), file)
        root, problems = read_issue_text(file, lines)
        if problems or root is None:
            raise InputError(problems=problems)
        said = root.data()
        if not isinstance(said, dict):
            raise InputError(problems=[Problem(phrase("issue.front_matter.is_no_mapping"), file, 2)])
        data |= said
    if isinstance(tags := data.get("tags"), str):
        data["tags"] = [tag.strip() for tag in tags.split(";") if tag.strip()]
    try:
        return AboutAndText(AboutIssue.model_validate(data, context=FileContext(Path(file), zone)), body)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise InputError(problems=[one for detail in details for one in _told(file, lines, root, detail)]) from error


def parted(text: str) -> tuple[Sequence[str], str]:
    """The lines between the first two of `---`, and what is below; none where the text does not begin with one."""
    lines = text.split("\n", _MOST_LINES)
    if lines[0].rstrip() != _LINE:
        return (), text
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in {_LINE, "..."}), 0)
    return (lines[1:end], "\n".join(lines[end + 1 :])) if end else ((), text)


def _told(file: str, lines: list[str], root: Node | None, detail: ErrorDetails) -> Iterable[Problem]:
    """One error of the model; what comes from elsewhere than front matter has no line."""
    if detail["type"] == "missing":
        return [_unsaid(str(detail["loc"][0]), file)]
    if root is None or nearest(root, detail["loc"]) is root:
        return [Problem(explain(detail), file, path=tidy(detail["loc"]))]
    return model_problems(file, lines, root, detail, IssueForm(AboutIssue))


def _unsaid(name: str, file: str) -> Problem:
    if name == "title":
        return Problem(phrase("issue.front_matter.no_title"), file, hint=phrase("issue.front_matter.say_title"))
    return Problem(phrase("issue.front_matter.no_date"), file, hint=phrase("issue.front_matter.say_date"))


def _quoted(value: str) -> str:
    """JSON's quotes are YAML's."""
    return json.dumps(value, ensure_ascii=False)
