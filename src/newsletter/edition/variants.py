"""Which editions an issue needs: one for each language and each set of sections that somebody sees. Touches: nothing.

Limits: at most 64 for an issue; each is rendered, reviewed and kept.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from newsletter.catalogue import LANGUAGES, known_language, phrase
from newsletter.errors import InputError
from newsletter.issue.model import Issue

from .edition import Variant

MAX_VARIANTS = 64


def languages_of(issue: Issue, default: str) -> tuple[str, ...]:
    """The languages an issue has editions in: the newsletter's, those with words of our own, those it is translated to.

    Raises InputError for a translation into the newsletter's own language, which is what the issue is written in.
    """
    if default in issue.translations:
        raise InputError(
            phrase("edition.variant.translates_own_language", slug=issue.slug, language=default),
            hint=phrase("edition.variant.write_it_in_the_issue"),
        )
    return tuple(dict.fromkeys((default, *LANGUAGES, *issue.translations)))


def variants(issue: Issue, languages: Sequence[str]) -> list[Variant]:
    """Every variant that some set of tags can lead to, for each of `languages`; the fullest first.

    Raises InputError when there are more than MAX_VARIANTS.
    """
    everybody = frozenset(_matching(issue, set(), everybody=True))
    visible = {everybody}
    known = list(dict.fromkeys(languages))
    for tag in sorted({folded_tag(tag) for section in issue.shown_sections.values() for tag in section.only_for}):
        shown = frozenset(_matching(issue, {tag}))
        visible |= {sections | shown for sections in visible}
        if len(visible) * len(known) > MAX_VARIANTS:
            raise InputError(
                phrase("edition.variant.would_be_too_many", slug=issue.slug, most=MAX_VARIANTS),
                hint=phrase("edition.variant.use_fewer_tags"),
            )
    ordered = sorted((tuple(sorted(sections)) for sections in visible), key=lambda found: (-len(found), found))
    return [Variant(language, sections, len(issue.shown_sections)) for language in known for sections in ordered]


def variant_for(issue: Issue, language: str, tags: frozenset[str], default_language: str) -> Variant:
    """What a subscriber with this language (`en-GB`, or empty) and these tags gets."""
    sections = tuple(sorted(_matching(issue, {folded_tag(tag) for tag in tags}, everybody=True)))
    known = known_language(language, default_language, languages_of(issue, default_language))
    return Variant(known, sections, len(issue.shown_sections))


def variant_chooser(issue: Issue, default_language: str) -> Callable[[str, frozenset[str]], str]:
    """`variant_for` as a function of language and tags that names the variant, quick for a million subscribers."""

    # A file may have tags of everybody's own; those are looked at each time.
    @lru_cache(maxsize=16_384)
    def choose(language: str, tags: frozenset[str]) -> str:
        return variant_for(issue, language, tags, default_language).name

    return choose


def _matching(issue: Issue, tags: set[str], *, everybody: bool = False) -> Iterable[int]:
    for index, section in issue.shown_sections.items():
        if (everybody and not section.only_for) or not tags.isdisjoint(folded_tag(tag) for tag in section.only_for):
            yield index


def folded_tag(tag: str) -> str:
    """Tags are compared as people mean them: `Library` is `library`."""
    return unicodedata.normalize("NFC", tag).strip().casefold()
