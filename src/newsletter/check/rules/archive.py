"""What the archive cannot show to everybody: archive-field. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.issue.find import WELCOME
from newsletter.issue.public_texts import fields_without_default


@warning("archive-field", "docs/archive.md")
def archive_field(material: Material) -> Iterator[Found]:
    """A subscriber file fills the letter; nothing fills the page, so it is not made."""
    if not material.settings.links.archive_url or material.issue.slug == WELCOME:
        return
    for path, key in fields_without_default(material.issue):
        yield Found(phrase("check.archive.archive-field.found", field=f"subscriber.{key}"), path=path)


RULES = (archive_field,)
