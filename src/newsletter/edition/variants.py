"""Which editions an issue needs: one for each language and each set of sections that somebody sees. Touches: nothing.

Limits: at most 64 for an issue; each is rendered, reviewed and kept.
"""

import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.catalogue import LANGUAGES, known_language, phrase
from newsletter.errors import InputError
from newsletter.issue.model import Issue

from .edition import Variant

MAX_VARIANTS = 64


@dataclass(frozen=True, slots=True)
class VariantRule:
    """What an issue says of who gets which variant: without its file, by what a plan keeps of it."""

    language: str
    """Of the newsletter: for whom there is no other."""
    languages: tuple[str, ...]
    only_for: Mapping[int, frozenset[str]]
    """Of each section that is shown, by its index, the tags it is for as compared; none: for everybody."""

    @classmethod
    def of(cls, issue: Issue, language: str) -> "VariantRule":
        only_for = {
            index: frozenset(map(folded_tag, section.only_for)) for index, section in issue.shown_sections.items()
        }
        return cls(language, languages_of(issue, language), only_for)

    def variant_for(self, language: str, tags: Collection[str]) -> Variant:
        """What a subscriber with this language (`en-GB`, or empty) and these tags gets."""
        theirs = set(map(folded_tag, tags))
        sections = (index for index, wanted in self.only_for.items() if not wanted or wanted & theirs)
        known = known_language(language, self.language, self.languages)
        return Variant(known, tuple(sorted(sections)), len(self.only_for))

    def chooser(self) -> Callable[[str, frozenset[str]], str]:
        """`variant_for` as a function of language and tags that names the variant, quick for a million subscribers."""

        # A file may have tags of everybody's own; those are looked at each time.
        @lru_cache(maxsize=16_384)
        def choose(language: str, tags: frozenset[str]) -> str:
            return self.variant_for(language, tags).name

        return choose

    def to_json(self) -> str:
        only_for = {str(index): sorted(tags) for index, tags in self.only_for.items()}
        kept = {"language": self.language, "languages": self.languages, "only_for": only_for}
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "VariantRule":
        kept = json.loads(text)
        only_for = {int(index): frozenset(tags) for index, tags in kept["only_for"].items()}
        return cls(kept["language"], tuple(kept["languages"]), only_for)


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
    return VariantRule.of(issue, default_language).variant_for(language, tags)


def variant_chooser(issue: Issue, default_language: str) -> Callable[[str, frozenset[str]], str]:
    """The same as a function of language and tags that names the variant, quick for a million subscribers."""
    return VariantRule.of(issue, default_language).chooser()


def _matching(issue: Issue, tags: set[str], *, everybody: bool = False) -> Iterable[int]:
    for index, section in issue.shown_sections.items():
        if (everybody and not section.only_for) or not tags.isdisjoint(folded_tag(tag) for tag in section.only_for):
            yield index


def folded_tag(tag: str) -> str:
    """Tags are compared as people mean them: `Library` is `library`."""
    return unicodedata.normalize("NFC", tag).strip().casefold()
