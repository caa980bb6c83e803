"""What the head of somebody else's page says of it: title, day, author, language. Touches: nothing."""

from collections.abc import Iterator
from datetime import datetime

from .foreign_layout import Element, element_words, foreign_document

_NAMES = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "date": ("article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created", "pubdate"),
    "author": ("author", "article:author", "dc.creator"),
    "summary": ("og:description", "description"),
}


def facts_of_head(source: str) -> dict[str, str]:
    """By the keys of front matter; what is not said, or in no known form, is not there."""
    root = foreign_document(source)
    metas = dict(_metas(root))
    found = {key: next((metas[name] for name in names if metas.get(name)), "") for key, names in _NAMES.items()}
    found["title"] = found["title"] or _first(root, "title") or _first(root, "h1")
    found["date"] = _moment(found["date"]) or next(filter(None, map(_moment, _times(root))), "")
    return {key: value for key, value in found.items() if value}


def _metas(root: Element) -> Iterator[tuple[str, str]]:
    """The first of each name is meant, so that comes last."""
    for meta in reversed(list(root.iter("meta"))):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        yield name, " ".join((meta.get("content") or "").split())


def _times(root: Element) -> Iterator[str]:
    return (time.get("datetime") or "" for time in root.iter("time"))


def _first(root: Element, tag: str) -> str:
    return next((words for element in root.iter(tag) if (words := element_words(element))), "")


def _moment(text: str) -> str:
    """A time of ISO 8601 as front matter has it; nothing for another form, which would have to be guessed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment.isoformat(timespec="seconds") if "T" in text or ":" in text else moment.date().isoformat()
