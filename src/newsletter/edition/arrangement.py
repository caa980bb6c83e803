"""What a section of a letter can only know from the others that stand in it. Touches: nothing."""

from collections.abc import Sequence
from dataclasses import replace

from .sections.shown import ShownSection
from .views import SectionView

_FEWEST_STORIES = 3
_FEWEST, _MOST = 3, 8
"""Headings: fewer are seen at a glance, of more a list is no glance."""


def arrange(shown: Sequence[ShownSection], indexes: Sequence[int]) -> None:
    """Tell each section its anchor, what ends above it, and that a number alone counts nothing.

    `indexes` are their places in the issue, which stay the same whoever sees which of them.
    """
    alone = sum(bool(one.view.ordinal) for one in shown) < 2
    given = {one.section.anchor for one in shown}
    after_tint = after_line = False
    for one, index in zip(shown, indexes, strict=True):
        ordinal = "" if alone else one.view.ordinal
        name = f"story-{ordinal}" if ordinal else f"section-{index + 1}"
        own = name if one.view.heading and name not in given else ""
        anchor = one.section.anchor or own
        one.view = replace(one.view, ordinal=ordinal, anchor=anchor, after_tint=after_tint, after_line=after_line)
        after_tint, after_line = one.view.tinted, one.view.tone == "thanks" and not one.view.buttons


def contents_of(shown: Sequence[ShownSection], wanted: str | None) -> tuple[SectionView, ...]:
    """The sections to list, every one that has a heading; `wanted` as the issue's key `contents`.

    Where the issue does not say, three stories with a heading make a list, however many headings there are: that is
    when letters had one before there was the key.
    """
    headed = tuple(one.view for one in shown if one.view.heading)
    if wanted == "none":
        return ()
    if wanted == "auto":
        return headed if _FEWEST <= len(headed) <= _MOST else ()
    return headed if sum(view.type == "story" for view in headed) >= _FEWEST_STORIES else ()
