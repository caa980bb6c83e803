"""A difference in words as plain data for JSON; the keys are a contract (docs/design.md 4.4). Touches: nothing."""

from typing import Any

from .compare import ItemChange, LetterDifference, PartChange
from .letter_words import WordItem


def difference_json(difference: LetterDifference) -> dict[str, Any]:
    return {
        "parts": [part_json(part) for part in difference.parts],
        "look": difference.look,
        "plain_text": difference.plain_text,
    }


def part_json(part: PartChange) -> dict[str, Any]:
    return {
        "part": part.kind,
        "heading": part.heading,
        "change": part.change,
        "before": part.before,
        "after": part.after,
        "items": [item_json(item) for item in part.items],
    }


def item_json(change: ItemChange) -> dict[str, Any]:
    """`words` are the runs of both texts in one, each with `=`, `-` or `+`."""
    return {
        "kind": change.kind,
        "change": change.change,
        "before": _text(change.before),
        "after": _text(change.after),
        "of": next((one.of for one in (change.after, change.before) if one and one.of), None),
        "from": change.elsewhere or None,
        "words": [[one.mark, one.text] for one in change.words] if change.change == "changed" else [],
    }


def _text(item: WordItem | None) -> str | None:
    return None if item is None else item.of if item.kind == "picture" and item.of else item.text
