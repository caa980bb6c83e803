"""What differs in a letter as one HTML page: its words side by side, and how it looks. Touches: nothing.

The page holds its pictures, runs nothing and asks nobody. Where there was no browser to take pictures, the two letters
stand beside each other in sandboxed frames instead.
"""

from typing import Any

from newsletter.difference.compare import ItemChange, LetterDifference, PartChange
from newsletter.difference.told import item_name, item_pieces, item_remark, language_name, part_name, part_remark
from newsletter.web.letter_frame.frame import SANDBOX
from newsletter.web.page_templates import PageTemplates
from newsletter.workflow.diff import LanguageDiff, LetterDiff

from .photographs import LookedAt, Photographs, WayOfLooking, data_address, letter_page

_FRAMED = WayOfLooking(600, "light")


def difference_page(found: LetterDiff, photographs: Photographs, language: str, *, back: str = "") -> str:
    """The whole page; what it says itself is in `language`. `back` is where it was come from, on the same server."""
    templates = PageTemplates("difference", language)
    context = {
        "found": found,
        "facts": [_item(one) for one in found.facts],
        "letters": [_letter(found, one, photographs) for one in found.letters],
        "why_none": photographs.why_none,
        "sandbox": SANDBOX,
        "back": back,
    }
    return templates.text("difference.html.j2", context)


def _letter(found: LetterDiff, one: LanguageDiff, photographs: Photographs) -> dict[str, Any]:
    looked_at = photographs.by_language.get(one.language, ())
    return {
        "language": one.language,
        "name": language_name(one.language, one.change),
        "change": one.change,
        **_words(one.difference),
        "changed": [_looked_at(look) for look in looked_at if look.difference.changed],
        "same": [look.way for look in looked_at if not look.difference.changed],
        "frames": _frames(found, one.language) if photographs.why_none and one.change != "same" else None,
    }


def _words(difference: LetterDifference) -> dict[str, Any]:
    return {
        "parts": [_part(part) for part in difference.parts],
        "look": difference.look,
        "plain_text": difference.plain_text,
    }


def _part(part: PartChange) -> dict[str, Any]:
    return {
        "name": part_name(part),
        "remark": part_remark(part),
        "change": part.change,
        "items": [_item(item) for item in part.items],
    }


def _item(change: ItemChange) -> dict[str, Any]:
    """Its text on either side, in runs of which some are marked."""
    pieces = item_pieces(change)
    return {
        "name": item_name(change),
        "remark": item_remark(change),
        "change": change.change,
        "before": [(mark, text) for mark, text in pieces if mark != "+"] if change.change != "moved" else [],
        "after": [(mark, text) for mark, text in pieces if mark != "-"],
    }


def _looked_at(look: LookedAt) -> dict[str, Any]:
    return {
        "way": look.way,
        "changed": look.difference.changed,
        "places": [
            {
                "before": data_address("image/webp", place.before),
                "after": data_address("image/webp", place.after),
            }
            for place in look.difference.places
        ],
    }


def _frames(found: LetterDiff, language: str) -> dict[str, str | None]:
    sides = {"before": found.before, "after": found.after}
    editions = {name: side.editions.get(language) for name, side in sides.items()}
    return {name: letter_page(edition, _FRAMED) if edition else None for name, edition in editions.items()}
