"""The workspace's own templates: template-unknown. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import did_you_mean, near


@warning("template-unknown", "docs/templates.md")
def template_unknown(material: Material) -> Iterator[Found]:
    """A file whose name is mistyped changes nothing, and nobody says so."""
    strange = material.strange_templates
    for name in strange.names:
        said = phrase("check.templates.template-unknown.found", meant=did_you_mean(near(name, strange.known)))
        if name.startswith("sections/"):
            said = phrase("check.templates.template-unknown.is_no_section_type")
        yield Found(said, file=f"{strange.folder}/{name}")


RULES = (template_unknown,)
