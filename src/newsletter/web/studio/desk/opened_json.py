"""An opened issue, a conflict, a problem, as the page gets them. Touches: nothing."""

from collections.abc import Mapping
from typing import Any

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said
from newsletter.desk.merging.in_translations import languages_in
from newsletter.desk.saving.issue_store import EditConflictError, OpenedIssue
from newsletter.errors import Problem

_ALWAYS = ("name", "email", "language")


def opened_json(opened: OpenedIssue, own: str, language: str, reader: Subscriber | None) -> dict[str, Any]:
    """`own` is the newsletter's language, `language` that of the page."""
    return {
        "slug": opened.slug,
        "file": opened.file,
        "version": opened.version,
        "data": opened.data,
        "text": opened.text,
        "problem": problem_json(opened.problem, language) if opened.problem else None,
        "undo": opened.can_undo,
        "redo": opened.can_redo,
        "merged": opened.merged,
        "language": own,
        "languages": list(dict.fromkeys([own, *languages_in(opened.data or "")])),
        "merge_fields": _merge_fields(reader),
    }


def conflict_json(conflict: EditConflictError, opened: Mapping[str, Any], kept: str | None) -> dict[str, Any]:
    """What both have changed, and what is on disk now; `kept` names the file with what was meant."""
    places = [
        {
            "path": list(one.path),
            "there": None if one.there is None else list(one.there),
            "base": one.base,
            "mine": one.mine,
            "theirs": one.theirs,
        }
        for one in conflict.places
    ]
    return {"conflict": places, "kept": kept, **opened}


def problem_json(problem: Problem, language: str) -> dict[str, Any]:
    return {
        "words": problem.message.in_language(language),
        "excerpt": problem.excerpt,
        "hint": problem.hint.in_language(language),
        "line": problem.line,
        "column": problem.column,
    }


def words_json(said: Said, language: str, hint: str = "") -> dict[str, Any]:
    """A problem that has no place."""
    return {"words": said.in_language(language), "excerpt": "", "hint": hint, "line": None, "column": None}


def _merge_fields(reader: Subscriber | None) -> list[dict[str, str]]:
    """What may stand in a text, each with what the reader has there who is looked at."""
    values = reader.values() if reader else {}
    columns = [f"fields.{column}" for column in reader.fields] if reader else []
    return [{"key": _written(key), "sample": values.get(key, "")} for key in (*_ALWAYS, *columns)]


def _written(key: str) -> str:
    """As it stands in a text: a column whose name is no word is quoted (issue/fields.py)."""
    column = key.removeprefix("fields.")
    if column == key or (column.isidentifier() and "." not in column):
        return f"subscriber.{key}"
    escaped = column.replace("\\", "\\\\").replace('"', '\\"')
    return f'subscriber.fields["{escaped}"]'
