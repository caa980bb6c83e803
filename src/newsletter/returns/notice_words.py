"""The words of notices, which are data (notice_words.toml). Touches: this file, once."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """One field for each list of the file, its words in lower case."""

    systems: tuple[str, ...]
    failures: tuple[str, ...]
    subjects: tuple[str, ...]
    senders: tuple[str, ...]
    unattended: tuple[str, ...]
    delays: tuple[str, ...]
    given_up: tuple[str, ...]
    challenges: tuple[str, ...]
    originals: tuple[str, ...]
    labels: frozenset[str]
    """Without blanks, as `reasons`: systems write 반송 사유 and 반송사유."""
    reasons: frozenset[str]
    others: tuple[str, ...]
    hedges: tuple[str, ...]


@cache
def notice_words() -> NoticeWords:
    """All of them."""
    data = tomllib.loads(files(__package__).joinpath("notice_words.toml").read_text(encoding="utf-8"))
    lists = {field.name: tuple(word.casefold() for word in data[field.name]) for field in fields(NoticeWords)}
    labels, reasons = (frozenset(map(as_label, lists.pop(name))) for name in ("labels", "reasons"))
    return NoticeWords(**lists, labels=labels, reasons=reasons)


def says(folded: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text, which is in lower case."""
    return any(word in folded for word in words)


def as_label(text: str) -> str:
    """As labels are compared."""
    return "".join(text.split())
