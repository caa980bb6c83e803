"""From what the model found wrong to the place in the file: line, column and the line itself with a caret.

Touches: nothing. The value for a wrong value, the key for an unknown one, the start of the mapping for
a missing one (docs/design.md 4.2); a merge field has its own place inside its text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.errors import Problem
from newsletter.excerpt import excerpt, suggestion
from newsletter.settings.explain import explain, safe, tidy, unknown_key

from .fields import FieldError
from .mendings import key_hint, meant_key, no_key_in, torn_text, value_hint
from .model import Issue, known_keys, model_at
from .part import Part
from .sections.registry import RESERVED_TYPES, SECTION_TYPES, type_called
from .texts import typed
from .translation import Misfit
from .tree import DataPath, Node


def problem_at(
    file: str,
    lines: list[str],
    line: int,
    column: int,
    message: Said,
    path: DataPath = (),
    hint: Said = SILENCE,
) -> Problem:
    """A problem at a place of the file, with its line shown."""
    shown = excerpt(lines[line - 1], column) if line <= len(lines) and lines[line - 1].strip() else ""
    return Problem(message, file, line, column, tidy(path), shown, hint)


@dataclass(frozen=True, slots=True)
class IssueForm:
    """What a file may say: the model of its issue, and every type of section that there is or is reserved."""

    issue: type[Part] = Issue
    types: tuple[str, ...] = tuple(SECTION_TYPES)
    misnamed: tuple[str, ...] = ()
    """Folders of the workspace that would be types if their names began with `x-`."""


def model_problems(
    file: str, lines: list[str], root: Node, detail: ErrorDetails, form: IssueForm = IssueForm()
) -> Iterator[Problem]:
    """One error of the model, placed; several where a text holds more than one merge field that cannot be read."""
    cause = (detail.get("ctx") or {}).get("error")
    if not isinstance(cause, FieldError):
        yield _model_problem(file, lines, root, detail, form)
        return
    path, _ = _path(detail["loc"], root)
    node = nearest(root, path)
    text = typed(node.content)
    for error in (cause, *cause.others):
        # The n-th `{{` of the text is the n-th in its source, folded or not.
        line, column = within(lines, node, "{{", text.count("{{", 0, error.offset))
        yield problem_at(file, lines, line, column, error.said, path)


def without_echoes(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those that only follow from others: a list is not empty because its entries are wrong."""
    wrong = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(loc) > len(detail["loc"]) and loc[: len(detail["loc"])] == detail["loc"] for loc in wrong)
    ]


def _model_problem(file: str, lines: list[str], root: Node, detail: ErrorDetails, form: IssueForm) -> Problem:
    path, kind = _path(detail["loc"], root)
    message = explain(detail)
    if detail["type"] == "extra_forbidden":
        return _unknown_key(file, lines, root, path, kind, form)
    if path[-1:] == ("[key]",):
        path = path[:-1]
        node = _entry_key(root, path[:-1], str(path[-1]))
    elif detail["type"].startswith("union_tag"):
        path = (*path, "type")
        node = nearest(root, path)
        message = _kind(node, form)
    else:
        node = nearest(root, path)
    if slip := no_key_in(lines, node, message):
        return problem_at(file, lines, node.line, slip.column, slip.message, path, slip.hint)
    hint = value_hint(lines, node, message, path, model_at(path, kind, form.issue))
    return problem_at(file, lines, node.line, node.column, message, path, hint)


def _unknown_key(file: str, lines: list[str], root: Node, path: DataPath, kind: str, form: IssueForm) -> Problem:
    around, key = path[:-1], str(path[-1])
    known, mapping = known_keys(around, kind, form.issue), nearest(root, around)
    if torn := torn_text(lines, mapping, key, known):
        return problem_at(file, lines, torn.line, torn.column, torn.message, (*around, torn.key), torn.hint)
    node = _entry_key(root, around, key)
    meant = meant_key(key, known)
    message = unknown_key(key, known, meant)
    model = model_at((*around, meant), kind, form.issue) if meant else None
    hint = key_hint(meant, model, nearest(root, path)) if model else SILENCE
    return problem_at(file, lines, node.line, node.column, message, path, hint)


def misfit_problem(file: str, lines: list[str], root: Node, misfit: Misfit) -> Problem:
    """Words of a translation that translate nothing, placed."""
    *around, key = misfit.path
    node = _entry_key(root, tuple(around), str(key)) if misfit.at_key else nearest(root, misfit.path)
    return problem_at(file, lines, node.line, node.column, misfit.message, misfit.path)


def _kind(node: Node, form: IssueForm) -> Said:
    """What to say about a section whose type is missing or unknown; `node` is the type, or the section without one."""
    known = form.types
    if isinstance(node.content, dict):
        return phrase("issue.value.section_type_is_required", known=known)
    if not isinstance(node.content, str) or not node.content:
        return phrase("settings.value.must_be_one_of", known=known)
    if node.content in RESERVED_TYPES:
        return phrase("issue.value.is_reserved_section_type", name=f"`{node.content}`", known=known)
    near, found = suggestion(node.content, known) or type_called(node.content), f"`{safe(node.content)}`"
    if node.content in form.misnamed:
        return phrase("issue.own.name_needs_x", found=found, name=node.content)
    if near:
        return phrase("issue.value.is_no_section_type_near", found=found, near=near, known=known)
    return phrase("issue.value.is_no_section_type", found=found, known=known)


def _path(loc: tuple[int | str, ...], root: Node) -> tuple[DataPath, str]:
    """The place in the data without the tag that pydantic puts behind the index of a section, and that tag.

    For the words of a section in a translation, the type of the section.
    """
    if len(loc) > 2 and loc[0] == "sections":
        return (*loc[:2], *loc[3:]), str(loc[2])
    if loc[:1] == ("translations",) and loc[2:3] == ("sections",):
        type_ = nearest(root, (*loc[2:4], "type")).content
        return loc, type_ if isinstance(type_, str) else ""
    return loc, ""


def nearest(root: Node, path: DataPath) -> Node:
    """The node at `path`, or the last one on the way to it: the mapping in which something is missing."""
    node = root
    for part in path:
        if isinstance(node.content, dict) and part in node.content:
            node = node.content[str(part)].value
        elif isinstance(node.content, list) and isinstance(part, int) and part < len(node.content):
            node = node.content[part]
        else:
            break
    return node


def _entry_key(root: Node, around: DataPath, key: str) -> Node:
    mapping = nearest(root, around)
    entry = mapping.content.get(key) if isinstance(mapping.content, dict) else None
    return entry.key if entry else mapping


def within(lines: list[str], node: Node, sought: str, nth: int) -> tuple[int, int]:
    """Where occurrence `nth`, from 0, of `sought` stands in the source of a text; where there is none, its start."""
    seen = 0
    for number, line in enumerate(lines[node.line - 1 : node.end_line], node.line):
        for match in re.finditer(re.escape(sought), line):
            if number == node.line and match.start() < node.column - 1:
                continue
            if seen == nth:
                return number, match.start() + 1
            seen += 1
    return node.line, node.column
