"""Is it advertising after all: ad-hint. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.offers import is_marked, offer_in, offers_by_label
from newsletter.check.rule import Found, warning
from newsletter.issue.texts import TextKind

_NOT_SAID = frozenset({TextKind.NAME, TextKind.LINK, TextKind.PICTURE})
"""What nobody says to the reader."""


@warning("ad-hint")
def ad_hint(material: Material) -> Iterator[Found]:
    """A letter that sells something is advertising in Korean law, even if it is a research institute's."""
    if material.issue.advertising:
        return
    for one in material.issue.texts():
        path, text, key = one.path, one.text, one.path[-1]
        if one.kind in _NOT_SAID or "research" in path:
            continue  # titles of research are somebody else's words
        words = text if key == "label" and offers_by_label(text) else offer_in(text)
        if key == "subject" and is_marked(text):
            words = text
        if words:
            yield Found(
                ko=f"광고일 수 있는 말이 있습니다: ‘{words[:60]}’",
                en=f"This may be advertising: “{words[:60]}”",
                path=path,
                sought=words if words in text else "",
            )
            return
