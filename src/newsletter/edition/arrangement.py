"""What a section of a letter can only know from the others that stand in it. Touches: nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsletter.issue.model import Issue
from newsletter.issue.sections.story import Story

from .sections.shown import ShownSection
from .views import SectionView

_FEWEST_STORIES = 3
_FEWEST, _MOST = 3, 8
"""Headings: fewer are seen at a glance, of more a list is no glance."""


def arrange(shown: Sequence[ShownSection], anchors: Sequence[str]) -> None:
    """Tell each section its anchor, what ends above it, and that a number alone counts nothing."""
    alone = sum(bool(one.view.ordinal) for one in shown) < 2
    after_tint = after_line = False
    for one, anchor in zip(shown, anchors, strict=True):
        ordinal = "" if alone else one.view.ordinal
        one.view = replace(one.view, ordinal=ordinal, anchor=anchor, after_tint=after_tint, after_line=after_line)
        after_tint, after_line = one.view.tinted, one.view.tone == "thanks" and not one.view.buttons


def anchors_of(issue: Issue) -> Mapping[int, str]:
    """What each section is called in the archive, by its index; empty for one that no address leads to.

    They follow from the whole issue, whoever sees which of it, so that a link is right in every letter: its stories
    are counted with those that only some readers get. The archive shows nobody these, so they have no name there.
    """
    sections = issue.shown_sections
    stories = [
        index for index, one in sections.items() if isinstance(one, Story) and one.numbered and bool(one.heading)
    ]
    names = {index: f"section-{index + 1}" for index, one in sections.items() if one.heading}
    if len(stories) > 1:
        names |= {index: f"story-{number:02d}" for number, index in enumerate(stories, 1)}
    given = {one.anchor for one in sections.values()}
    named = {index: one.anchor or _unless(given, names.get(index, "")) for index, one in sections.items()}
    return {index: "" if sections[index].only_for else name for index, name in named.items()}


def _unless(given: set[str], name: str) -> str:
    return "" if name in given else name


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
