"""The archive's own words on its pages, by a page's language. Touches: words/pages.toml, once."""

from collections.abc import Mapping

from newsletter.catalogue import texts


def page_words(language: str) -> Mapping[str, str]:
    """By key; Korean, or English for what we do not speak."""
    return texts("newsletter.archive", "words", "pages.toml", language=language)
