"""What readers are sorted by: language-unknown, tag-unknown. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.languages import may_be_shown, meant_by
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import near
from newsletter.edition.variants import folded_tag, languages_of

_MOST = 5
"""Different languages that are named; what follows is rather a column of something else."""


@warning("language-unknown")
def language_unknown(material: Material) -> Iterator[Found]:
    """Who writes `kr` means `ko`; without a word, that reader gets the newsletter's own language."""
    known = languages_of(material.issue, material.language)
    for language, lines in list(material.audience.strange_languages.items())[:_MOST]:
        near_code = meant_by(language)
        shown = language if may_be_shown(language) else "…"
        yield Found(
            ko=f"language 칸에 이 호에 없는 언어가 있습니다: ‘{shown}’({lines.total}줄). "
            f"그 구독자에게는 {material.language} 편지가 갑니다.",
            en=f"The language “{shown}” ({lines.total} rows) is none of this issue's; "
            f"they get the letter in {material.language}.",
            ko_hint=f"쓸 수 있는 값: {', '.join(known)}." + (f" 혹시 ‘{near_code}’ 아닌가요?" if near_code else ""),
            en_hint=f"Known here: {', '.join(known)}." + (f" Did you mean “{near_code}”?" if near_code else ""),
            file=material.audience.file,
            line=lines.first[0][0],
        )


@warning("tag-unknown")
def tag_unknown(material: Material) -> Iterator[Found]:
    """A section for a tag that nobody has is seen by nobody."""
    if not material.audience.to_mail:
        return
    tags = material.audience.tags
    for index, section in enumerate(material.issue.sections):
        for position, tag in enumerate(section.only_for):
            if folded_tag(tag) in tags:
                continue
            meant = near(tag, tags.values())
            yield Found(
                ko=f"‘{tag[:40]}’ 태그가 있는 구독자가 없습니다." + (f" 혹시 ‘{meant}’ 아닌가요?" if meant else ""),
                en=f"No subscriber has the tag “{tag[:40]}”." + (f" Did you mean “{meant}”?" if meant else ""),
                path=("sections", index, "only_for", position),
            )
