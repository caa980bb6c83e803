"""조회수 on a page: an empty place in what is built, filled by whoever serves it. Touches: nothing."""

from markupsafe import Markup

from .page_words import page_words


def place_for_views(language: str) -> Markup:
    """Of a page whose own words are in this language; nobody sees it."""
    return _place(language, count="", hidden=" hidden")


def with_views(page: bytes, count: int, language: str) -> bytes:
    """The bytes of a page with its count; as they are where they have no place for one."""
    empty = place_for_views(language).encode()
    return page.replace(empty, _place(language, count=f"{count:,}", hidden="").encode(), 1)


def _place(language: str, *, count: str, hidden: str) -> Markup:
    words = page_words(language)["views"]
    return Markup('<div class="views"{}><dt>{}</dt><dd>{}</dd></div>').format(Markup(hidden), words, count)  # noqa: S704
