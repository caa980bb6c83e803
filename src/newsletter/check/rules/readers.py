"""What readers are sorted by: language-unknown, tag-unknown. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import did_you_mean, may_be_shown, near
from newsletter.edition.variants import folded_tag, languages_of
from newsletter.excerpt import shortened
from newsletter.language_tags import is_known, meant_tag

_MOST = 5
"""Different languages that are named; what follows is rather a column of something else."""


@warning("language-unknown", "RFC 5646, 2.2.1 https://www.rfc-editor.org/rfc/rfc5646#section-2.2.1")
def language_unknown(material: Material) -> Iterator[Found]:
    """Who writes `kr` means `ko`; without a word, that reader gets the newsletter's own language."""
    yield from _unknown_translations(material)
    known = languages_of(material.issue, material.language)
    for language, lines in list(material.audience.strange_languages.items())[:_MOST]:
        shown = language if may_be_shown(language) else "…"
        yield Found(
            phrase("check.readers.language-unknown.found", language=shown, rows=lines.total, own=material.language),
            hint=phrase(
                "check.readers.language-unknown.found_hint", known=known, meant=did_you_mean(meant_tag(language))
            ),
            file=material.audience.file if lines.place else "",
            line=lines.place,
        )


def _unknown_translations(material: Material) -> Iterator[Found]:
    """`jp` is no language: subscribers write `ja`, and a screen reader would not know how to say it."""
    for tag in material.issue.translations:
        if not is_known(tag):
            yield Found(
                phrase("check.readers.language-unknown.translation", language=tag, meant=did_you_mean(meant_tag(tag))),
                path=("translations", tag),
            )


@warning("tag-unknown", "docs/issue-file.md")
def tag_unknown(material: Material) -> Iterator[Found]:
    """A section for a tag that nobody has is seen by nobody."""
    if not material.audience.to_mail:
        return
    tags = material.audience.tags
    for index, section in material.issue.shown_sections.items():
        for position, tag in enumerate(section.only_for):
            if folded_tag(tag) in tags:
                continue
            yield Found(
                phrase(
                    "check.readers.tag-unknown.found",
                    tag=shortened(tag, 40),
                    meant=did_you_mean(near(tag, tags.values())),
                ),
                path=("sections", index, "only_for", position),
            )


RULES = (
    language_unknown,
    tag_unknown,
)
