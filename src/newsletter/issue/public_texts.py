"""What of an issue everybody may read: not the sections that only some readers get. Touches: nothing."""

from collections.abc import Iterator

from .fields import MergeField, parse_text
from .model import Issue
from .part import PlacedText
from .tree import DataPath

_NOT_ON_A_PAGE = frozenset({"subject"})


def public_texts(issue: Issue) -> Iterator[PlacedText]:
    """The texts that a page of the archive shows, in every language."""
    for one in issue.texts():
        inside = one.path[2:] if one.path[:1] == ("translations",) else one.path
        if inside[0] in _NOT_ON_A_PAGE or one.kind.is_file:
            continue
        if inside[0] == "sections" and issue.sections[int(inside[1])].only_for:
            continue
        yield one


def fields_without_default(issue: Issue) -> Iterator[tuple[DataPath, str]]:
    """Where, and which: on a page that is nobody's own, there is nothing to fill them with."""
    for one in public_texts(issue):
        for piece in parse_text(one.text):
            if isinstance(piece, MergeField) and piece.default is None:
                yield one.path, piece.key
